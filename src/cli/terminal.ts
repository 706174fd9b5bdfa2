import { createInterface } from 'node:readline/promises';
import { jsonText, visible } from '../core/visible.ts';

/** What a text may tell a terminal: colours, as chalk writes them, and the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the character is what this is about
const KEPT = /(\u001b\[\d+(?:;\d+)*m|\n)/;

/**
 * A text in which nothing but colours is left that a terminal obeys. What comes from outside is made visible where it
 * is put into a sentence, so that it cannot break a line either; this is the net below.
 */
export function safe(text: string): string {
  return text
    .split(KEPT)
    .map((part, i) => (i % 2 === 0 ? visible(part) : part))
    .join('');
}

/** A line on stdout. */
export function say(text = ''): void {
  process.stdout.write(`${safe(text)}\n`);
}

/** A line on stderr, where stdout belongs to something else. */
export function tell(text = ''): void {
  process.stderr.write(`${safe(text)}\n`);
}

/** A value as JSON on stdout, where it stands alone. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`);
}

/**
 * Asks on the terminal whether to go on; anything but y or yes is a no, and so are the end of the input and the signal.
 * @param leave is called for Ctrl-C, which reaches nobody else while a line is read
 */
export async function confirmed(question: string, signal: AbortSignal, leave: () => void): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.once('SIGINT', leave);
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${safe(question)} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
