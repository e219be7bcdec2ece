import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { count, duration, plural } from '/js/format.js';
import { colourOf } from '/js/colours.js';
import { icon } from '/js/icons.js';
import { styles } from '/js/styles.js';
import { pretty, readMessages } from './messages.js';

// Spans that may repeat the tokens of the calls below them.
const SUMS = ['invoke_agent', 'create_agent', 'execute_tool'];

export const isTool = span => Boolean(span.genai?.toolName);
export const isModel = span => Boolean(span.genai) && !isTool(span) && !SUMS.includes(span.genai.operation);

export const tokens = n => plural(n, 'token');

/** US dollars with two digits of a small price: $0.00041. */
export function cost(usd) {
  if (usd === 0 || usd >= 1) {
    return `$${usd.toFixed(usd === 0 ? 0 : 2)}`;
  }

  return `$${usd.toFixed(Math.min(10, 1 - Math.floor(Math.log10(usd))))}`;
}

/** What a trace asked of models and tools; null when nothing. */
export function usage(spans) {
  const models = spans.filter(isModel);
  const tools = spans.filter(isTool);
  const sum = value => models.reduce((total, { genai }) => total + (value(genai) ?? 0), 0);
  return models.length + tools.length === 0 ? null : {
    models: models.length,
    tools: tools.length,
    input: sum(genai => genai.inputTokens),
    output: sum(genai => genai.outputTokens),
    cost: models.some(({ genai }) => genai.costUsd !== null) ? sum(genai => genai.costUsd) : null,
  };
}

/** The model and tool calls of a trace in the order in which they began; `opened` holds the ids of those shown in full. */
export function genaiView({ spans, opened, onToggle, onSelect }) {
  const calls = spans.filter(span => span.genai).sort((a, b) => a.startMs - b.startMs);
  const total = usage(spans);
  return html`
    <div class="genai" data-testid="genai">
      ${total === null ? nothing : html`
        <dl class="figures">
          ${figure('Model calls', count(total.models))}
          ${figure('Tool calls', count(total.tools))}
          ${figure('Input tokens', count(total.input))}
          ${figure('Output tokens', count(total.output))}
          ${total.cost === null ? nothing : figure('Cost', cost(total.cost))}
        </dl>`}
      <ol class="genai-calls">${calls.map(span => call(span, opened.has(span.id), onToggle, onSelect))}</ol>
    </div>`;
}

const figure = (name, value) => html`<div class="figure"><dt>${name}</dt><dd>${value}</dd></div>`;

function call(span, isOpen, onToggle, onSelect) {
  const { genai } = span;
  return html`
    <li class="genai-call" data-testid="genai-call" ${styles({ '--colour': colourOf(span.resource) })}>
      <button class="genai-head" aria-expanded=${isOpen} @click=${() => onToggle(span.id)}>
        ${icon(isOpen ? 'down' : 'right')}
        <span class="genai-kind">${isTool(span) ? 'Tool' : isModel(span) ? 'Model' : 'Agent'}</span>
        <span class="genai-name">${genai.toolName ?? genai.model ?? span.name}</span>
        ${genai.system ? html`<span class="faint">${genai.system}</span>` : nothing}
        <span class="genai-numbers">
          ${span.status === 'error' ? html`<span class="error-text status">${icon('error')}${span.statusMessage || 'failed'}</span>` : nothing}
          ${genai.inputTokens === null && genai.outputTokens === null ? nothing : html`<span title="Input and output tokens">${count(genai.inputTokens ?? 0)} in, ${count(genai.outputTokens ?? 0)} out</span>`}
          ${genai.costUsd === null ? nothing : html`<span>${cost(genai.costUsd)}</span>`}
          <span class="genai-time">${duration(span.durationMs)}</span>
        </span>
      </button>
      ${isOpen ? html`
        <div class="genai-body">
          ${isTool(span) || isModel(span) ? contents(genai, isTool(span)) : nothing}
          <button class="button" @click=${() => onSelect(span.id)}>Show the span</button>
        </div>` : nothing}
    </li>`;
}

/** What went in and out of a call, where it was captured. */
export function contents(genai, isToolCall) {
  if (!genai.input && !genai.output) {
    return html`<p class="hint">${isToolCall
      ? 'Arguments and result are not on this span.'
      : html`What was said is not on this span. It is there when <code>Telemetry:CaptureModelContent</code> is set for the chat service.`}</p>`;
  }

  return html`${side('Input', genai.input)}${side('Output', genai.output)}`;
}

function side(name, json) {
  if (!json) {
    return nothing;
  }

  const messages = readMessages(json);
  return html`
    <section class="genai-side" aria-label=${name}>
      <h4>${name}</h4>
      ${messages === null ? html`<pre class="code">${pretty(json)}</pre>` : messages.map(message)}
    </section>`;
}

const names = { call: 'calls', result: 'result', reasoning: 'reasoning' };

const message = ({ role, parts, finishReason }) => html`
  <div class="message is-${role}">
    <div class="message-role">${role}${finishReason ? html`<span class="message-end">${finishReason}</span>` : nothing}</div>
    ${parts.map(({ kind, name, id, text }) => html`
      <div class="message-part is-${kind}">
        ${kind === 'text' ? nothing : html`<div class="message-name">${[names[kind], name].filter(Boolean).join(' ')}${id ? html` <code class="faint">${id}</code>` : nothing}</div>`}
        ${kind === 'text' || kind === 'reasoning' ? html`<div class="message-text">${text}</div>` : html`<pre class="code">${text}</pre>`}
      </div>`)}
  </div>`;
