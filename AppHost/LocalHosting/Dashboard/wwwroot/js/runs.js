// The runs that can be looked at: this one and the earlier ones that were kept.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { dateTime, duration, shortDateTime } from '/js/format.js';
import { icon } from '/js/icons.js';

/** A choice among runs, newest first; nothing while there is only this one. `run` is the id of an earlier one or null. */
export const runChoice = ({ runs, run, onChange, onOpen }) => runs.length < 2 && run === null ? nothing : html`
  <label class="choice run-choice" title="Which run the pages show">
    ${icon('history')}<span class="unseen">Run</span>
    <select data-testid="run" @pointerdown=${onOpen} @change=${event => onChange(event.target.value || null)}>
      <option value="" ?selected=${run === null}>This run</option>
      ${runs.filter(one => !one.isCurrent).map(one => html`<option value=${one.id} ?selected=${one.id === run}>${nameOf(one)}</option>`)}
      ${run !== null && !runs.some(one => one.id === run) ? html`<option value=${run} selected>A run that is gone</option>` : nothing}
    </select>
  </label>`;

/** Says that an earlier run is looked at, and leads back. `isOfNow` is for a page that always shows this run. */
export const runNotice = ({ runs, run, isOfNow, onChange }) => run === null ? nothing : html`
  <p class="notice" role="status" data-testid="run-notice">
    ${icon('history')}<span>${isOfNow ? 'This page always shows what runs now, the others' : 'You look at'} the run of ${timesOf(runs.find(one => one.id === run))}.</span>
    <button class="link" @click=${() => onChange(null)}>Back to this run</button>
  </p>`;

const timesOf = one => one ? dateTime(one.start) : 'an earlier time';

const nameOf = one => one.end === null ? `${shortDateTime(one.start)}, broke off` : `${shortDateTime(one.start)}, ${duration(one.end - one.start)}`;
