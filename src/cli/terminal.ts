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
