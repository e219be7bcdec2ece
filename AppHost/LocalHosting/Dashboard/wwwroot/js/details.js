// The panel beside a list with everything about one row, and lists of names and values in it.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { ref } from '/vendor/lit-html/directives/ref.js';
import { icon } from '/js/icons.js';

const MIN_WIDTH = 320;
const KEY = 'details-width';

/** `onClose` is called by the button; a page calls its own on Escape. */
export const detailsPanel = ({ title, subtitle = nothing, actions = nothing, body, onClose }) => html`
  <aside class="details" data-testid="detail-panel" aria-label=${`Details of ${title}`} ${ref(restoreWidth)}>
    <div class="details-handle" role="separator" aria-orientation="vertical" aria-label="Width of the details" aria-valuemin=${MIN_WIDTH} tabindex="0" @pointerdown=${drag} @keydown=${nudge}></div>
    <header class="details-head">
      <div class="details-title"><h2>${title}</h2>${subtitle}</div>
      <div class="details-actions">${actions}<button class="button is-quiet" aria-label="Close the details" title="Close (Esc)" @click=${onClose}>${icon('close')}</button></div>
    </header>
    <div class="details-body">${body}</div>
  </aside>`;

/** A part of the panel that folds. */
export const section = (title, body, { count = null, isOpen = true, testid } = {}) => html`
  <details class="section" data-testid=${testid ?? nothing} ?open=${isOpen}>
    <summary>${icon('right')}<span>${title}</span>${count === null ? nothing : html`<span class="pill">${count}</span>`}</summary>
    ${body}
  </details>`;

/** Names and values: [name, value], the value a text or a template. A text can be copied. */
export const properties = pairs => html`
  <dl class="properties">
    ${pairs.map(([name, value]) => html`
      <div class="property">
        <dt title=${name}>${breakable(name)}</dt>
        <dd>${typeof value === 'string' ? html`<span class="value">${breakable(value)}</span>${copyButton(value)}` : value}</dd>
      </div>`)}
  </dl>`;

/** Names and paths break where their parts do: PRACTICEDB_<wbr>PASSWORD. */
export const breakable = text => text.split(/(?<=[_/.:]+)(?=[^_/.:])/).map((part, i) => i === 0 ? part : html`<wbr>${part}`);

export const copyButton = text => html`
  <button class="button is-quiet is-copy" aria-label="Copy" title="Copy" @click=${event => copy(event.currentTarget, text)}>${icon('copy')}</button>`;

async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.classList.add('is-done');
  setTimeout(() => button.classList.remove('is-done'), 1200);
}

function restoreWidth(panel) {
  const width = Number(localStorage.getItem(KEY));
  if (panel && width >= MIN_WIDTH) {
    panel.style.setProperty('--details-width', `${width}px`);
  }

  tellWidth(panel);
}

function setWidth(panel, width) {
  const fitting = Math.round(Math.max(MIN_WIDTH, Math.min(width, panel.parentElement.clientWidth - MIN_WIDTH)));
  panel.style.setProperty('--details-width', `${fitting}px`);
  localStorage.setItem(KEY, fitting);
  tellWidth(panel);
}

const tellWidth = panel => panel?.querySelector('.details-handle').setAttribute('aria-valuenow', panel.clientWidth);

function drag(event) {
  const handle = event.currentTarget;
  const panel = handle.parentElement;
  const right = panel.getBoundingClientRect().right;
  const move = moved => setWidth(panel, right - moved.clientX);
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true });
}

function nudge(event) {
  const step = { ArrowLeft: 24, ArrowRight: -24 }[event.key];
  if (step) {
    event.preventDefault();
    event.stopPropagation();
    setWidth(event.currentTarget.parentElement, event.currentTarget.parentElement.clientWidth + step);
  }
}
