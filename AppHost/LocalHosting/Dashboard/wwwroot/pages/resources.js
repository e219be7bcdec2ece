// What runs: as a table or as a graph, with everything about one resource beside it.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { ref } from '/vendor/lit-html/directives/ref.js';
import { announce } from '/js/announce.js';
import { know } from '/js/colours.js';
import { empty, failure, pauseButton, searchBox, tabs, total } from '/js/controls.js';
import { toast } from '/js/toast.js';
import { details } from './resources/details.js';
import { graph } from './resources/graph.js';
import { inOrder, matches } from './resources/model.js';
import { table } from './resources/table.js';

export const title = 'Resources';
export const isOfNow = true;
export const keys = [['j k', 'Details of the next, previous resource'], ['v', 'Table or graph']];

export function mount(root, { query, api, live, link, setQuery }) {
  const narrow = matchMedia('(max-width: 640px)');
  const pending = new Set();
  const revealed = new Map();
  let { resource: selected = null, view = 'table', text = '' } = query;
  let room = 0;
  let resources = null;
  let error = null;

  // How wide the part beside the details is, which the graph fits itself into.
  const resized = new ResizeObserver(([{ contentRect }]) => {
    room = contentRect.width;
    draw();
  });
  const watchRoom = element => element ? resized.observe(element) : resized.disconnect();

  live.subscribe({ resources: take }, { resync: load, changed: draw });
  narrow.addEventListener('change', draw);
  load();
  draw();

  return {
    key,
    update({ query: now }) {
      ({ resource: selected = null, view = 'table', text = '' } = now);
      draw();
    },
    unmount() {
      resized.disconnect();
      narrow.removeEventListener('change', draw);
    },
  };

  async function load() {
    try {
      take(await api.get('/api/resources'));
    } catch (failed) {
      error = failed;
      draw();
    }
  }

  function take(list) {
    error = null;
    resources = list;
    know(list);
    const troubled = list.filter(resource => resource.stateStyle === 'error' || resource.stateStyle === 'warning');
    announce(`${list.length} resources, ${troubled.length === 0 ? 'all well' : `not well: ${troubled.map(resource => resource.name).join(', ')}`}.`);
    draw();
  }

  function open(name) {
    selected = name;
    revealed.clear();
    setQuery({ resource: selected });
    draw();
  }

  function show(newView) {
    view = newView;
    setQuery({ view: view === 'table' ? null : view });
    draw();
  }

  async function execute(name, command) {
    pending.add(name);
    draw();
    try {
      const { success, message } = await api.post(`/api/resources/${name}/commands/${command}`);
      if (message) {
        toast(success ? 'info' : 'error', message);
      }
    } catch (failed) {
      toast('error', failed.message);
    } finally {
      pending.delete(name);
      draw();
    }
  }

  async function reveal(name, variable) {
    const key = `${name}/${variable}`;
    if (!revealed.delete(key)) {
      try {
        revealed.set(key, (await api.get(`/api/resources/${name}/environment/${encodeURIComponent(variable)}`)).value);
      } catch (failed) {
        toast('error', failed.message);
      }
    }

    draw();
  }

  function key(event) {
    const names = shown().length === 0 ? [] : inOrder(shown()).map(({ resource }) => resource.name);
    switch (event.key) {
      case 'Escape':
        return selected !== null && (open(null), true);
      case 'v':
        show(view === 'table' ? 'graph' : 'table');
        return true;
      case 'j':
      case 'k':
      case 'ArrowDown':
      case 'ArrowUp': {
        const step = event.key === 'j' || event.key === 'ArrowDown' ? 1 : -1;
        const index = selected === null ? (step > 0 ? 0 : names.length - 1) : Math.min(names.length - 1, Math.max(0, names.indexOf(selected) + step));
        open(names[index] ?? null);
        return true;
      }
      default:
        return false;
    }
  }

  function shown() {
    return (resources ?? []).filter(resource => !text || matches(resource, text));
  }

  function draw() {
    const list = shown();
    const context = { selected, open, link, run: execute, pending, revealed, reveal, close: () => open(null), isNarrow: narrow.matches, room };
    const chosen = resources?.find(resource => resource.name === selected);
    render(html`
      <div class="toolbar">
        <h1>Resources</h1>
        ${searchBox({ value: text, placeholder: 'Search resources', onInput: value => { text = value; setQuery({ text }); draw(); } })}
        ${tabs({ label: 'View', value: view, options: [['table', 'Table', 'table'], ['graph', 'Graph', 'graph']], onChange: show })}
        <div class="toolbar-end">${resources ? total(list.length, list.length === 1 ? 'resource' : 'resources') : nothing}${pauseButton(live)}</div>
      </div>
      <div class="split">
        <div class="main-part" role="tabpanel" aria-label=${view === 'graph' ? 'Graph' : 'Table'} ${ref(watchRoom)}>${content(list, context)}</div>
        ${chosen ? details(chosen, resources, context) : nothing}
      </div>`, root);
  }

  function content(list, context) {
    if (resources === null) {
      return error ? failure(error, load) : nothing;
    }

    if (list.length === 0) {
      return text
        ? empty({ name: 'search', title: 'No resource matches', text: `Nothing is called “${text}”, is of that type, in that state or at that address.` })
        : empty({ name: 'resources', title: 'No resources', text: 'The app model is empty. Add projects, servers and executables in the AppHost’s Program.cs.' });
    }

    return view === 'graph' ? graph(list, context) : table(list, context);
  }
}
