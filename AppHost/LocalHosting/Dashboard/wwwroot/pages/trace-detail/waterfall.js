import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { colourOf } from '/js/colours.js';
import { duration } from '/js/format.js';
import { icon } from '/js/icons.js';
import { styles } from '/js/styles.js';
import { levelBadge } from '/pages/telemetry/levels.js';
import { niceStep, ticks } from '/pages/telemetry/ticks.js';
import { isModel, isTool } from './genai.js';
import { hasChildren } from './tree.js';

/** Marks on the time axis and the lines under them, for the part of the trace between `from` and `to`. */
export function axis({ from, to }, most) {
  const step = niceStep(to - from, most);
  return ticks(from, to, most).map(at => html`
    <span class="axis-tick" ${styles({ left: `${share(at, from, to)}%` })}><span>${at === 0 ? '0' : axisLabel(at, step)}</span></span>`);
}

// All marks in one unit, that of the step: "900 ms, 1 s" reads worse than "0.9 s, 1 s".
function axisLabel(at, step) {
  const [size, unit] = at >= 1_000 || step >= 1_000 ? [1_000, 's'] : step >= 1 ? [1, 'ms'] : [0.001, 'µs'];
  return `${Number((at / size).toFixed(Math.max(0, -Math.floor(Math.log10(step / size)))))} ${unit}`;
}

/** One span: where it belongs at the left, when it ran at the right. */
export function spanRow(row, { range, onToggle }) {
  const { span } = row.node;
  const opens = hasChildren(row.node);
  const hiddenFailures = row.isCollapsed ? row.node.failed - (span.status === 'error' ? 1 : 0) : 0;

  return html`
    <div class="span-row ${row.isMatch ? '' : 'is-context'} ${span.status === 'error' ? 'is-failed' : ''}" role="presentation" data-testid="span-row" data-span=${span.id}
      ${styles({ '--depth': Math.min(span.depth, 24), '--colour': colourOf(span.resource) })}>
      <div class="span-name" role="gridcell">
        ${opens
          ? html`<button class="twisty" type="button" tabindex="-1" aria-label=${row.isCollapsed ? 'Expand' : 'Collapse'} aria-expanded=${!row.isCollapsed} @click=${() => onToggle(row.node)}>${icon(row.isCollapsed ? 'right' : 'down')}</button>`
          : html`<span class="twisty"></span>`}
        <span class="span-resource">${span.resource}</span>
        <span class="span-title" title="${span.resource}: ${span.name}">${span.name}</span>
        ${span.status === 'error' ? html`<span class="error-text status" title=${span.statusMessage || 'Error'}>${icon('error', 'Error')}</span>` : nothing}
        ${isModel(span) ? html`<span class="pill">model</span>` : isTool(span) ? html`<span class="pill">tool</span>` : nothing}
        ${row.isCollapsed ? html`<span class="span-hidden">+${row.node.end - row.node.index - 1}${hiddenFailures > 0 ? html` <span class="error-text status">${icon('error', 'Errors')}${hiddenFailures}</span>` : nothing}</span>` : nothing}
      </div>
      <div class="span-time" role="gridcell">${bar(span, range)}</div>
    </div>`;
}

function bar(span, { from, to }) {
  const end = span.startMs + span.durationMs;
  const text = duration(span.durationMs);
  if (end < from || span.startMs > to) {
    return html`<span class="bar-label ${end < from ? 'is-before' : 'is-behind'}">${end < from ? `‹ ${text}` : `${text} ›`}</span>`;
  }

  const left = share(Math.max(span.startMs, from), from, to);
  const right = share(Math.min(end, to), from, to);
  const place = right > 84 ? (left > 16 ? { right: `calc(${100 - left}% + 6px)` } : { left: `calc(${left}% + 6px)` }) : { left: `calc(max(${right}%, ${left}% + 3px) + 6px)` };
  return html`
    <span class="span-bar" ${styles({ left: `${left}%`, width: `${right - left}%` })}></span>
    ${span.events.map(event => event.timeMs < from || event.timeMs > to ? nothing : html`
      <span class="bar-event ${event.name === 'exception' ? 'is-failed' : ''}" title="${event.name}, +${duration(event.timeMs - span.startMs)}" ${styles({ left: `${share(event.timeMs, from, to)}%` })}></span>`)}
    <span class="bar-label ${right > 84 && left <= 16 ? 'is-inside' : ''}" ${styles(place)}>${text}</span>`;
}

/** A log under the span that wrote it, or in a list of its own, where it has no node. */
export function logRow({ node, log }, { range, start }) {
  const at = log.time - start;
  return html`
    <div class="span-row is-log" role="presentation" data-testid="span-log"
      ${styles({ '--depth': node === null ? 0 : Math.min(node.span.depth + 1, 24), '--colour': colourOf(log.resource) })}>
      <div class="span-name" role="gridcell">${node === null ? nothing : html`<span class="twisty"></span>`}${levelBadge(log.level)}<span class="span-title" title=${log.message}>${log.message}</span></div>
      <div class="span-time" role="gridcell">
        ${at < range.from || at > range.to ? nothing : html`<span class="log-mark" title="+${duration(at)}" ${styles({ left: `${share(at, range.from, range.to)}%` })}></span>`}
      </div>
    </div>`;
}

const share = (at, from, to) => (to > from ? (at - from) / (to - from) * 100 : 0);
