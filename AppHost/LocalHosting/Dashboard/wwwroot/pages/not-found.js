// An address that means no page.

import { html, render } from '/vendor/lit-html/lit-html.js';
import { empty } from '/js/controls.js';

export const title = 'Not found';

export function mount(root, { link }) {
  render(empty({ name: 'search', title: 'There is no such page', text: `Nothing is at ${location.pathname}.`, action: html`<a class="button" href=${link('/')}>Resources</a>` }), root);
  return { unmount() {} };
}
