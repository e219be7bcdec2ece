// Input and output of a model call are JSON by the conventions for generative AI: [{"role":"user","parts":[{"type":"text","content":"Hi"}]}].
// Other programs write other shapes; what is not understood is shown as the text it is.

/** Messages as `{ role, parts: [{ kind: 'text'|'reasoning'|'call'|'result'|'other', name, id, text }] }`, or null when `json` holds none. */
export function readMessages(json) {
  const parsed = parse(json);
  const list = Array.isArray(parsed) ? parsed : parsed?.messages;
  if (!Array.isArray(list) || list.length === 0) {
    return null;
  }

  // Instructions are a list of parts without a message around them.
  if (list.every(item => item?.role === undefined && item?.type !== undefined)) {
    return [{ role: 'system', parts: list.map(readPart) }];
  }

  return list.every(item => typeof item?.role === 'string') ? list.map(readMessage) : null;
}

function readMessage(message) {
  const parts = Array.isArray(message.parts) ? message.parts : Array.isArray(message.content) ? message.content : [{ type: 'text', content: message.content ?? '' }];
  return { role: message.role, parts: parts.map(readPart), finishReason: message.finish_reason ?? null };
}

function readPart(part) {
  switch (part?.type) {
    case 'text':
      return { kind: 'text', text: text(part.content ?? part.text) };
    case 'reasoning':
      return { kind: 'reasoning', text: text(part.content ?? part.text) };
    case 'tool_call':
      return { kind: 'call', name: part.name, id: part.id, text: pretty(part.arguments) };
    case 'tool_call_response':
      return { kind: 'result', id: part.id, text: pretty(part.response ?? part.result) };
    default:
      return { kind: 'other', name: part?.type ?? 'part', text: typeof part === 'string' ? part : pretty(part) };
  }
}

/** Indented when it is JSON, else as it is. */
export function pretty(value) {
  const parsed = typeof value === 'string' ? parse(value) : value;
  return parsed !== undefined && parsed !== null && typeof parsed === 'object' ? JSON.stringify(parsed, null, 2) : text(value);
}

const text = value => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
