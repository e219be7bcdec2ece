// Metrics: instruments by resource and meter, the chosen one as a chart or as values.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { choice, clearButton, empty, failure, pauseButton, resourceFilter, searchBox, tabs, total } from '/js/controls.js';
import { styles } from '/js/styles.js';
import { chart } from '/pages/metrics/chart.js';
import { coloured, describe, FIRST_SHOWN, percentileLines, percentiles, ranked } from '/pages/metrics/series.js';
import { seriesTable } from '/pages/metrics/series-table.js';
import { grouped, instrumentTree } from '/pages/metrics/tree.js';
import { unitFormat, unitName } from '/pages/metrics/units.js';
import { valuesTable } from '/pages/metrics/values-table.js';
import { attempts } from '/pages/telemetry/attempts.js';
import { watchDropped } from '/pages/telemetry/dropped.js';
import { resourceNames, resourcePath } from '/pages/telemetry/resources.js';

const ranges = [1, 5, 15, 30, 60, 180];
const MINUTE = 60_000;
const HEIGHT = 300;

// New instruments are rare: the list is asked for every so many times that the series are.
const LIST_EVERY = 10;

export const title = 'Metrics';

export const keys = [['v', 'Chart or values'], ['← →', 'Along the chart']];

export function mount(root, { params, query, run, api, live, link, navigate, setQuery }) {
  let resource = params.resource ?? null;
  let chosen = chosenOf(query);
  let minutes = minutesOf(query);
  let view = viewOf(query);
  let measure = 'all';
  let text = '';
  let names = [];
  let instruments = null;
  let series = null;
  const asked = attempts(draw);
  const { attempt, failed } = asked;
  let at = null;
  let width = 0;
  let ticks = 0;
  let isAsking = false;
  let hidden = null;
  let single = null;
  const closed = new Set();
  let colours = new Map();
  const aborted = new AbortController();

  const dropped = watchDropped('metricPoints', { api, live, changed: draw });

  draw();
  const observer = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    draw();
  });
  observer.observe(root.querySelector('.metrics-width'));

  live.subscribe({ metrics: tick }, { resync: load, changed: draw });
  const named = resourceNames(api).then(found => { names = found; }, failed);
  load();
  dropped.ask();

  return {
    update(context) {
      resource = context.params.resource ?? null;
      const next = chosenOf(context.query);
      if (JSON.stringify(next) !== JSON.stringify(chosen)) {
        choose(next);
      }

      load();
    },
    key(event) {
      if (event.key === 'v') {
        switchView(view === 'graph' ? 'table' : 'graph');
        return true;
      }

      return false;
    },
    unmount() {
      dropped.stop();
      aborted.abort();
      observer.disconnect();
    },
  };

  async function load() {
    await attempt(async () => {
      await Promise.all([named, live.ready]);
      instruments = await get('/api/metrics', { resource });
      if (chosen === null) {
        choose(first(instruments));
      }

      await loadSeries();
    });
  }

  async function loadSeries() {
    if (chosen === null) {
      draw();
      return;
    }

    const [asked, range] = [chosen, minutes];
    try {
      const found = await get('/api/metrics/series', { ...asked, minutes: range });
      if (asked === chosen && range === minutes) {
        series = prepare(found);
        draw();
      }
    } catch (error) {
      // The instrument of a deep link may not have been measured in this run.
      if (error.status !== 404) {
        throw error;
      }

      series = null;
      draw();
    }
  }

  // At most one question at a time: a slow answer makes the chart slower and not the queue longer.
  async function tick() {
    if (isAsking) {
      return;
    }

    isAsking = true;
    dropped.ask();
    ticks++;
    await (ticks % LIST_EVERY === 0 || instruments?.length === 0 ? load() : attempt(loadSeries));
    isAsking = false;
  }

  function get(path, parameters) {
    return api.get(path, { ...parameters, run }, { signal: aborted.signal });
  }

  function prepare(found) {
    const { shared, series: all } = describe(found.dimensions);
    const ordered = coloured(ranked(all, found.kind), colours);
    hidden ??= new Set(ordered.slice(FIRST_SHOWN).map(one => one.key));
    const newest = Math.max(0, ...all.map(one => one.points.at(-1)?.[0] ?? 0));
    const oldest = Math.min(newest, ...all.map(one => one.points[0]?.[0] ?? Infinity));
    const to = live.isOff ? newest : Math.max(newest, Date.now());
    // While the run is younger than the range, the chart begins where the measuring does.
    const from = Math.max(to - minutes * MINUTE, Math.min(oldest, to - MINUTE));
    return { ...found, shared, all: ordered, from, to };
  }

  function choose(next) {
    chosen = next;
    series = null;
    hidden = null;
    single = null;
    measure = 'all';
    colours = new Map();
    at = null;
  }

  // The instrument that was looked at may be another resource's.
  function filter(name) {
    setQuery({ instrumentResource: null, meter: null, instrument: null });
    navigate(resourcePath('/metrics', name));
  }

  function switchView(next) {
    view = next;
    setQuery({ view: next === 'graph' ? null : next });
    draw();
  }

  function toggle(set, key) {
    set[set.has(key) ? 'delete' : 'add'](key);
    draw();
  }

  async function clear() {
    await attempt(async () => {
      await api.remove('/api/telemetry', { signal: 'metrics', resource });
      choose(null);
      await load();
    });
  }

  function hrefOf(one) {
    const search = new URLSearchParams({ instrumentResource: one.resource, meter: one.meter, instrument: one.name });
    if (minutes !== 5) {
      search.set('minutes', minutes);
    }

    if (view !== 'graph') {
      search.set('view', view);
    }

    return link(`/metrics${resource ? `/resource/${encodeURIComponent(resource)}` : ''}?${search}`);
  }

  function draw() {
    const isEmpty = instruments !== null && instruments.length === 0;
    render(html`
      <header class="toolbar">
        <h1>Metrics</h1>
        ${total(instruments?.length ?? 0, instruments?.length === 1 ? 'instrument' : 'instruments')}
        ${dropped.view()}
        ${resourceFilter({ value: resource, names, onChange: filter })}
        ${choice({ label: 'Range', value: String(minutes), testid: 'filter-range', options: ranges.map(one => [String(one), rangeName(one)]), onChange: value => { minutes = Number(value); setQuery({ minutes }); attempt(loadSeries); } })}
        ${searchBox({ value: text, placeholder: 'Search instruments', onInput: value => { text = value; draw(); } })}
        <div class="toolbar-end">
          ${pauseButton(live)}
          ${live.isOff ? nothing : clearButton(clear, resource ? `Clear the metrics of ${resource}` : 'Clear all metrics')}
        </div>
      </header>
      ${asked.fault ? failure(asked.fault, load) : isEmpty ? nothingThere() : nothing}
      <div class="metrics" ?hidden=${asked.fault !== null || isEmpty}>
        <nav class="metrics-tree" aria-label="Instruments">${instruments === null ? nothing : tree()}</nav>
        <section class="metrics-main"><div class="metrics-width"></div>${chosen === null || instruments === null ? nothing : instrument()}</section>
      </div>`, root);
  }

  function tree() {
    const groups = grouped(instruments, text);
    return groups.length === 0
      ? html`<p class="hint">No instrument has "${text}" in its name.</p>`
      : instrumentTree(groups, { chosen, closed, hrefOf, onToggle: key => toggle(closed, key) });
  }

  function instrument() {
    const about = instruments.find(one => one.resource === chosen.resource && one.meter === chosen.meter && one.name === chosen.name);
    const perSecond = about?.kind === 'sum' && about.isMonotonic;
    return html`
      <header class="metrics-head">
        <div><h2 data-testid="instrument-name">${chosen.name}</h2><p>${about?.description || nothing}</p></div>
        ${tabs({ label: 'View', value: view, options: [['graph', 'Chart', 'metrics'], ['table', 'Values', 'table']], onChange: switchView })}
      </header>
      <p class="metrics-about faint">${[chosen.resource, chosen.meter, about && kindName(about), unitName(about?.unit, { perSecond })].filter(Boolean).join(' · ')}</p>
      ${series === null
        ? empty({ name: 'metrics', title: 'Nothing measured', text: 'This instrument has no values in this run.' })
        : html`
          ${series.shared.length > 0 ? html`<p class="metrics-shared faint">${series.shared.map(([name, value]) => html`<span><code>${name}</code> ${value}</span>`)}</p>` : nothing}
          ${picture(perSecond)}`}`;
  }

  function picture(perSecond) {
    const isHistogram = series.kind === 'histogram';
    const shown = isHistogram ? series.all.filter(one => one.key === singleKey()) : series.all.filter(one => !hidden.has(one.key));
    const lines = isHistogram ? histogramLines(shown) : shown;
    const inRange = lines.map(line => ({ ...line, points: line.points.filter(point => point[0] >= series.from) }));
    const largest = Math.max(0, ...inRange.flatMap(line => line.points.map(point => Math.abs(point[1] ?? 0))));
    const format = unitFormat(series.unit, largest, { perSecond });
    if (inRange.every(line => line.points.length === 0)) {
      return html`${empty({ name: 'clock', title: `Nothing in the last ${rangeName(minutes)}`, text: 'Choose a longer range, or use the system so that it measures something.' })}${legend(format)}`;
    }

    return html`
      ${view === 'table'
        ? valuesTable({ kind: series.kind, series: isHistogram ? shown : inRange, format })
        : html`
          ${chart({
            width: Math.max(240, width), height: HEIGHT, from: series.from, to: series.to, lines: inRange, exemplars: series.exemplars, format, at,
            label: `${chosen.name}, the last ${rangeName(minutes)}`,
            onPoint: moment => { at = moment; draw(); },
            onExemplar: exemplar => navigate(`/traces/detail/${exemplar.traceId}?span=${exemplar.spanId}`),
          })}
          ${isHistogram ? histogramKey(lines) : nothing}`}
      ${legend(format)}`;
  }

  function histogramLines(shown) {
    const column = percentiles.find(([name]) => name === measure)?.[1];
    return column === undefined
      ? shown.flatMap(percentileLines)
      : series.all.filter(one => !hidden.has(one.key)).map(one => ({ ...one, points: one.points.map(point => [point[0], point[column]]) }));
  }

  function histogramKey(lines) {
    return html`
      <div class="chart-key">
        ${choice({ label: 'Show', value: measure, testid: 'measure', options: [['all', 'One series'], ...percentiles.map(([name]) => [name, `${name} of all`])], onChange: value => { measure = value; draw(); } })}
        ${measure === 'all' ? lines.map(line => html`<span><span class="swatch" ${styles({ '--swatch': line.colour })}></span>${line.label}</span>`) : nothing}
        ${series.exemplars.length > 0 ? html`<span class="faint"><span class="diamond"></span>a measured request: opens its trace</span>` : nothing}
      </div>`;
  }

  function legend(format) {
    const isSingle = series.kind === 'histogram' && measure === 'all';
    return seriesTable({
      kind: series.kind, series: series.all, chosen: isSingle ? singleKey() : null, hidden, format,
      onChoose: key => { single = key; draw(); },
      onToggle: key => toggle(hidden, key),
    });
  }

  // The one that was chosen, and until then the busiest.
  function singleKey() {
    return series.all.some(one => one.key === single) ? single : series.all[0]?.key;
  }

  function nothingThere() {
    return empty({ name: 'metrics', title: 'No metrics yet', text: live.isOff ? 'This run left none.' : 'Services send theirs every few seconds after their start. Wait a moment, or choose another resource.' });
  }
}

const chosenOf = query => (query.instrument ? { resource: query.instrumentResource ?? null, meter: query.meter ?? null, name: query.instrument } : null);

const minutesOf = query => (ranges.includes(Number(query.minutes)) ? Number(query.minutes) : 5);

const viewOf = query => (query.view === 'table' ? 'table' : 'graph');

const rangeName = minutes => (minutes === 1 ? 'minute' : minutes < 60 ? `${minutes} minutes` : minutes === 60 ? 'hour' : `${minutes / 60} hours`);

const kindName = ({ kind, isMonotonic }) => (kind === 'sum' ? (isMonotonic ? 'counter' : 'up and down counter') : kind);

// Requests say the most about a service; where none are measured, the first instrument there is.
function first(instruments) {
  const one = instruments.find(({ name }) => name === 'http.server.request.duration') ?? instruments[0];
  return one ? { resource: one.resource, meter: one.meter, name: one.name } : null;
}
