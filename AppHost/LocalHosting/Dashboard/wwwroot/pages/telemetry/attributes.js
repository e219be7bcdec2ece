import { html } from '/vendor/lit-html/lit-html.js';
import { copyButton, properties } from '/js/details.js';

const LONG = 160;

/** Attributes as they arrived; a long value or one of several lines stands in a block of its own. */
export const attributes = pairs => properties(pairs.map(([name, value]) => [name, isBlock(value) ? block(value) : value === '' ? html`<span class="faint">empty</span>` : value]));

export const block = text => html`<div class="block"><pre class="code">${text}</pre>${copyButton(text)}</div>`;

const isBlock = value => value.length > LONG || value.includes('\n');
