// Structured logs: the newest at the end, as they come; filters are in the address.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { announce } from '/js/announce.js';
import { choice, clearButton, empty, failure, pauseButton, resourceFilter, searchBox, total } from '/js/controls.js';
import { detailsPanel } from '/js/details.js';
import { count, dateTime, plural, time } from '/js/format.js';
import { icon } from '/js/icons.js';
import { createVirtualList } from '/js/virtual-list.js';
import { logDetails } from '/pages/structured-logs/log-details.js';
import { LogRows } from '/pages/structured-logs/log-rows.js';
import { attempts } from '/pages/telemetry/attempts.js';
import { watchDropped } from '/pages/telemetry/dropped.js';
import { shortId } from '/pages/telemetry/ids.js';
import { isBad, levelBadge, levels } from '/pages/telemetry/levels.js';
import { paced } from '/pages/telemetry/paced.js';
import { resourceNames, resourcePath, resourceTag } from '/pages/telemetry/resources.js';
import { rowHeight } from '/pages/telemetry/rows.js';

const NEAR_TOP = 600;
const RELOAD = 1000;

export const title = 'Structured logs';

export const keys = [['j k', 'Down, up'], ['Enter', 'Details'], ['Home End', 'First, newest log'], ['Esc', 'Close the details']];

export function mount(root, { params, query, run, api, live, link, navigate, setQuery }) {
  let filter = filterOf({ params, query });
  let rows = new LogRows(api, { ...filter, run });
  let names = [];
  let opened = null;
  const asked = attempts(draw);
  const { attempt, failed } = asked;
  let unseen = 0;
  const reload = paced(load, RELOAD);

  const dropped = watchDropped('logs', { api, live, changed: draw });

  draw();
  const scroller = root.querySelector('.log-rows');
  const list = createVirtualList(scroller, {
    label: 'Logs', role: 'grid', follow: true, keyOf: log => log.id, row,
    onOpen: open,
    onActive: log => opened && log && open(log),
    onFollow: isFollowing => {
      if (isFollowing) {
        unseen = 0;
        if (rows.hasNewer) {
          load();
        }
      }

      draw();
    },
  });
  const height = rowHeight(list, 28, 54);
  scroller.addEventListener('scroll', older, { passive: true });

  live.subscribe({ logs: came }, { resync: catchUp, changed: draw });
  const named = resourceNames(api).then(found => { names = found; }, failed);
  load();
  openFromAddress(query.log);
  dropped.ask();

  return {
    update(context) {
      filter = filterOf(context);
      restart();
    },
    key(event) {
      if (event.key === 'Escape' && opened) {
        close();
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
    rows = new LogRows(api, { ...filter, run });
    unseen = 0;
    list.configure({ follow: true });
    list.setItems([]);
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
        announce(plural(rows.total, 'log'));
      }
    });
  }

  async function older() {
    if (scroller.scrollTop > NEAR_TOP || !rows.hasOlder || rows.isLoading) {
      return;
    }

    const mine = rows;
    await attempt(async () => {
      await mine.loadOlder();
      if (mine === rows) {
        // At the very top the list would show the rows that came before, and not stay where the reader is.
        scroller.scrollTop ||= 1;
        show();
      }
    });
  }

  function came(logs) {
    dropped.ask();
    const fitting = rows.add(logs, list.follow);
    if (fitting > 0) {
      unseen += list.follow ? 0 : fitting;
      show();
    }
  }

  // Some logs were missed. Who reads further up keeps what is there; at the end the newest are loaded anew, once a second at most.
  function catchUp() {
    if (!list.follow) {
      rows.breakOff();
      draw();
      return;
    }

    reload.ask();
  }

  function show() {
    list.setItems(rows.items);
    draw();
  }

  function change(changes) {
    filter = { ...filter, ...changes };
    setQuery(changes);
    restart();
  }

  function open(log) {
    opened = log;
    setQuery({ log: log.id });
    draw();
  }

  function close() {
    opened = null;
    setQuery({ log: null });
    draw();
    scroller.focus({ preventScroll: true });
  }

  // The log of a deep link may be older than what the list shows.
  async function openFromAddress(id) {
    if (id) {
      await attempt(async () => {
        const { items } = await api.get('/api/structuredlogs', { before: Number(id) + 1, limit: 1, run });
        if (items[0]?.id === Number(id)) {
          opened = items[0];
          draw();
        }
      });
    }
  }

  async function clear() {
    await attempt(async () => {
      await api.remove('/api/telemetry', { signal: 'logs', resource: filter.resource });
      rows.clear();
      opened = null;
      await load();
    });
  }

  function row(log) {
    return html`
      <div class="log-row ${isBad(log.level) ? 'is-bad' : ''}" role="presentation" data-testid="log-row" data-log=${log.id}>
        <span class="log-time" role="gridcell" title=${dateTime(log.time)}>${time(log.time)}</span>
        <span class="log-level" role="gridcell">${levelBadge(log.level)}</span>
        <span class="log-resource" role="gridcell">${resourceTag(log.resource)}</span>
        <span class="log-text" role="gridcell">${log.message}${log.exception ? html` <span class="faint">${firstLine(log.exception)}</span>` : nothing}</span>
        <span class="log-trace" role="gridcell">${log.traceId ? html`<a href=${link(`/traces/detail/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`)} tabindex="-1" title="Open the trace">${shortId(log.traceId)}</a>` : nothing}</span>
      </div>`;
  }

  function draw() {
    render(html`
      <header class="toolbar">
        <h1>Structured logs</h1>
        ${total(rows.total, rows.total === 1 ? 'log' : 'logs')}
        ${dropped.view()}
        ${resourceFilter({ value: filter.resource, names, onChange: name => navigate(resourcePath('/structuredlogs', name)) })}
        ${choice({ label: 'Level', value: filter.level, testid: 'filter-level', options: [['', 'All levels'], ...levels.slice(1).map(level => [level, level === 'Critical' ? level : `${level} and worse`])], onChange: level => change({ level: level || null }) })}
        ${filter.traceId ? html`<button class="button is-on" data-testid="filter-trace" title="Show all traces" @click=${() => change({ traceId: null, spanId: null })}>${filter.spanId ? `Span ${shortId(filter.spanId)}` : `Trace ${shortId(filter.traceId)}`} ${icon('close')}</button>` : nothing}
        ${searchBox({ value: filter.text, placeholder: 'Search logs', onInput: text => change({ text: text || null }) })}
        <div class="toolbar-end">
          ${pauseButton(live)}
          ${live.isOff ? nothing : clearButton(clear, filter.resource ? `Clear the logs of ${filter.resource}` : 'Clear all logs')}
        </div>
      </header>
      <div class="split">
        <div class="main-part list-part">
          <div class="log-grid" aria-hidden="true"><span>Time</span><span>Level</span><span>Resource</span><span>Message</span><span>Trace</span></div>
          ${asked.fault ? failure(asked.fault, load) : rows.items.length === 0 && !rows.isLoading ? nothingThere() : nothing}
          <div class="log-rows" ?hidden=${asked.fault !== null || (rows.items.length === 0 && !rows.isLoading)}></div>
          ${unseen > 0 || rows.hasNewer ? html`<button class="button newest" data-testid="newest" @click=${() => { rows.hasNewer ? restart() : list.scrollToEnd(); }}>${icon('down')}${unseen > 0 ? `${count(unseen)} new` : 'The newest'}</button>` : nothing}
        </div>
        ${opened ? detailsPanel({
          title: opened.eventName || opened.category || 'Log',
          subtitle: html`<span class="faint">${time(opened.time)}</span>`,
          body: logDetails(opened, { link, onTrace: traceId => change({ traceId, spanId: null }) }),
          onClose: close,
        }) : nothing}
      </div>`, root);
  }

  function nothingThere() {
    const isFiltered = Object.values(filter).some(Boolean);
    return isFiltered
      ? empty({ name: 'logs', title: 'No logs fit these filters', text: 'Take away a filter, or wait: what fits appears here at once.', action: html`<button class="button" @click=${reset}>Show all logs</button>` })
      : empty({ name: 'logs', title: 'No structured logs yet', text: live.isOff ? 'This run left none.' : 'They appear here as the services write them. A service sends its logs over OTLP when it uses the service defaults.' });
  }

  function reset() {
    setQuery({ level: null, text: null, traceId: null, spanId: null });
    navigate(resourcePath('/structuredlogs', null));
  }
}

function filterOf({ params, query }) {
  return {
    resource: params.resource ?? null,
    level: levels.includes(query.level) ? query.level : null,
    text: query.text ?? null,
    traceId: query.traceId ?? null,
    spanId: query.spanId ?? null,
  };
}

const firstLine = text => text.split('\n', 1)[0];
