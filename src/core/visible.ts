/**
 * Text from outside as it may stand in a terminal or a line of text: control characters as their pictures, those that
 * turn or break a line as �, so that hostile text stays text.
 */
export function visible(text: string): string {
  return text
    .replace(UNSEEN, '\u{fffd}')
    .replace(/\t/g, ' ')
    .replace(/\p{Cc}/gu, (one) =>
      one === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + one.charCodeAt(0)),
    );
}

/** C1 controls, which some terminals obey as they do escape sequences, what turns or breaks a line, half characters. */
const UNSEEN = /[\p{Surrogate}\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A value as JSON, in which what JSON lets stand and a terminal obeys is escaped. */
export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Enough of a text from outside to recognise it by. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

/** Anything from a file as text. A mapping may say that its own `toString` is a number, and cannot be asked for it. */
export function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value);
}
