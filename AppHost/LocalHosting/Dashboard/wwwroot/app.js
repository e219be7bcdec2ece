// The shell: which page the address means, what is around the page, the keyboard.

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import * as api from '/js/api.js';
import { announceIn } from '/js/announce.js';
import { failure } from '/js/controls.js';
import { icon } from '/js/icons.js';
import { listenToKeys } from '/js/keys.js';
import { createLive } from '/js/live.js';
import { find, pages } from '/js/pages.js';
import { runChoice, runNotice } from '/js/runs.js';

const themes = { system: ['system', 'As the system'], light: ['sun', 'Light'], dark: ['moon', 'Dark'] };
const shell = document.body.appendChild(document.createElement('div'));
shell.className = 'app';
let shown = null;
let runs = [];

const keys = listenToKeys({
  pages,
  go: navigate,
  pageKey: event => shown?.view?.key?.(event) ?? false,
  pageKeys: () => shown?.module?.keys ?? [],
  toggleTheme,
  togglePause: () => shown?.live?.isOff || shown?.live?.toggle(),
});

draw();
announceIn(document.querySelector('#announcements'));
addEventListener('popstate', show);
document.addEventListener('click', followLink);
show();
loadRuns();

/** Goes to a path of this site. The run that is looked at stays the same unless the path names another. */
function navigate(path) {
  history.pushState(null, '', link(path));
  show();
}

/** The address of a path, in the run that is looked at. */
function link(path) {
  const url = new URL(path, location.origin);
  const run = new URLSearchParams(location.search).get('run');
  if (run && !url.searchParams.has('run')) {
    url.searchParams.set('run', run);
  }

  return url.pathname + url.search;
}

/** Changes filters in the address without a new entry in the history; null removes one. */
function setQuery(changes) {
  history.replaceState(null, '', api.address(location.pathname, { ...query(), ...changes }));
  draw();
}

function query() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

async function show() {
  const found = find(location.pathname);
  const run = query().run ?? null;
  const context = { params: found?.params ?? {}, query: query(), run };
  if (shown?.view?.update && shown.page === found?.page && shown.run === run) {
    shown.view.update(context);
    draw();
    return;
  }

  leave();
  const mine = { page: found?.page ?? null, run, live: null, view: null, module: null };
  const root = document.createElement('div');
  root.className = 'page';
  root.dataset.testid = `page-${found?.page.name ?? 'not-found'}`;
  shown = mine;
  draw();
  try {
    mine.module = await (found?.page.load() ?? import('/pages/not-found.js'));
  } catch (error) {
    render(failure(error, show), root);
  }

  // Somebody may have gone on to another page while this one was loaded.
  if (shown !== mine) {
    return;
  }

  main().replaceChildren(root);
  if (mine.module) {
    document.title = `${mine.module.title} - AiPlatform`;
    mine.live = createLive({ isOff: run !== null && !mine.module.isOfNow });
    mine.view = mine.module.mount(root, { ...context, api, live: mine.live, link, navigate, setQuery });
    draw();
  }
}

async function loadRuns() {
  try {
    runs = await api.get('/api/runs');
  } catch {
    // Without the list there is no choice; the pages show this run, and say by themselves when the dashboard is gone.
    runs = [];
  }

  draw();
}

function chooseRun(run) {
  history.pushState(null, '', api.address(location.pathname, { ...query(), run }));
  show();
}

function leave() {
  shown?.view?.unmount();
  shown?.live?.close();
  shown = null;
}

function main() {
  return document.querySelector('main');
}

function followLink(event) {
  const anchor = event.target.closest('a[href]');
  if (!anchor || anchor.origin !== location.origin || anchor.target || anchor.hasAttribute('download') || event.button !== 0
    || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented || !find(anchor.pathname)) {
    return;
  }

  event.preventDefault();
  navigate(anchor.pathname + anchor.search);
  main().focus({ preventScroll: true });
}

function toggleTheme() {
  const names = Object.keys(themes);
  localStorage.setItem('theme', names[(names.indexOf(theme()) + 1) % names.length]);
  dispatchEvent(new Event('themechange'));
  draw();
}

function theme() {
  const name = localStorage.getItem('theme');
  return name in themes ? name : 'system';
}

function draw() {
  const [themeIcon, themeName] = themes[theme()];
  const choice = { runs, run: query().run ?? null, isOfNow: shown?.module?.isOfNow ?? false, onChange: chooseRun, onOpen: loadRuns };
  render(html`
    <a class="skip" href="#main">Skip to the content</a>
    <header class="bar">
      <a class="brand" href=${link('/')}><img src="/favicon.svg" alt="" width="20" height="20">AiPlatform</a>
      <div class="bar-end">
        ${runChoice(choice)}
        <button class="button is-quiet" data-testid="theme-toggle" title="Theme: ${themeName} (d)" aria-label="Theme: ${themeName}" @click=${toggleTheme}>${icon(themeIcon)}</button>
        <button class="button is-quiet" data-testid="keys" title="Keys (?)" aria-label="Keys" @click=${() => keys.showKeys()}>${icon('help')}</button>
      </div>
    </header>
    <nav class="nav" aria-label="Pages">
      ${pages.map(page => html`
        <a class="nav-link" href=${link(page.path)} data-testid="nav-${page.name}" title="${page.label} (g ${page.key})"
          aria-current=${(shown?.page?.menu ?? shown?.page?.name) === page.name ? 'page' : nothing}>${icon(page.icon)}<span>${page.label}</span></a>`)}
    </nav>
    <div class="run-notice">${runNotice(choice)}</div>
    <main id="main" tabindex="-1"></main>
    <div id="toast"></div>
    <div id="announcements" class="unseen" role="status" aria-live="polite"></div>`, shell);
}
