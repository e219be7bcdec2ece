// Vercel's AI SDK with its provider for OpenAI-compatible servers, against the gateway.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { serve } from './commands.mjs';

const [baseURL, apiKey] = process.argv.slice(2);
const gateway = createOpenAICompatible({ name: 'gateway', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true });
const tools = { find: tool({ description: 'Finds.', inputSchema: z.object({ n: z.number() }), execute: ({ n }) => `found ${n}` }) };

await serve({
  async chat({ model, text }) {
    const { text: said, finishReason, usage, reasoningText } = await generateText({ model: gateway(model), prompt: text, maxRetries: 0 });
    return { text: said, reason: finishReason, tokens: usage.totalTokens, thought: reasoningText };
  },

  async chatStream({ model, text }) {
    const result = streamText({ model: gateway(model), prompt: text, maxRetries: 0, onError: () => {} });
    const pieces = [];
    let thought = '';
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') pieces.push(part.text);
      if (part.type === 'reasoning-delta') thought += part.text;
      if (part.type === 'error') throw part.error;
    }
    return { pieces, thought, reason: await result.finishReason, tokens: (await result.usage).totalTokens };
  },

  async tools({ model, text }) {
    const { text: said, steps } = await generateText({ model: gateway(model), prompt: text, tools, stopWhen: stepCountIs(3), maxRetries: 0 });
    return { content: said, results: steps.flatMap(step => step.toolResults.map(result => result.output)) };
  },

  async toolsStream({ model, text }) {
    const result = streamText({ model: gateway(model), prompt: text, tools, stopWhen: stepCountIs(3), maxRetries: 0 });
    let content = '';
    for await (const piece of result.textStream) content += piece;
    return { content, results: (await result.steps).flatMap(step => step.toolResults.map(found => found.output)) };
  },

  async object({ model, text }) {
    const { object } = await generateObject({ model: gateway(model), prompt: text, schema: z.object({ name: z.string() }), maxRetries: 0 });
    return object;
  },

  async embed({ model, input }) {
    return (await embedMany({ model: gateway.embeddingModel(model), values: input, maxRetries: 0 })).embeddings;
  },
}, error => APICallError.isInstance(error) ? { status: error.statusCode, message: error.message, retryable: error.isRetryable } : undefined);
