import { jsonText, visible } from '../../core/visible.ts';

/** Text that is HTML already; whatever is no Html is escaped where it is put in. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | readonly Part[];

/** A template whose values are escaped: `` html`<b>${name}</b>` ``. Lists are joined, null and undefined are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((one, i) => (i === 0 ? one : textOf(values[i - 1]) + one)).join(''));
}

/** What is known to be HTML, CSS or a program of our own. */
export const trusted = (text: string): Html => new Html(text);

function textOf(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return escaped(String(part));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the text of an element and for a quoted attribute, of HTML and XML 1.0 alike, in which two characters must not be. */
export function escaped(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, '\u{fffd}')
    .replace(/[&<>"']/g, (one) => ENTITIES[one]!);
}

/** A value as a program's text inside `<script type="application/json">`, which nothing in it can close. */
export function jsonInside(value: unknown): Html {
  const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return trusted(jsonText(value, 0).replace(/[<>&]/g, (one) => escapes[one]!));
}
