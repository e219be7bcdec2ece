// A modal dialog. Escape, the button and a click beside it close it; the focus goes back to where it was.

import { html, render } from '/vendor/lit-html/lit-html.js';
import { icon } from '/js/icons.js';

export function openDialog(title, body) {
  const dialog = document.body.appendChild(document.createElement('dialog'));
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  render(html`
    <header class="dialog-head">
      <h2 id="dialog-title">${title}</h2>
      <button class="button is-quiet" aria-label="Close" @click=${() => dialog.close()}>${icon('close')}</button>
    </header>
    <div class="dialog-body">${body}</div>`, dialog);
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
  return dialog;
}
