// The official client of OpenAI against the gateway.
import OpenAI from 'openai';
import { serve } from './commands.mjs';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

const find = {
  type: 'function',
  function: {
    name: 'find', description: 'Finds.', parse: JSON.parse, function: ({ n }) => `found ${n}`,
    parameters: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  },
};

await serve({
  async chat({ model, text, ...rest }) {
    const { choices: [choice], usage, model: served } = await client.chat.completions.create({ model, messages: [{ role: 'user', content: text }], ...rest });
    return { text: choice.message.content, reason: choice.finish_reason, tokens: usage.total_tokens, model: served };
  },

  // The client puts the chunks together and refuses what does not fit.
  async chatStream({ model, text }) {
    const stream = client.chat.completions.stream({ model, messages: [{ role: 'user', content: text }], stream_options: { include_usage: true } });
    const pieces = [];
    stream.on('content', piece => pieces.push(piece));
    const whole = await stream.finalChatCompletion();
    return { pieces, text: whole.choices[0].message.content, reason: whole.choices[0].finish_reason, tokens: (await stream.totalUsage()).total_tokens };
  },

  // Calls the function as often as the model asks for it.
  async tools({ model, text, stream }) {
    const runner = client.chat.completions.runTools({ model, messages: [{ role: 'user', content: text }], tools: [find], stream });
    const content = await runner.finalContent();
    return { content, results: runner.messages.filter(message => message.role === 'tool').map(message => message.content) };
  },

  // Leaves in the middle.
  async leave({ model, text }) {
    const stream = await client.chat.completions.create({ model, messages: [{ role: 'user', content: text }], stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) {
        stream.controller.abort();
        return { left: chunk.choices[0].delta.content };
      }
    }
  },

  async respond({ model, input, ...rest }) {
    const { id, output_text: text, status, output, usage } = await client.responses.create({ model, input, ...rest });
    return { id, text, status, items: output.map(item => item.type), tokens: usage?.total_tokens };
  },

  async respondStream({ model, input, ...rest }) {
    const stream = client.responses.stream({ model, input, ...rest });
    const types = [];
    const numbers = [];
    let text = '';
    stream.on('event', event => { types.push(event.type); numbers.push(event.sequence_number); });
    stream.on('response.output_text.delta', event => { text += event.delta; });
    const { id, output_text, status } = await stream.finalResponse();
    return { id, deltas: text, text: output_text, status, first: types[0], last: types.at(-1), ordered: numbers.every((number, place) => number === place) };
  },

  async retrieve({ id }) {
    const { output_text: text, status } = await client.responses.retrieve(id);
    return { text, status };
  },

  async remove({ id }) {
    await client.responses.delete(id);
    return {};
  },

  async cancel({ id }) {
    const { status } = await client.responses.cancel(id);
    return { status };
  },

  async embed({ model, input, ...rest }) {
    const { data } = await client.embeddings.create({ model, input, ...rest });
    return data.map(item => Array.from(item.embedding));
  },

  async models() {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    return { ids, first: (await client.models.retrieve(ids[0])).id };
  },
}, error => error instanceof OpenAI.APIError
  ? { kind: error.constructor.name, status: error.status, code: error.code, type: error.type, param: error.param, hasRequestId: Boolean(error.requestID) }
  : undefined);
