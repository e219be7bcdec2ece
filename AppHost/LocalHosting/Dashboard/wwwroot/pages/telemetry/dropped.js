import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { ApiError } from '/js/api.js';
import { count } from '/js/format.js';
import { icon } from '/js/icons.js';
import { paced } from './paced.js';

const PAUSE = 5_000;

/** How many of a signal ('spans', 'logs', 'metricPoints') had to go because memory is bounded; asked again while new ones come. */
export function watchDropped(signal, { api, live, changed }) {
  let dropped = 0;
  const watch = paced(async () => {
    try {
      ({ dropped } = (await api.get('/api/stats'))[signal]);
      changed();
    } catch (error) {
      // The list itself tells when the dashboard is gone.
      if (!(error instanceof ApiError)) {
        throw error;
      }
    }
  }, PAUSE);

  return {
    ask: () => live.isOff || watch.ask(),
    stop: watch.stop,
    view: () => dropped === 0 ? nothing : html`
      <span class="dropped" data-testid="dropped" title="Memory is bounded: the oldest made room for newer ones. LocalHosting's README tells the bounds.">${icon('warning')}${count(dropped)} dropped</span>`,
  };
}
