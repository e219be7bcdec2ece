import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { copyButton, properties, section } from '/js/details.js';
import { dateTime, time } from '/js/format.js';
import { attributes, block } from '/pages/telemetry/attributes.js';
import { shortId } from '/pages/telemetry/ids.js';
import { levelBadge } from '/pages/telemetry/levels.js';
import { resourceTag } from '/pages/telemetry/resources.js';

/** Everything about one log record; `onTrace` shows the other logs of its trace. */
export function logDetails(log, { link, onTrace = null }) {
  return html`
    <div class="log-details">
      <div class="block"><pre class="log-message">${log.message}</pre>${copyButton(log.message)}</div>
      ${log.exception ? section('Exception', html`<div class="exception">${block(log.exception)}</div>`) : nothing}
      ${section('Log', properties(facts(log, link, onTrace)))}
      ${log.attributes.length > 0 ? section('Attributes', attributes(log.attributes), { count: log.attributes.length }) : nothing}
    </div>`;
}

function facts(log, link, onTrace) {
  const href = link(`/traces/detail/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`);
  return [
    ['Level', levelBadge(log.level)],
    ['Time', html`<span title=${dateTime(log.time)}>${time(log.time)}</span>`],
    ['Resource', resourceTag(log.resource)],
    ['Instance', log.instance],
    ['Category', log.category],
    ['Event', log.eventName],
    ['Trace', log.traceId && html`
      <a href=${href} data-testid="log-trace-link" title=${log.traceId}>${shortId(log.traceId)}</a>${copyButton(log.traceId)}
      ${onTrace ? html`<button class="link" data-testid="logs-of-trace" @click=${() => onTrace(log.traceId)}>Its logs</button>` : nothing}`],
    ['Span', log.spanId],
  ].filter(([, value]) => value);
}
