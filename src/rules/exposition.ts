import type { Problem } from '../core/errors.ts';
import type { Labels } from '../core/labels.ts';
import { inOrder, MOST_PROBLEMS } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { shortened } from '../core/visible.ts';

/** One line of an exposition. */
export interface Sample {
  labels: Labels;
  value: number;
}

/** What a target exposes, read from the text of its /metrics. */
export interface Exposition {
  file: string;
  /** Samples by the name they stand under (`x_bucket`, `x_sum`); an empty list for what is announced and has none. */
  samples: Map<string, Sample[]>;
  /** By family, as `# TYPE` and `# HELP` say. */
  types: Map<string, string>;
  helps: Map<string, string>;
}

/** The largest that are known, of a kube-state-metrics, have a tenth of it. */
const MOST_BYTES = 64 * 1024 * 1024;

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/;
/** A value, then perhaps a timestamp, then perhaps an exemplar. */
const VALUE = /^\s+([+-]?(?:inf|nan|[0-9.]+(?:e[+-]?[0-9]+)?))(?:\s+-?[0-9.]+)?\s*(?:#.*)?$/i;
const SUFFIXES: Record<string, string[]> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** Reads an exposition from a file; one that cannot be read is a problem of its first line. */
export function readExposition(file: string): { exposition: Exposition; problems: Problem[] } {
  const read = readText(file, 'an exposition', { mostBytes: MOST_BYTES });
  return 'text' in read
    ? parseExposition(read.text, file)
    : { exposition: empty(file), problems: [read.problem] };
}

/**
 * Reads the text format of Prometheus (and OpenMetrics', as far as they agree). By hand, as what npm has for it tells
 * no place of a mistake.
 */
export function parseExposition(text: string, file: string): { exposition: Exposition; problems: Problem[] } {
  const exposition = empty(file);
  const { samples } = exposition;
  const problems: Problem[] = [];
  text.split(/\r?\n/).forEach((source, i) => {
    if (source.trim() === '') return;
    if (source.startsWith('#')) {
      announce(source, exposition);
      return;
    }
    const read = readSample(source);
    if ('message' in read) {
      if (problems.length <= MOST_PROBLEMS) problems.push({ file, line: i + 1, source, ...read });
    } else {
      const same = samples.get(read.name);
      if (same) same.push(read.sample);
      else samples.set(read.name, [read.sample]);
    }
  });
  if (problems.length === 0 && samples.size === 0)
    problems.push({ file, line: 1, column: 1, message: 'there is no metric in this exposition' });
  return { exposition, problems: inOrder(problems) };
}

function empty(file: string): Exposition {
  return { file, samples: new Map(), types: new Map(), helps: new Map() };
}

function announce(line: string, { samples, types, helps }: Exposition): void {
  const [, keyword, name, rest] = /^#\s*(TYPE|HELP)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  if (!keyword || !name) return;
  if (keyword === 'HELP') helps.set(name, rest ?? '');
  if (keyword !== 'TYPE') return;
  types.set(name, rest!.trim());
  for (const suffix of SUFFIXES[rest!.trim()] ?? [''])
    if (!samples.has(name + suffix)) samples.set(name + suffix, []);
}

function readSample(line: string): { name: string; sample: Sample } | { column: number; message: string } {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return { column: 1, message: 'a line begins with the name of a metric, or with #' };
  const labels: [string, string][] = [];
  let at = name.length;
  if (line[at] === '{') {
    at++;
    while (line.slice(at).trimStart()[0] !== '}') {
      const match = LABEL.exec(line.slice(at));
      if (!match) return { column: at + 1, message: 'a label is written name="value"' };
      labels.push([match[1]!, match[2]!.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one))]);
      at += match[0].length;
    }
    at = line.indexOf('}', at) + 1;
  }
  const value = VALUE.exec(line.slice(at))?.[1];
  if (value === undefined)
    return { column: at + 1, message: `${shortened(name, 100)} has no value that is a number` };
  return { name, sample: { labels: Object.fromEntries(labels), value: numberOf(value) } };
}

function numberOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/** The family a sample's name belongs to: `x` for `x_bucket` of a histogram. */
export function familyOf(name: string, { types }: Exposition): string {
  if (types.has(name)) return name;
  const stem = name.replace(/_(bucket|sum|count|total|created)$/, '');
  return types.has(stem) ? stem : name;
}
