import mustache from 'mustache';
import type { Problem } from '../core/errors.ts';
import { openJson } from '../core/json-source.ts';
import { linesOf, problemAt } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { asText } from '../core/visible.ts';
import { SAMPLES, type View } from './view.ts';

/** Makes the JSON body that is sent for a notification. */
export type Render = (view: View) => string;

const CALLED = 'a template';
/** In bytes. A message of one of the usual services has some hundred. */
const MOST_BYTES = 64 * 1024;
/** Sections in each other. */
const DEEPEST = 20;

/** What Slack takes, and whoever says to be compatible with it. */
export const DEFAULT_TEMPLATE =
  '{"text": "{{#alerts}}*{{status}}* {{name}}{{#summary}}: {{summary}}{{/summary}}{{^last}}\\n{{/last}}{{/alerts}}{{#more}}\\nand {{more}} more{{/more}}"}';

const inJson = (value: unknown) => JSON.stringify(asText(value)).slice(1, -1);
/** Slack reads <!channel> and links in what it is sent; these three are how its documents say that text stays text. */
const inSlack = (value: unknown) =>
  inJson(asText(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'));

/** The default template. */
export const renderDefault: Render = (view) => new Tracing(DEFAULT_TEMPLATE, inSlack).body(view);

/**
 * Reads a template of Mustache. It is rendered with samples, and one that does not give JSON is refused.
 * @returns either what renders it, or at least one problem
 */
export function readTemplate(text: string, file: string): { render?: Render; problems: Problem[] } {
  const lines = linesOf(text);
  const at = (offset: number, message: string, hint?: string) =>
    problemAt({ file, text, lines }, offset, message, hint);
  let template: Tracing;
  try {
    template = new Tracing(text, inJson);
  } catch (error) {
    // Mustache's own: "Unclosed tag at 17", an offset.
    const [, message, offset] = /^(.*?)(?: at (\d+))?$/s.exec((error as Error).message) ?? [];
    return { problems: [at(Number(offset ?? 0), `no valid Mustache: ${message}`)] };
  }
  const unsafe = tagProblems(template.tokens, at);
  if (unsafe.length > 0) return { problems: inOrder(unsafe) };
  for (const sample of SAMPLES) {
    const body = template.body(sample);
    const [problem] = openJson(body, file).problems;
    if (!problem) continue;
    const hint = `with a sample of ${sample.alerts.length} alerts it gives ${body.slice(0, 120)}`;
    const offset = offsetIn(body, problem);
    return { problems: [at(template.origin(offset), `does not give JSON: ${problem.message}`, hint)] };
  }
  return { render: (view) => template.body(view), problems: [] };
}

/** The template in a file. */
export function loadTemplate(file: string): { render?: Render; problems: Problem[] } {
  const read = readText(file, CALLED, { mostBytes: MOST_BYTES });
  return 'text' in read ? readTemplate(read.text, file) : { problems: [read.problem] };
}

/** Mustache's token: type, name or text, where it begins and ends in the template, what is inside. */
type Token = [type: string, value: string, start: number, end: number, inside?: Token[]];

type At = (offset: number, message: string, hint?: string) => Problem;

/** What could put words of an alert into the JSON as JSON, or render without end. */
function tagProblems(tokens: readonly Token[], at: At, above: readonly string[] = []): Problem[] {
  return tokens.flatMap(([type, name, start, , inside]) => {
    if (type === '&')
      return [at(start, `{{{${name}}}} would be put in as it is`, `{{${name}}} escapes it for JSON`)];
    if (type === '>') return [at(start, 'a template includes no others')];
    if (type === '#' && name === 'alerts' && above.includes(name))
      return [at(start, 'a section of alerts inside another one')];
    if (above.length > DEEPEST) return [at(start, 'nested too deeply')];
    return inside ? tagProblems(inside, at, [...above, name]) : [];
  });
}

/** Renders, and remembers which part of the template each part of what it gave came from. */
class Tracing extends mustache.Writer {
  readonly tokens: Token[];
  readonly #text: string;
  readonly #escape: (value: unknown) => string;
  #pieces: { length: number; start: number; literal: boolean }[] = [];

  /** @throws Error of Mustache where the text is none */
  constructor(text: string, inPlace: (value: unknown) => string) {
    super();
    this.#text = text;
    this.#escape = inPlace;
    this.tokens = this.parse(text) as unknown as Token[];
  }

  body(view: View): string {
    this.#pieces = [];
    return this.render(this.#text, view, undefined, { escape: this.#escape });
  }

  /** Where in the template stands what the last body has at an offset. */
  origin(offset: number): number {
    let before = 0;
    let last = 0;
    for (const { length, start, literal } of this.#pieces) {
      if (offset < before + length) return literal ? start + offset - before : start;
      before += length;
      last = start + (literal ? length : 0);
    }
    return last;
  }

  override rawValue(token: string[]): string {
    return this.#traced(token, super.rawValue(token), true);
  }

  override escapedValue(...args: Parameters<mustache.Writer['escapedValue']>): string {
    return this.#traced(args[0], super.escapedValue(...args) ?? '', false);
  }

  #traced(token: readonly unknown[], value: string, literal: boolean): string {
    this.#pieces.push({ length: value.length, start: Number(token[2]), literal });
    return value;
  }
}

function offsetIn(text: string, { line, column }: Problem): number {
  return (
    text
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, one) => sum + one.length + 1, 0) +
    column -
    1
  );
}
