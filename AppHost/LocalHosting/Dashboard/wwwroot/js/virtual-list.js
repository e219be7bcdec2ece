// A list of any length with only the visible rows in the page.

import { html, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';

const OVERSCAN = 240;
const AT_END = 4;

/**
 * Fills an element that scrolls.
 *
 *   const list = createVirtualList(element, { label: 'Logs', keyOf: item => item.id, row: (item, { isActive }) => html`...`, onOpen: item => ... });
 *   list.setItems(items);
 *
 * What the reader looks at stays where it is when rows come or go before it; at the end, with `follow`, the list stays at the end.
 * Rows are `rowHeight` high, or as high as they turn out with `isMeasured`. Items must be objects that stay the same while they are shown.
 * It is a listbox of options, or with role 'grid' a grid, whose rows then hold elements of role gridcell.
 * With role 'log' its rows are text to read: none is active, keys scroll.
 * Arrows, j, k, Page Up and Down, Home and End move the active row, Enter opens it.
 */
export function createVirtualList(root, options) {
  const { keyOf, row, label, onOpen = () => {}, onActive = () => {}, onFollow = () => {}, role = 'listbox' } = options;
  let { rowHeight = 28, isMeasured = false, follow = false } = options;
  let items = [];
  let offsets = [0];
  let heights = new WeakMap();
  let active = -1;
  let frame = 0;
  let shownWidth = 0;
  let lastTop = 0;
  const isGrid = role === 'grid';
  const isText = role === 'log';
  const id = `list-${Math.random().toString(36).slice(2, 8)}`;

  root.classList.add('virtual-list');
  root.tabIndex = 0;
  root.setAttribute('role', role);
  root.setAttribute('aria-label', label);
  if (isText) {
    // Read out loud, lines that come by the hundred would drown everything else.
    root.setAttribute('aria-live', 'off');
  }

  const space = root.appendChild(document.createElement('div'));
  space.className = 'virtual-space';
  space.setAttribute('role', 'presentation');
  const rows = space.appendChild(document.createElement('div'));
  rows.className = 'virtual-rows';
  rows.setAttribute('role', 'presentation');

  const resized = new ResizeObserver(() => {
    if (root.clientWidth !== shownWidth) {
      shownWidth = root.clientWidth;
      heights = new WeakMap();
      place(anchor());
    } else if (follow) {
      scrollToEnd();
    }

    schedule();
  });
  resized.observe(root);
  root.addEventListener('scroll', scrolled, { passive: true });
  root.addEventListener('keydown', onKey);
  rows.addEventListener('click', clicked);

  return {
    setItems, update: schedule, configure, key, scrollToEnd, show, setActive,
    get active() { return items[active] ?? null; },
    get follow() { return follow; },
    dispose() {
      cancelAnimationFrame(frame);
      resized.disconnect();
      root.removeEventListener('scroll', scrolled);
      root.removeEventListener('keydown', onKey);
      space.remove();
    },
  };

  function setItems(next) {
    const before = anchor();
    const activeItem = items[active];
    items = next;
    active = activeItem === undefined ? -1 : indexOf(keyOf(activeItem));
    place(before);
    schedule();
  }

  /** Takes new values of rowHeight, isMeasured and follow. */
  function configure(changes) {
    const before = anchor();
    ({ rowHeight = rowHeight, isMeasured = isMeasured, follow = follow } = changes);
    heights = new WeakMap();
    place(before);
    schedule();
  }

  // The item at the top of what is seen, and how far it is scrolled out. None at the very top, so that new rows push the others down.
  function anchor() {
    if (items.length === 0 || root.scrollTop <= 0) {
      return null;
    }

    const index = at(root.scrollTop);
    return { key: keyOf(items[index]), from: index, offset: root.scrollTop - offsets[index] };
  }

  function place(before) {
    offsets = new Array(items.length + 1);
    offsets[0] = 0;
    for (let i = 0; i < items.length; i++) {
      offsets[i + 1] = offsets[i] + (isMeasured ? heights.get(items[i]) ?? rowHeight : rowHeight);
    }

    space.style.height = `${offsets[items.length]}px`;
    if (isGrid) {
      root.setAttribute('aria-rowcount', items.length);
    }

    if (follow) {
      scrollToEnd();
    } else if (before) {
      const index = indexOf(before.key, before.from);
      root.scrollTop = index < 0 ? 0 : offsets[index] + before.offset;
    }
  }

  // Rows leave at one end and come at the other, so a row is seldom far from where it was.
  function indexOf(key, near = 0) {
    for (let distance = 0; distance < items.length; distance++) {
      for (const i of [near - distance, near + distance]) {
        if (i >= 0 && i < items.length && keyOf(items[i]) === key) {
          return i;
        }
      }

      if (near - distance < 0 && near + distance >= items.length) {
        break;
      }
    }

    return -1;
  }

  function at(position) {
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (offsets[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }

    return low;
  }

  function schedule() {
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    const first = items.length === 0 ? 0 : at(Math.max(0, root.scrollTop - OVERSCAN));
    const last = items.length === 0 ? 0 : at(root.scrollTop + root.clientHeight + OVERSCAN) + 1;
    rows.style.transform = `translateY(${offsets[first]}px)`;
    render(html`${repeat(items.slice(first, last), keyOf, (item, i) => rowOf(item, first + i))}`, rows);
    if (active >= first && active < last) {
      root.setAttribute('aria-activedescendant', `${id}-${active}`);
    } else {
      root.removeAttribute('aria-activedescendant');
    }

    if (isMeasured && measure(first)) {
      place(anchor());
      schedule();
    }
  }

  function rowOf(item, index) {
    const isActive = index === active;
    const content = row(item, { index, isActive });
    return isText
      ? html`<div class="virtual-row is-text">${content}</div>`
      : isGrid
        ? html`<div class="virtual-row ${isActive ? 'is-active' : ''}" id="${id}-${index}" role="row" aria-rowindex=${index + 1} aria-selected=${isActive} .virtualIndex=${index}>${content}</div>`
        : html`<div class="virtual-row ${isActive ? 'is-active' : ''}" id="${id}-${index}" role="option" aria-posinset=${index + 1} aria-setsize=${items.length} aria-selected=${isActive} .virtualIndex=${index}>${content}</div>`;
  }

  function measure(first) {
    let isNew = false;
    for (const [i, element] of [...rows.children].entries()) {
      const height = element.getBoundingClientRect().height;
      if (height > 0 && Math.abs((heights.get(items[first + i]) ?? rowHeight) - height) > 0.5) {
        heights.set(items[first + i], height);
        isNew = true;
      }
    }

    return isNew;
  }

  function scrolled() {
    const isAtEnd = root.scrollTop + root.clientHeight >= offsets[items.length] - AT_END;
    const isUpwards = root.scrollTop < lastTop;
    lastTop = root.scrollTop;
    if (follow && !isAtEnd && !isUpwards) {
      // Nobody scrolled up: the list became lower while it was on its way to the end.
      scrollToEnd();
    } else if (options.follow !== undefined && isAtEnd !== follow) {
      follow = isAtEnd;
      onFollow(follow);
    }

    schedule();
  }

  function scrollToEnd() {
    root.scrollTop = offsets[items.length];
    lastTop = root.scrollTop;
  }

  function scrollTo(index, { isCentred = false } = {}) {
    const top = offsets[index];
    const bottom = offsets[index + 1];
    if (isCentred) {
      root.scrollTop = top - (root.clientHeight - (bottom - top)) / 2;
    } else if (top < root.scrollTop) {
      root.scrollTop = top;
    } else if (bottom > root.scrollTop + root.clientHeight) {
      root.scrollTop = bottom - root.clientHeight;
    }
  }

  /** Scrolls to the row with this key unless it can be seen. */
  function show(key) {
    const index = indexOf(key);
    if (index >= 0 && (offsets[index] < root.scrollTop || offsets[index + 1] > root.scrollTop + root.clientHeight)) {
      follow = false;
      scrollTo(index, { isCentred: true });
      schedule();
    }
  }

  /** Makes the row with this key the active one, or none with null; it is scrolled to when it cannot be seen. */
  function setActive(key, { isScrolledTo = true } = {}) {
    activate(key === null ? -1 : indexOf(key), isScrolledTo);
  }

  function activate(index, isScrolledTo = true) {
    active = index;
    if (index >= 0 && isScrolledTo) {
      scrollTo(index);
    }

    onActive(items[index] ?? null);
    schedule();
  }

  function clicked(event) {
    // A click that ends a selection of text, or hits a control of the row, opens nothing.
    const element = event.target.closest('.virtual-row');
    if (!element || isText || event.target.closest('a, button, summary, input') || !getSelection().isCollapsed) {
      return;
    }

    activate(element.virtualIndex, false);
    onOpen(items[active]);
  }

  function onKey(event) {
    if (event.target === root && !event.ctrlKey && !event.metaKey && !event.altKey && key(event.key)) {
      event.preventDefault();
    }
  }

  /** Does what a key means here and says whether it means anything; a page passes on the keys that were pressed elsewhere. */
  function key(name) {
    const page = Math.max(1, Math.floor(root.clientHeight / rowHeight) - 1);
    const last = items.length - 1;
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -items.length, End: items.length };
    if (name === 'Enter' && active >= 0) {
      onOpen(items[active]);
      return true;
    }

    if (!(name in moves) || items.length === 0) {
      return false;
    }

    if (isText) {
      root.scrollTop += moves[name] * rowHeight;
      return true;
    }

    const start = name === 'Home' ? 0 : active >= 0 ? active + moves[name] : moves[name] > 0 && name !== 'End' ? at(root.scrollTop) : last;
    activate(Math.min(last, Math.max(0, start)));
    return true;
  }
}
