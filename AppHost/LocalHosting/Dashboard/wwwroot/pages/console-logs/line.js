// How one line is drawn: its time, who wrote it, and its text with colours, links and what was searched for.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { classesOf, propertiesOf } from '/js/ansi.js';
import { colourOf } from '/js/colours.js';
import { dateTime, time } from '/js/format.js';
import { styles } from '/js/styles.js';
import { contentOf, placesOf } from './lines.js';

const address = /https?:\/\/[^\s"'<>()[\]{}]+[^\s"'<>()[\]{}.,;:!?]/g;

/** `search` is in small letters; `current` is the place of the match that is looked at, when it is in this line. */
export const lineRow = (line, { hasTimes, hasNames, search, current }) => html`
  <div class="line ${line.isError ? 'is-error' : ''}" data-testid="log-row">
    ${hasTimes ? html`<time class="line-time" title=${dateTime(line.time)}>${time(line.time)}</time>` : nothing}
    ${hasNames ? html`<span class="line-name" title=${line.instance} ${styles({ color: colourOf(line.resource) })}>${line.resource}</span>` : nothing}
    <span class="line-text">${line.isError ? html`<span class="line-error" title="Written to the error output">!</span>` : nothing}${textOf(line, search, current)}</span>
  </div>`;

function textOf(line, search, current) {
  const { pieces, text } = contentOf(line);
  const links = text.includes('://') ? [...text.matchAll(address)].map(match => ({ start: match.index, end: match.index + match[0].length, href: match[0] })) : [];
  const marks = search ? placesOf(line, search).map(start => ({ start, end: start + search.length, isCurrent: start === current })) : [];
  const cuts = [...links, ...marks].flatMap(({ start, end }) => [start, end]);
  return pieces.map(piece => {
    const parts = cut(piece, cuts).map(part => drawn(part, links, marks));
    const classes = classesOf(piece.style);
    const properties = propertiesOf(piece.style);
    return classes || Object.keys(properties).length > 0 ? html`<span class=${classes} ${styles(properties)}>${parts}</span>` : parts;
  });
}

function cut({ text, start }, cuts) {
  const places = [...new Set(cuts)].filter(at => at > start && at < start + text.length).sort((a, b) => a - b);
  return [start, ...places].map((from, i) => ({ start: from, text: text.slice(from - start, (places[i] ?? start + text.length) - start) }));
}

function drawn({ text, start }, links, marks) {
  const isIn = range => start >= range.start && start < range.end;
  const link = links.find(isIn);
  const mark = marks.find(isIn);
  const marked = mark ? html`<mark class=${mark.isCurrent ? 'is-current' : ''}>${text}</mark>` : text;
  return link ? html`<a href=${link.href} target="_blank" rel="noreferrer">${marked}</a>` : marked;
}
