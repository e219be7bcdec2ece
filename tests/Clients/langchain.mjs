// LangChain's client of OpenAI against the gateway, on both of OpenAI's wires.
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { serve } from './commands.mjs';

const [baseURL, apiKey] = process.argv.slice(2);
const chat = ({ model, responses }) => new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0, useResponsesApi: responses === true });
const find = tool(({ n }) => `found ${n}`, { name: 'find', description: 'Finds.', schema: z.object({ n: z.number() }) });

await serve({
  async chat(args) {
    const reply = await chat(args).invoke(args.text);
    return { text: reply.text, tokens: reply.usage_metadata?.total_tokens };
  },

  async chatStream(args) {
    const pieces = [];
    let whole;
    for await (const chunk of await chat(args).stream(args.text)) {
      if (chunk.text) pieces.push(chunk.text);
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return { pieces, tokens: whole.usage_metadata?.total_tokens };
  },

  async tools(args) {
    const model = chat(args).bindTools([find]);
    const asked = new HumanMessage(args.text);
    const called = await model.invoke([asked]);
    const results = await Promise.all(called.tool_calls.map(async call => new ToolMessage({ tool_call_id: call.id, content: await find.invoke(call.args) })));
    const answer = await model.invoke([asked, called, ...results]);
    return { content: answer.text, results: results.map(result => result.content) };
  },

  async object(args) {
    return await chat(args).withStructuredOutput(z.object({ name: z.string() })).invoke(args.text);
  },

  async embed({ model, input }) {
    return await new OpenAIEmbeddings({ model, apiKey, configuration: { baseURL }, maxRetries: 0 }).embedDocuments(input);
  },
}, error => error.status ? { status: error.status, code: error.code, type: error.type } : undefined);
