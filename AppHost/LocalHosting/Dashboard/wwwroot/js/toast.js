// A word about what was just done, for some seconds.

import { html, render } from '/vendor/lit-html/lit-html.js';
import { icon } from '/js/icons.js';

const SHOWN = 6000;
let timer = 0;

/** `style` is success, error or info. An error stays until it is closed. */
export function toast(style, text) {
  const host = document.querySelector('#toast');
  clearTimeout(timer);
  const close = () => render('', host);
  render(html`
    <div class="toast is-${style}" role=${style === 'error' ? 'alert' : 'status'}>
      ${icon(style)}<span>${text}</span>
      <button class="button is-quiet" aria-label="Close" @click=${close}>${icon('close')}</button>
    </div>`, host);
  if (style !== 'error') {
    timer = setTimeout(close, SHOWN);
  }
}
