// The lines that the page holds, in the order of their writing, and where a text stands in them.

import { parse } from '/js/ansi.js';

export const MAX_LINES = 20_000;

const parsed = new WeakMap();

/** A line's pieces and its text without colours; made when the line is looked at for the first time. */
export function contentOf(line) {
  let content = parsed.get(line);
  if (!content) {
    const pieces = parse(line.text);
    const text = pieces.map(piece => piece.text).join('');
    content = { pieces, text, lower: text.toLowerCase() };
    parsed.set(line, content);
  }

  return content;
}

/** Where `text`, in small letters, stands in a line: [start, ...]. */
export function placesOf(line, text) {
  const { lower } = contentOf(line);
  const places = [];
  for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + text.length)) {
    places.push(at);
  }

  return places;
}

export function createLines() {
  let lines = [];
  let clearedAt = 0;
  let newest = new Map();
  return {
    get all() { return lines; },
    get isCleared() { return clearedAt > 0; },

    /** All there are, as the API told them; lines that came by themselves since then stay. */
    set(list) {
      const last = list.at(-1)?.n ?? 0;
      const since = lines.filter(line => line.n > last);
      this.reset();
      this.add(list);
      this.add(since);
    },

    /** Forgets all, for other resources' lines. */
    reset() {
      lines = [];
      newest = new Map();
    },

    /** New ones. They may be known already, and may be older than the newest of another resource. */
    add(list) {
      const fresh = list.filter(line => line.n > clearedAt && line.n > (newest.get(line.resource) ?? 0));
      if (fresh.length === 0) {
        return;
      }

      const isInOrder = lines.length === 0 || lines.at(-1).n < fresh[0].n;
      fresh.forEach(line => newest.set(line.resource, line.n));
      lines = lines.concat(fresh);
      if (!isInOrder) {
        lines.sort((a, b) => a.n - b.n);
      }

      lines = lines.slice(-MAX_LINES);
    },

    /** None of those that were there comes back. */
    clear() {
      clearedAt = lines.reduce((most, line) => Math.max(most, line.n), clearedAt);
      lines = [];
    },
  };
}
