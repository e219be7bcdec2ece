import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { pauseButton, searchBox, tabs, toggleButton } from '/js/controls.js';
import { copyButton } from '/js/details.js';
import { count, dateTime, duration, plural, time } from '/js/format.js';
import { icon } from '/js/icons.js';
import { shortId } from '/pages/telemetry/ids.js';
import { resourceTag } from '/pages/telemetry/resources.js';
import { cost } from './genai.js';

/** What the trace is and how it went, on one line. */
export function traceHead(trace, { asked, link, onNextError }) {
  const [first] = trace.spans;
  const failures = trace.spans.filter(span => span.status === 'error').length;
  return html`
    <header class="toolbar trace-head">
      <a class="button is-quiet" href=${link('/traces')} aria-label="All traces" title="All traces">${icon('left')}</a>
      <h1 class="clip" title="${first.resource}: ${first.name}">${first.resource}: ${first.name}</h1>
      <span class="trace-id-whole"><code title=${trace.id}>${shortId(trace.id)}</code>${copyButton(trace.id)}</span>
      <dl class="trace-facts" data-testid="trace-facts">
        ${fact('Start', html`<span title=${dateTime(trace.start)}>${time(trace.start)}</span>`)}
        ${fact('Duration', duration(trace.durationMs))}
        ${fact('Spans', count(trace.spans.length))}
        ${failures === 0 ? nothing : fact('Errors', html`<button class="error-text status" data-testid="next-error" title="Next error (e)" @click=${onNextError}>${icon('error')}${count(failures)}</button>`)}
        ${asked === null ? nothing : fact('Tokens', count(asked.input + asked.output))}
        ${asked === null || asked.cost === null ? nothing : fact('Cost', cost(asked.cost))}
      </dl>
    </header>
    ${trace.truncated ? html`<div class="notice" role="status">${icon('warning')}Only a part of this trace is kept: older spans made room for newer ones.</div>` : nothing}`;
}

const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** What can be done with it: which view, what to look for, what to leave out. `zoom` is the part that is shown, or null for all of it. */
export const traceTools = (trace, { asked, view, text, live, isCollapsed, withLogs, zoom, onView, onSearch, onCollapse, onLogs, onWhole }) => html`
  <div class="toolbar trace-tools">
    ${tabs({ label: 'View', value: view, onChange: onView, options: [
      ['waterfall', 'Waterfall', 'traces'],
      ['logs', `Logs ${count(trace.logs.length)}`, 'logs'],
      ...(asked === null ? [] : [['genai', `Models ${count(asked.models + asked.tools)}`, 'project']]),
    ] })}
    ${view === 'genai' ? nothing : searchBox({ value: text, placeholder: view === 'logs' ? 'Search logs' : 'Search spans', onInput: onSearch })}
    ${view === 'waterfall' ? html`
      ${toggleButton({ name: isCollapsed ? 'down' : 'up', label: isCollapsed ? 'Expand all' : 'Collapse all', isOn: false, testid: 'collapse-all', onClick: onCollapse })}
      ${trace.logs.length > 0 ? toggleButton({ name: 'logs', label: 'Logs between spans', isOn: withLogs, testid: 'with-logs', onClick: onLogs }) : nothing}` : nothing}
    ${zoom === null ? nothing : html`<button class="button is-on" data-testid="zoom-out" title="The whole trace (0)" @click=${onWhole}>${duration(zoom.from)} to ${duration(zoom.to)} ${icon('close')}</button>`}
    <div class="toolbar-end">
      ${legend(trace.spans)}
      ${pauseButton(live)}
    </div>
  </div>`;

// Which services took part, in their colours.
const legend = spans => html`
  <span class="legend">${[...Map.groupBy(spans, span => span.resource)].map(([name, own]) => html`<span title=${plural(own.length, 'span')}>${resourceTag(name)}</span>`)}</span>`;
