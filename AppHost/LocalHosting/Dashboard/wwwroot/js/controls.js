// What stands above and around every list: search, filters, pause, clear, states, what to say when there is nothing.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { live as current } from '/vendor/lit-html/directives/live.js';
import { count } from '/js/format.js';
import { icon } from '/js/icons.js';

const WAIT_FOR_TYPING = 200;
let typing = 0;
let typedIn = null;

/** A search box; `onInput` is called when the typing pauses, with the text. */
export const searchBox = ({ value, onInput, placeholder = 'Search', extra = nothing, onKeydown = () => {} }) => html`
  <label class="search">
    ${icon('search')}
    <input type="search" data-testid="search" aria-label=${placeholder} placeholder=${placeholder} title="Search (/)" autocomplete="off" spellcheck="false"
      .value=${current(typedIn?.isConnected ? typedIn.value : value ?? '')} @keydown=${onKeydown} @input=${event => {
        // What comes live draws the page in the middle of a word, which must not take the letters away.
        const box = event.target;
        typedIn = box;
        clearTimeout(typing);
        typing = setTimeout(() => {
          typedIn = null;
          // By then the page may have been left.
          if (box.isConnected) {
            onInput(box.value);
          }
        }, WAIT_FOR_TYPING);
      }}>
    ${extra}
  </label>`;

/** A select with a label that is seen; options are [value, text]. */
export const choice = ({ label, value, options, onChange, testid }) => html`
  <label class="choice">
    <span class="choice-label">${label}</span>
    <select data-testid=${testid ?? nothing} .value=${current(value ?? '')} @change=${event => onChange(event.target.value)}>
      ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === (value ?? '')}>${text}</option>`)}
    </select>
  </label>`;

/** The resource a page is filtered by; '' is all of them. */
export const resourceFilter = ({ value, names, onChange }) => choice({
  label: 'Resource',
  value,
  options: [['', 'All resources'], ...[...new Set(value ? [...names, value] : names)].map(name => [name, name])],
  onChange,
  testid: 'filter-resource',
});

/** Stops and goes on with what comes live. Nothing for an earlier run, where nothing comes. */
export const pauseButton = live => live.isOff ? nothing : html`
  <button class="button ${live.isPaused ? 'is-on' : ''}" data-testid="pause" aria-pressed=${live.isPaused} title="${live.isPaused ? 'Go on' : 'Pause'} (p)" @click=${() => live.toggle()}>
    ${icon(live.isPaused ? 'play' : 'pause')}<span class="button-text">${live.isPaused ? 'Resume' : 'Pause'}</span>
    ${live.isPaused && live.missed > 0 ? html`<span class="dot" role="img" aria-label="There is something new"></span>` : nothing}
  </button>`;

export const clearButton = (onClear, title = 'Clear') => html`
  <button class="button" data-testid="clear" title=${title} @click=${onClear}>${icon('clear')}<span class="button-text">Clear</span></button>`;

/** A button that is on or off. */
export const toggleButton = ({ name, label, isOn, onClick, testid }) => html`
  <button class="button ${isOn ? 'is-on' : ''}" data-testid=${testid ?? nothing} aria-pressed=${isOn} title=${label} @click=${onClick}>${icon(name)}<span class="button-text">${label}</span></button>`;

/** Tabs of views: options are [key, text, icon]. */
export const tabs = ({ label, value, options, onChange }) => html`
  <div class="tabs" role="tablist" aria-label=${label} @keydown=${event => moveTab(event, options, value, onChange)}>
    ${options.map(([key, text, name]) => html`
      <button role="tab" class="tab" data-testid="tab-${key}" aria-selected=${key === value} tabindex=${key === value ? 0 : -1} @click=${() => onChange(key)}>
        ${name ? icon(name) : nothing}${text}
      </button>`)}
  </div>`;

/** A word with an icon and a colour; `style` is success, warning, error or info. */
export const badge = (style, text, name = style) => html`<span class="badge is-${style}">${icon(name)}<span class="clip">${text}</span></span>`;

/** A count that changes while one looks; whole when it is known to be. */
export const total = (n, what) => html`<span class="total" data-testid="total">${count(n)} ${what}</span>`;

/** Says that there is nothing, why, and what to do. */
export const empty = ({ name, title, text, action = nothing }) => html`
  <div class="empty" data-testid="empty">
    ${icon(name)}
    <h2>${title}</h2>
    <p>${text}</p>
    ${action}
  </div>`;

/** A failure of the page itself, with a way to try again. */
export const failure = (error, onRetry) => html`
  <div class="empty is-failure" role="alert">
    ${icon('error')}
    <h2>This could not be loaded</h2>
    <p>${error.message}</p>
    <button class="button" @click=${onRetry}>Try again</button>
  </div>`;

function moveTab(event, options, value, onChange) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) {
    return;
  }

  event.preventDefault();
  event.stopPropagation();
  const index = (options.findIndex(([key]) => key === value) + step + options.length) % options.length;
  onChange(options[index][0]);
  event.currentTarget.children[index].focus();
}
