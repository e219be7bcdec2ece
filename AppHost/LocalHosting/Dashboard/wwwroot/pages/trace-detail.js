// One trace: when each span ran, in which service, what it said, and what it asked of models.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { announce } from '/js/announce.js';
import { empty, failure } from '/js/controls.js';
import { detailsPanel } from '/js/details.js';
import { duration, plural, time } from '/js/format.js';
import { icon } from '/js/icons.js';
import { createVirtualList } from '/js/virtual-list.js';
import { logDetails } from '/pages/structured-logs/log-details.js';
import { textsOf } from '/pages/structured-logs/log-rows.js';
import { shortId } from '/pages/telemetry/ids.js';
import { paced } from '/pages/telemetry/paced.js';
import { resourceNames } from '/pages/telemetry/resources.js';
import { rowHeight } from '/pages/telemetry/rows.js';
import { genaiView, usage } from '/pages/trace-detail/genai.js';
import { traceHead, traceTools } from '/pages/trace-detail/head.js';
import { createMinimap } from '/pages/trace-detail/minimap.js';
import { spanDetails } from '/pages/trace-detail/span-details.js';
import { buildTree, collapsible, hasChildren, logsBySpan, visibleRows } from '/pages/trace-detail/tree.js';
import { axis, logRow, spanRow } from '/pages/trace-detail/waterfall.js';

const RELOAD = 1000;
const SPANS_WITH_MINIMAP = 12;

export const title = 'Trace';

export const keys = [
  ['j k', 'Down, up'], ['→ ←', 'Open or into, close or out of a span'], ['Enter', 'Details'],
  ['e', 'Next error'], ['z 0', 'Zoom to the span, the whole trace'], ['c', 'Collapse or expand all'], ['l', 'Logs between the spans'], ['Esc', 'Close the details'],
];

export function mount(root, { params, query, run, api, live, link, setQuery }) {
  let id = params.id;
  let trace = null;
  let nodes = [];
  let logs = new Map();
  let rows = [];
  let fault = null;
  let view = viewOf(query);
  let text = query.text ?? '';
  let withLogs = query.logs === 'true';
  let range = { from: 0, to: 1 };
  let isZoomed = false;
  let opened = null;
  const reload = paced(load, RELOAD);
  let collapsed = new Set();
  let loads = 0;
  const openedCalls = new Set();
  const aborted = new AbortController();

  draw();
  const scroller = root.querySelector('.waterfall-rows');
  const list = createVirtualList(scroller, {
    label: 'Spans', role: 'grid', keyOf: one => one.key,
    row: one => (one.log ? logRow(one, { range, start: trace.start }) : spanRow(one, { range, onToggle: toggle })),
    onOpen: open,
    onActive: one => opened && one && open(one),
  });
  const height = rowHeight(list, 26, 46);
  const minimap = createMinimap(root.querySelector('.minimap canvas'), root.querySelector('.minimap-brush'), zoom);
  scroller.addEventListener('keydown', sideways);

  live.subscribe({ traces: came }, { resync: reload.ask, changed: draw });
  // Resources have their colours before the first span shows one.
  const named = resourceNames(api);
  load(query.span);

  return {
    update(context) {
      if (context.params.id === id) {
        goTo(context.query.span ?? null);
        return;
      }

      id = context.params.id;
      collapsed = new Set();
      isZoomed = false;
      opened = null;
      trace = null;
      view = viewOf(context.query);
      load(context.query.span);
      draw();
    },
    key,
    unmount() {
      reload.stop();
      aborted.abort();
      minimap.stop();
      height.stop();
      list.dispose();
    },
  };

  async function load(span) {
    const mine = ++loads;
    try {
      await Promise.all([named, live.ready]);
      const found = await api.get(`/api/traces/${encodeURIComponent(id)}`, { run }, { signal: aborted.signal });
      if (mine !== loads) {
        return;
      }

      trace = found;
      fault = null;
      nodes = buildTree(trace.spans);
      logs = logsBySpan(trace.logs);
      range = isZoomed ? range : { from: 0, to: trace.durationMs || 1 };
      refresh();
      if (span) {
        goTo(span);
      } else if (opened) {
        opened = rows.find(one => one.key === opened.key) ?? opened;
        draw();
      }
    } catch (error) {
      if (error.name !== 'AbortError') {
        fault = error;
        draw();
      }
    }
  }

  // A trace that is still written grows while it is looked at.
  function came(traces) {
    if (traces.some(one => one.id === id)) {
      reload.ask();
    }
  }

  function refresh() {
    const contains = texts => texts.some(one => one.toLowerCase().includes(text.toLowerCase()));
    rows = view === 'logs'
      ? trace.logs.filter(log => text === '' || contains(textsOf(log))).map(log => ({ key: `log ${log.id}`, node: null, log }))
      : visibleRows(nodes, { collapsed, matches: text === '' ? null : span => contains(spanTexts(span)), logsOf: withLogs ? logs : null });
    list.setItems(rows);
    draw();
  }

  function open(one) {
    opened = one;
    setQuery({ span: one === null || one.log ? null : one.key });
    draw();
  }

  function close() {
    open(null);
    scroller.focus({ preventScroll: true });
  }

  function goTo(spanId) {
    list.setActive(spanId, { isScrolledTo: false });
    list.show(spanId);
    open(rows.find(one => one.key === spanId) ?? null);
  }

  function toggle(node, isOpen = collapsed.has(node.span.id)) {
    const ids = new Set(collapsed);
    ids[isOpen ? 'delete' : 'add'](node.span.id);
    collapsed = ids;
    refresh();
  }

  function toggleAll() {
    collapsed = collapsed.size > 0 ? new Set() : new Set(collapsible(nodes));
    refresh();
  }

  function zoom(part) {
    isZoomed = part !== null;
    range = part ?? { from: 0, to: trace.durationMs || 1 };
    list.update();
    draw();
  }

  function show(spanId) {
    view = 'waterfall';
    for (let at = nodes.find(node => node.span.id === spanId)?.parent ?? -1; at >= 0; at = nodes[at].parent) {
      collapsed.delete(nodes[at].span.id);
    }

    text = '';
    setQuery({ view: null, text: null });
    refresh();
    goTo(spanId);
  }

  function sideways(event) {
    const one = list.active;
    if (!one || one.log || !['ArrowLeft', 'ArrowRight'].includes(event.key)) {
      return;
    }

    event.preventDefault();
    const { node } = one;
    const isOpen = hasChildren(node) && !one.isCollapsed;
    if (event.key === 'ArrowRight' && isOpen) {
      list.key('ArrowDown');
    } else if (event.key === 'ArrowRight' ? one.isCollapsed : isOpen) {
      toggle(node);
    } else if (event.key === 'ArrowLeft' && node.parent >= 0) {
      list.setActive(nodes[node.parent].span.id);
    }
  }

  function key(event) {
    const acts = {
      Escape: () => opened && (close(), true),
      e: () => nextError(),
      z: () => list.active && !list.active.log && (zoomTo(list.active.node.span), true),
      0: () => (zoom(null), true),
      c: () => (toggleAll(), true),
      l: () => (switchLogs(), true),
    };
    return trace !== null && view !== 'genai' && (event.key in acts ? Boolean(acts[event.key]()) : list.key(event.key));
  }

  function zoomTo(span) {
    const room = Math.max(span.durationMs * 0.05, 0.01);
    zoom({ from: Math.max(0, span.startMs - room), to: Math.min(trace.durationMs, span.startMs + span.durationMs + room) });
  }

  function nextError() {
    const failed = nodes.filter(node => node.span.status === 'error');
    const at = list.active?.node.index ?? -1;
    const next = failed.find(node => node.index > at) ?? failed[0];
    if (next) {
      show(next.span.id);
    }

    return next !== undefined;
  }

  function switchLogs() {
    withLogs = !withLogs;
    setQuery({ logs: withLogs || null });
    refresh();
  }

  function switchView(next) {
    view = next;
    setQuery({ view: next === 'waterfall' ? null : next });
    refresh();
    announce(plural(rows.length, 'row'));
  }

  function search(value) {
    text = value;
    setQuery({ text: value || null });
    refresh();
  }

  function draw() {
    const isThere = trace !== null && fault === null;
    const ticks = isThere ? axis(range, marks()) : nothing;
    const asked = isThere ? usage(trace.spans) : null;
    render(html`
      ${isThere ? html`${traceHead(trace, { asked, link, onNextError: nextError })}${traceTools(trace, { asked, view, text, live, isCollapsed: collapsed.size > 0, withLogs, zoom: isZoomed ? range : null, onView: switchView, onSearch: search, onCollapse: toggleAll, onLogs: switchLogs, onWhole: () => zoom(null) })}` : html`<header class="toolbar"><h1>Trace ${shortId(id)}</h1></header>`}
      ${fault === null ? nothing : fault.status === 404
        ? empty({ name: 'traces', title: 'This trace is not here', text: 'It was cleared, dropped to make room for newer ones, or belongs to another run.', action: html`<a class="button" href=${link('/traces')}>All traces</a>` })
        : failure(fault, () => load())}
      <div class="split" ?hidden=${!isThere}>
        <div class="main-part trace-part">
          <div class="minimap" ?hidden=${!isThere || view === 'genai' || trace.spans.length < SPANS_WITH_MINIMAP} title="Drag to zoom, click for the whole trace"><canvas aria-hidden="true"></canvas><div class="minimap-brush"></div></div>
          <div class="waterfall" ?hidden=${!isThere || view === 'genai'}>
            <div class="axis" aria-hidden="true"><span class="axis-name">${view === 'logs' ? 'Log' : 'Span'}</span><span class="axis-times">${ticks}</span></div>
            <div class="gridlines" aria-hidden="true"><span></span><span class="axis-times">${ticks}</span></div>
            <div class="waterfall-rows"></div>
            ${isThere && rows.length === 0 ? nothingThere() : nothing}
          </div>
          ${isThere && view === 'genai' ? genaiView({ spans: trace.spans, opened: openedCalls, onSelect: show, onToggle: span => { openedCalls[openedCalls.has(span) ? 'delete' : 'add'](span); draw(); } }) : nothing}
        </div>
        ${isThere && opened ? details() : nothing}
      </div>`, root);
    if (isThere) {
      minimap.update(trace.spans, trace.durationMs, range);
    }
  }

  function marks() {
    return innerWidth > 1_100 ? 8 : innerWidth > 640 ? 5 : 3;
  }

  function nothingThere() {
    return text !== ''
      ? empty({ name: 'search', title: 'Nothing found', text: `No ${view === 'logs' ? 'log' : 'span'} of this trace contains "${text}".` })
      : empty({ name: 'logs', title: 'No logs in this trace', text: 'A log belongs to a trace when it is written while one of its spans runs.' });
  }

  function details() {
    const { node, log } = opened;
    const span = node?.span;
    return log
      ? detailsPanel({ title: log.eventName || log.category || 'Log', subtitle: html`<span class="faint">${time(log.time)}</span>`, body: logDetails(log, { link }), onClose: close })
      : detailsPanel({
        title: span.name,
        subtitle: html`<span class="faint">${span.resource}, ${duration(span.durationMs)}</span>`,
        actions: html`<button class="button is-quiet" title="Zoom to the span (z)" aria-label="Zoom to the span" @click=${() => zoomTo(span)}>${icon('search')}</button>`,
        body: spanDetails(span, { traceId: id, logs: logs.get(span.id) ?? [], link, onLog: chosen => open({ key: `log ${chosen.id}`, node: opened.node, log: chosen }) }),
        onClose: close,
      });
  }
}

const viewOf = query => (['logs', 'genai'].includes(query.view) ? query.view : 'waterfall');

const spanTexts = span => [span.name, span.resource, span.id, span.statusMessage ?? '', ...span.attributes.flat()];
