// One command a line on standard input, one answer a line on standard output: {"do":"chat", ...} -> {"ok":...} or {"error":...}.
import { createInterface } from 'node:readline';

export async function serve(commands, describeError) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...args } = JSON.parse(line);
    let answer;
    try {
      answer = { ok: await commands[name](args) };
    } catch (error) {
      const described = describeError(error);
      if (described === undefined) throw error;
      answer = { error: described };
    }
    console.log(JSON.stringify(answer));
  }
}
