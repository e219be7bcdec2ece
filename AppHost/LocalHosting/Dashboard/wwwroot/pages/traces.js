// Traces: the newest at the top, as they come; filters are in the address.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { announce } from '/js/announce.js';
import { colourOf } from '/js/colours.js';
import { choice, clearButton, empty, failure, pauseButton, resourceFilter, searchBox, toggleButton, total } from '/js/controls.js';
import { count, dateTime, duration, plural, time } from '/js/format.js';
import { icon } from '/js/icons.js';
import { styles } from '/js/styles.js';
import { createVirtualList } from '/js/virtual-list.js';
import { attempts } from '/pages/telemetry/attempts.js';
import { watchDropped } from '/pages/telemetry/dropped.js';
import { shortId } from '/pages/telemetry/ids.js';
import { paced } from '/pages/telemetry/paced.js';
import { resourceNames, resourcePath, resourceTag } from '/pages/telemetry/resources.js';
import { rowHeight } from '/pages/telemetry/rows.js';
import { TraceRows } from '/pages/traces/trace-rows.js';

const NEAR_END = 800;
const RELOAD = 1000;
const lengths = [10, 50, 100, 500, 1_000, 5_000, 30_000];

export const title = 'Traces';

export const keys = [['j k', 'Down, up'], ['Enter', 'Open the trace'], ['Home End', 'Newest, last trace'], ['e', 'Only traces with errors']];

export function mount(root, { params, query, run, api, live, link, navigate, setQuery }) {
  let filter = filterOf({ params, query });
  let rows = new TraceRows(api, { ...filter, run });
  let names = [];
  const asked = attempts(draw);
  const { attempt, failed } = asked;
  let unseen = 0;
  const reload = paced(load, RELOAD);
  let longest = 1;

  const dropped = watchDropped('spans', { api, live, changed: draw });

  draw();
  const scroller = root.querySelector('.trace-rows');
  const list = createVirtualList(scroller, {
    label: 'Traces', role: 'grid', keyOf: trace => trace.id, row,
    onOpen: trace => navigate(`/traces/detail/${trace.id}`),
  });
  const height = rowHeight(list, 34, 58);
  scroller.addEventListener('scroll', scrolled, { passive: true });

  live.subscribe({ traces: came }, { resync: reload.ask, changed: draw });
  const named = resourceNames(api).then(found => { names = found; }, failed);
  load();
  dropped.ask();

  return {
    update(context) {
      filter = filterOf(context);
      restart();
    },
    key(event) {
      if (event.key === 'e') {
        change({ errors: filter.errors ? null : true });
        return true;
      }

      return list.key(event.key);
    },
    unmount() {
      dropped.stop();
      reload.stop();
      rows.stop();
      height.stop();
      list.dispose();
    },
  };

  function restart() {
    rows.stop();
    rows = new TraceRows(api, { ...filter, run });
    unseen = 0;
    list.setItems([]);
    scroller.scrollTop = 0;
    load();
    draw();
  }

  async function load() {
    const mine = rows;
    await attempt(async () => {
      // Resources have their colours before the first row shows one.
      await Promise.all([named, live.ready]);
      await mine.loadNewest();
      if (mine === rows) {
        show();
        announce(plural(rows.total, 'trace'));
      }
    });
  }

  async function scrolled() {
    if (scroller.scrollTop <= 0 && unseen > 0) {
      unseen = 0;
      draw();
    }

    if (scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - NEAR_END && rows.hasOlder && !rows.isLoading) {
      const mine = rows;
      await attempt(async () => {
        await mine.loadOlder();
        if (mine === rows) {
          show();
        }
      });
    }
  }

  function came(traces) {
    dropped.ask();
    if (filter.text) {
      // A summary does not tell whether the text is somewhere in its spans: the API does.
      reload.ask();
      return;
    }

    const added = rows.add(traces);
    unseen += scroller.scrollTop > 0 ? added : 0;
    show();
  }

  function show() {
    longest = rows.items.reduce((most, trace) => Math.max(most, trace.durationMs), 0.001);
    list.setItems(rows.items);
    draw();
  }

  function change(changes) {
    filter = { ...filter, ...changes };
    setQuery(changes);
    restart();
  }

  async function clear() {
    await attempt(async () => {
      await api.remove('/api/telemetry', { signal: 'traces', resource: filter.resource });
      rows.clear();
      await load();
    });
  }

  function row(trace) {
    return html`
      <div class="trace-row" role="presentation" data-testid="trace-row" data-trace=${trace.id}>
        <span class="trace-time" role="gridcell" title=${dateTime(trace.start)}>${time(trace.start)}</span>
        <span class="trace-name" role="gridcell">
          ${trace.errors > 0 ? html`<span class="error-text status" title=${plural(trace.errors, 'error')}>${icon('error', plural(trace.errors, 'error'))}</span>` : nothing}
          <a href=${link(`/traces/detail/${trace.id}`)} tabindex="-1" title="${trace.resource}: ${trace.name}"><span class="trace-root">${trace.resource}</span> <span class="trace-title">${trace.name}</span></a>
          <code class="trace-id">${shortId(trace.id)}</code>
          ${trace.tokens === null ? nothing : html`<span class="pill" title=${trace.model ?? 'model'}>${count(trace.tokens)} tokens</span>`}
        </span>
        <span class="trace-resources" role="gridcell">
          ${trace.resources.map(one => html`
            <span class="trace-resource" title="${plural(one.spans, 'span')}${one.errors > 0 ? `, ${plural(one.errors, 'error')}` : ''}">${resourceTag(one.name)}<span class=${one.errors > 0 ? 'error-text' : 'faint'}>${one.errors > 0 ? `${one.errors}/` : ''}${one.spans}</span></span>`)}
        </span>
        <span class="trace-length" role="gridcell" aria-hidden="true">
          <span class="trace-bar" ${styles({ width: `${trace.durationMs / longest * 100}%` })}>
            ${trace.resources.map(one => html`<span ${styles({ 'flex-grow': one.spans, background: colourOf(one.name) })}></span>`)}
          </span>
        </span>
        <span class="trace-duration" role="gridcell">${duration(trace.durationMs)}</span>
      </div>`;
  }

  function draw() {
    const isEmpty = rows.items.length === 0 && !rows.isLoading;
    render(html`
      <header class="toolbar">
        <h1>Traces</h1>
        ${total(rows.total, rows.total === 1 ? 'trace' : 'traces')}
        ${dropped.view()}
        ${resourceFilter({ value: filter.resource, names, onChange: name => navigate(resourcePath('/traces', name)) })}
        ${choice({ label: 'Duration', value: filter.minMs === null ? '' : String(filter.minMs), testid: 'filter-duration', options: [['', 'Any duration'], ...durations(filter.minMs).map(ms => [String(ms), `${duration(ms)} or more`])], onChange: ms => change({ minMs: ms ? Number(ms) : null }) })}
        ${toggleButton({ name: 'error', label: 'Errors only', isOn: Boolean(filter.errors), testid: 'filter-errors', onClick: () => change({ errors: filter.errors ? null : true }) })}
        ${searchBox({ value: filter.text, placeholder: 'Search traces', onInput: text => change({ text: text || null }) })}
        <div class="toolbar-end">
          ${pauseButton(live)}
          ${live.isOff ? nothing : clearButton(clear, filter.resource ? `Clear the traces of ${filter.resource}` : 'Clear all traces')}
        </div>
      </header>
      <div class="split">
        <div class="main-part list-part">
          <div class="trace-grid" aria-hidden="true"><span>Time</span><span>Trace</span><span>Spans</span><span class="trace-length">Duration</span><span></span></div>
          ${asked.fault ? failure(asked.fault, load) : isEmpty ? nothingThere() : nothing}
          <div class="trace-rows" ?hidden=${asked.fault !== null || isEmpty}></div>
          ${unseen > 0 ? html`<button class="button newest is-top" data-testid="newest" @click=${() => { scroller.scrollTop = 0; }}>${icon('up')}${count(unseen)} new</button>` : nothing}
        </div>
      </div>`, root);
  }

  function nothingThere() {
    return Object.values(filter).some(Boolean)
      ? empty({ name: 'traces', title: 'No traces fit these filters', text: 'Take away a filter, or wait: what fits appears here at once.', action: html`<button class="button" @click=${reset}>Show all traces</button>` })
      : empty({ name: 'traces', title: 'No traces yet', text: live.isOff ? 'This run left none.' : 'Do something with the system, for example sign in or send a chat message, and its trace appears here.' });
  }

  function reset() {
    setQuery({ errors: null, minMs: null, text: null });
    navigate(resourcePath('/traces', null));
  }
}

function filterOf({ params, query }) {
  return {
    resource: params.resource ?? null,
    errors: query.errors === 'true' ? true : null,
    minMs: Number(query.minMs) > 0 ? Number(query.minMs) : null,
    text: query.text ?? null,
  };
}

const durations = chosen => (chosen === null || lengths.includes(chosen) ? lengths : [...lengths, chosen].sort((a, b) => a - b));
