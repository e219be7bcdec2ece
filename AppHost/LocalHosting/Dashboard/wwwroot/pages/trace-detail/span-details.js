import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { properties, section } from '/js/details.js';
import { duration } from '/js/format.js';
import { icon } from '/js/icons.js';
import { attributes } from '/pages/telemetry/attributes.js';
import { shortId } from '/pages/telemetry/ids.js';
import { levelBadge } from '/pages/telemetry/levels.js';
import { resourceTag } from '/pages/telemetry/resources.js';
import { contents, cost, isModel, isTool, tokens } from './genai.js';

/** Everything about one span: its figures first, what it asked of a model, what happened in it, and where it leads. */
export function spanDetails(span, { traceId, logs, link, onLog }) {
  const { genai } = span;
  return html`
    ${section('Span', properties(facts(span)))}
    ${genai === null ? nothing : section(isTool(span) ? 'Tool call' : isModel(span) ? 'Model call' : 'Agent', html`
      <div>${properties(called(genai))}${isTool(span) || isModel(span) ? contents(genai, isTool(span)) : nothing}</div>`, { testid: 'span-genai' })}
    ${part('Events', span.events, html`<div>${span.events.map(event => happened(event, span))}</div>`)}
    ${part('Attributes', span.attributes, attributes(span.attributes))}
    ${part('Logs', logs, html`
      <div>
        <ul>${logs.map(log => html`<li><button class="span-log" @click=${() => onLog(log)}>${levelBadge(log.level)}<span>${log.message}</span></button></li>`)}</ul>
        <a class="more" href=${link(`/structuredlogs?traceId=${traceId}&spanId=${span.id}`)}>Open in structured logs</a>
      </div>`)}
    ${part('Links', span.links, html`
      <ul>${span.links.map(to => html`<li><a href=${link(`/traces/detail/${to.traceId}?span=${to.spanId}`)}>Trace ${shortId(to.traceId)}, span ${shortId(to.spanId)}</a></li>`)}</ul>`)}`;
}

const part = (name, items, body) => (items.length === 0 ? nothing : section(name, body, { count: items.length, testid: `span-${name.toLowerCase()}` }));

const facts = span => [
  ['Resource', resourceTag(span.resource)],
  ['Instance', span.instance],
  ['Duration', duration(span.durationMs)],
  ['Starts at', `+${duration(span.startMs)}`],
  ['Status', span.status === 'error' ? html`<span class="error-text status">${icon('error')}${span.statusMessage || 'Error'}</span>` : span.status === 'ok' ? 'Ok' : 'Unset'],
  ['Kind', span.kind],
  ['Source', span.scope],
  ['Span id', span.id],
].filter(([, value]) => value);

const called = genai => [
  ['Operation', genai.operation],
  ['Tool', genai.toolName],
  ['Call id', genai.toolCallId],
  ['Model', genai.model],
  ['Provider', genai.system],
  ['Input', genai.inputTokens === null ? null : tokens(genai.inputTokens)],
  ['Output', genai.outputTokens === null ? null : tokens(genai.outputTokens)],
  ['Cost', genai.costUsd === null ? null : cost(genai.costUsd)],
  ['Conversation', genai.conversationId],
].filter(([, value]) => value);

const happened = (event, span) => html`
  <div class="event">
    <div class="event-head"><b class=${event.name === 'exception' ? 'error-text' : ''}>${event.name}</b><span class="faint">+${duration(Math.max(0, event.timeMs - span.startMs))} into the span</span></div>
    ${attributes(event.attributes)}
  </div>`;
