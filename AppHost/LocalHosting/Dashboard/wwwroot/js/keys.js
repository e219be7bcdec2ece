// The keyboard: "g t" goes to the traces, "/" to the search box, "?" shows them all; the rest is the page's.

import { html } from '/vendor/lit-html/lit-html.js';
import { openDialog } from '/js/dialog.js';

const WAIT_FOR_SECOND = 1200;

/** `pageKey` is what the page does with a key; it answers true when the key meant something. */
export function listenToKeys({ pages, go, pageKey, pageKeys, toggleTheme, togglePause }) {
  let prefixed = 0;
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }

    if (isTyping(event.target)) {
      if (event.key === 'Escape') {
        event.target.blur();
      }

      return;
    }

    const isSecond = event.timeStamp - prefixed < WAIT_FOR_SECOND;
    prefixed = 0;
    if (act(event, isSecond)) {
      event.preventDefault();
    }
  });

  function act(event, isSecond) {
    const page = isSecond && pages.find(p => p.key === event.key);
    if (page) {
      go(page.path);
      return true;
    }

    switch (event.key) {
      case 'g':
        prefixed = event.timeStamp;
        return true;
      case '/':
        return focusSearch();
      case '?':
        showKeys();
        return true;
      case 'd':
        toggleTheme();
        return true;
      case 'p':
        togglePause();
        return true;
      default:
        // On a control, Enter and the arrows are the control's.
        return !(isControl(event.target) && event.key !== 'Escape') && pageKey(event);
    }
  }

  function showKeys() {
    const list = rows => html`<dl class="keys">${rows.map(([keys, what]) => html`<div><dt>${keys.split(' ').map(key => html`<kbd>${key}</kbd>`)}</dt><dd>${what}</dd></div>`)}</dl>`;
    openDialog('Keys', html`
      <h3>Everywhere</h3>
      ${list([...pages.map(page => [`g ${page.key}`, page.label]), ['/', 'Search'], ['p', 'Pause, go on'], ['d', 'Light, dark, as the system'], ['Esc', 'Close, leave the search box'], ['?', 'These keys']])}
      ${pageKeys().length > 0 ? html`<h3>On this page</h3>${list(pageKeys())}` : ''}`);
  }

  return { showKeys };
}

const isTyping = element => element.matches?.('input, textarea, select, [contenteditable]') ?? false;

const isControl = element => element.matches?.('button, a, summary, [role=tab], [role=separator]') ?? false;

function focusSearch() {
  const box = document.querySelector('main input[type=search]');
  box?.focus();
  box?.select();
  return box !== null;
}
