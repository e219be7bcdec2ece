// What resources write to their consoles, as it comes.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { ref } from '/vendor/lit-html/directives/ref.js';
import { announce } from '/js/announce.js';
import { know } from '/js/colours.js';
import { clearButton, empty, failure, pauseButton, resourceFilter, searchBox, toggleButton } from '/js/controls.js';
import { count, plural } from '/js/format.js';
import { icon } from '/js/icons.js';
import { createVirtualList } from '/js/virtual-list.js';
import { createLines, MAX_LINES, placesOf } from './console-logs/lines.js';
import { lineRow } from './console-logs/line.js';

export const title = 'Console logs';
export const keys = [['n', 'Next match'], ['N', 'Match before'], ['j k', 'Down, up'], ['Home End', 'First, newest line'], ['w', 'Wrap lines'], ['t', 'Times']];

const ROW = 20;

export function mount(root, context) {
  const { run, api, live, navigate, setQuery } = context;
  const lines = createLines();
  const narrow = matchMedia('(max-width: 640px)');
  let resource = context.params.resource ?? '';
  let search = context.query.text ?? '';
  let isOnlyMatches = context.query.only === 'true';
  let isWrapped = setting('wrap', narrow.matches);
  let hasTimes = setting('times', true);
  let names = [];
  let shown = [];
  let matches = [];
  let current = -1;
  let unseen = 0;
  let list = null;
  let isLoaded = false;
  let error = null;
  let loading = new AbortController();

  draw();
  start();

  return {
    key,
    update({ params }) {
      resource = params.resource ?? '';
      lines.reset();
      isLoaded = false;
      draw();
      listen();
      load();
    },
    unmount() {
      loading.abort();
      list?.dispose();
    },
  };

  async function start() {
    try {
      const resources = await api.get('/api/resources', {}, { signal: loading.signal });
      know(resources);
      names = resources.filter(r => r.commands.length > 0).map(r => r.name);
    } catch (failed) {
      fail(failed);
    }

    listen();
    load();
  }

  // First listen, then ask: what is written meanwhile comes twice rather than never.
  function listen() {
    const channels = (resource ? [resource] : names).map(name => `console:${name}`);
    live.subscribe({ console: event => take(event.lines) }, { channels, resync: load, changed: draw });
  }

  async function load() {
    loading.abort();
    loading = new AbortController();
    try {
      const page = await api.get('/api/consolelogs', { resource, run, limit: MAX_LINES }, { signal: loading.signal });
      error = null;
      isLoaded = true;
      lines.set(page.lines);
      show();
    } catch (failed) {
      fail(failed);
    }
  }

  function fail(failed) {
    if (failed.name !== 'AbortError') {
      error = failed;
      draw();
    }
  }

  function take(fresh) {
    lines.add(fresh);
    if (list && !list.follow) {
      unseen += fresh.length;
    }

    show();
  }

  function show() {
    const wanted = search.toLowerCase();
    const kept = matches[current];
    matches = wanted ? lines.all.flatMap(line => placesOf(line, wanted).map(place => ({ line, place }))) : [];
    current = kept ? matches.findIndex(match => match.line.n === kept.line.n && match.place === kept.place) : -1;
    const matching = new Set(matches.map(match => match.line));
    shown = isOnlyMatches && wanted ? lines.all.filter(line => matching.has(line)) : lines.all;
    list?.setItems(shown);
    draw();
  }

  function find(text) {
    search = text;
    setQuery({ text });
    current = -1;
    show();
    if (matches.length > 0) {
      goTo(matches.length - 1);
    }

    announce(text ? plural(matches.length, 'match', 'matches') : 'The search is cleared.');
  }

  function goTo(index) {
    current = (index + matches.length) % matches.length;
    list.show(matches[current].line.n);
    draw();
  }

  function step(by) {
    if (matches.length === 0) {
      return false;
    }

    goTo(current < 0 ? (by > 0 ? 0 : matches.length - 1) : current + by);
    return true;
  }

  function toggle(name) {
    isWrapped = name === 'wrap' ? !isWrapped : isWrapped;
    hasTimes = name === 'times' ? !hasTimes : hasTimes;
    localStorage.setItem(`console-${name}`, name === 'wrap' ? isWrapped : hasTimes);
    list?.configure({ isMeasured: isWrapped });
    draw();
  }

  function onlyMatches() {
    isOnlyMatches = !isOnlyMatches;
    setQuery({ only: isOnlyMatches });
    show();
  }

  function clear() {
    lines.clear();
    unseen = 0;
    show();
  }

  function key(event) {
    switch (event.key) {
      case 'n':
        return step(1);
      case 'N':
        return step(-1);
      case 'w':
        toggle('wrap');
        return true;
      case 't':
        toggle('times');
        return true;
      default:
        return list?.key(event.key) ?? false;
    }
  }

  function searchKey(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
  }

  // The list lives as long as its element, which is there while there are lines.
  function attach(element) {
    list?.dispose();
    list = null;
    if (!element) {
      return;
    }

    list = createVirtualList(element, {
      label: 'Console lines',
      role: 'log',
      rowHeight: ROW,
      isMeasured: isWrapped,
      follow: true,
      keyOf: line => line.n,
      row: line => lineRow(line, { hasTimes, hasNames: resource === '', search: search.toLowerCase(), current: matches[current]?.line === line ? matches[current].place : -1 }),
      onFollow: isFollowing => {
        unseen = isFollowing ? 0 : unseen;
        draw();
      },
    });
    list.setItems(shown);
  }

  function draw() {
    const known = [...new Set([...names, ...lines.all.map(line => line.resource)])];
    render(html`
      <div class="toolbar">
        <h1>Console logs</h1>
        ${resourceFilter({ value: resource, names: known, onChange: name => navigate(name ? `/consolelogs/resource/${name}` : '/consolelogs') })}
        ${searchBox({ value: search, placeholder: 'Search lines', onInput: find, onKeydown: searchKey, extra: search ? matchControls() : nothing })}
        <div class="toolbar-end">
          <span class="total" data-testid="total">${plural(lines.all.length, 'line')}</span>
          ${toggleButton({ name: 'clock', label: 'Times', isOn: hasTimes, onClick: () => toggle('times'), testid: 'toggle-times' })}
          ${toggleButton({ name: 'wrap', label: 'Wrap', isOn: isWrapped, onClick: () => toggle('wrap'), testid: 'toggle-wrap' })}
          <a class="button" data-testid="download" title="Download" href=${api.address('/api/consolelogs/download', { resource, run })} download>${icon('download')}<span class="button-text">Download</span></a>
          ${pauseButton(live)}
          ${clearButton(clear, 'Clear what is shown here')}
        </div>
      </div>
      <div class="split console ${isWrapped ? 'is-wrapped' : ''}">${content()}</div>`, root);
    list?.update();
  }

  function content() {
    if (error && !isLoaded) {
      return failure(error, start);
    }

    if (isLoaded && lines.all.length === 0) {
      return empty({
        name: 'console',
        title: lines.isCleared ? 'Cleared' : 'No lines yet',
        text: why(),
      });
    }

    return html`
      <div class="console-lines" ${ref(attach)}></div>
      ${list && !list.follow && !live.isOff ? html`
        <button class="button to-newest" data-testid="to-newest" @click=${() => list.scrollToEnd()}>${icon('down')}${unseen > 0 ? `${count(unseen)} new` : 'To the newest'}</button>` : nothing}`;
  }

  function why() {
    if (live.isOff) {
      return `${resource || 'No resource'} wrote nothing in that run.`;
    }

    const before = lines.isCleared ? '' : `${resource || 'No resource'} has written nothing so far. `;
    return before + (live.isPaused ? 'Lines that are written now are shown when you go on.' : 'New lines appear here by themselves.');
  }

  function matchControls() {
    return html`
      <span class="match-count" data-testid="match-count" aria-live="off">${matches.length === 0 ? 'none' : `${current < 0 ? '' : `${count(current + 1)} of `}${count(matches.length)}`}</span>
      <button class="button is-quiet" title="Match before (N, Shift+Enter)" aria-label="Match before" ?disabled=${matches.length === 0} @click=${() => step(-1)}>${icon('up')}</button>
      <button class="button is-quiet" title="Next match (n, Enter)" aria-label="Next match" ?disabled=${matches.length === 0} @click=${() => step(1)}>${icon('down')}</button>
      <button class="button is-quiet ${isOnlyMatches ? 'is-on' : ''}" data-testid="only-matches" title="Only lines that match" aria-label="Only lines that match" aria-pressed=${isOnlyMatches} @click=${onlyMatches}>${icon('filter')}</button>`;
  }
}

const setting = (name, otherwise) => {
  const value = localStorage.getItem(`console-${name}`);
  return value === null ? otherwise : value === 'true';
};
