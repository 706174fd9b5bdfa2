import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { ChaosError, type Problem } from '../core/errors.ts';
import { durations, scaleDurations } from '../rules/promql.ts';

/** A window with fewer samples than this makes rate() guess: Prometheus' own advice is four scrapes. */
const LEAST_SCRAPES = 4;

/** Two cores cannot scrape the lab's eight targets more often than this without being late. */
const LEAST_SCRAPE_MS = 1000;

/** Prometheus' own default for --rules.alert.resend-delay, in milliseconds. */
const RESEND_DELAY_MS = 60_000;

/** A configuration file, by its path below stack/. */
export interface ConfigFile {
  path: string;
  text: string;
}

export interface Rendered {
  files: ConfigFile[];
  /** For --rules.alert.resend-delay. */
  resendDelay: string;
}

/** Keys whose value is a duration of the lab's own time, by the kind of file. `timeout` is blackbox's. */
const DURATION_KEYS = new Set([
  'scrape_interval',
  'scrape_timeout',
  'evaluation_interval',
  'query_offset',
  'interval',
  'for',
  'keep_firing_for',
  'group_wait',
  'group_interval',
  'repeat_interval',
  'resolve_timeout',
  'timeout',
]);

/**
 * The lab's configuration at another speed: every interval, window and `for:` divided, everything else, comments
 * included, as it was. At speed 1 only the external label that states the speed is added.
 * @throws ChaosError `usage` with every reason why this speed is too high
 */
export function atSpeed(files: readonly ConfigFile[], speed: number): Rendered {
  if (!Number.isFinite(speed) || speed < 1) {
    throw new ChaosError('usage', `A lab cannot run at speed ${speed}.`, {
      hint: 'a number from 1 on, e.g. --speed 10',
    });
  }
  const parsed = files.map((file) => {
    const lines = new LineCounter();
    return { ...file, lines, document: parseDocument(file.text, { lineCounter: lines }) };
  });
  const scrapeMs = globalScrape(parsed.map(({ document }) => document));
  const problems = parsed.flatMap((file) => tooFast(file, speed, scrapeMs));
  if (problems.length > 0) {
    throw new ChaosError('usage', `The lab cannot run at speed ${speed}.`, {
      problems,
      hint: `the highest speed for a scrape interval of ${formatDuration(scrapeMs)} is ${Math.floor(scrapeMs / LEAST_SCRAPE_MS)}`,
    });
  }
  return {
    files: parsed.map(({ path, document }) => ({ path, text: scaled(document, path, speed) })),
    resendDelay: formatDuration(RESEND_DELAY_MS / speed),
  };
}

interface Parsed extends ConfigFile {
  lines: LineCounter;
  document: Document;
}

function globalScrape(documents: readonly Document[]): number {
  const texts = documents.map((document) => document.getIn(['global', 'scrape_interval']));
  const text = texts.find((one) => typeof one === 'string') as string | undefined;
  return parseDuration(text ?? '1m') ?? 60_000;
}

/** What this speed would break in one file. */
function tooFast({ path, text, lines, document }: Parsed, speed: number, scrapeMs: number): Problem[] {
  const problems: Problem[] = [];
  const complain = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file: path, line, column: col, source: text.split('\n')[line - 1] ?? '', message });
  };
  eachPair(document, (key, value) => {
    if (!isScalar(value)) return;
    const offset = value.range?.[0] ?? 0;
    if (key === 'scrape_interval') {
      const ms = (parseDuration(String(value.value)) ?? 0) / speed;
      if (ms < LEAST_SCRAPE_MS)
        complain(offset, `a scrape every ${formatDuration(ms)} is more often than once a second`);
    }
    if (key !== 'expr') return;
    for (const { ms, kind } of durations(String(value.value))) {
      if (kind !== 'range' || ms / scrapeMs >= LEAST_SCRAPES) continue;
      complain(
        offset,
        `a window of ${formatDuration(ms)} holds fewer than ${LEAST_SCRAPES} scrapes of ${formatDuration(scrapeMs)}, at any speed`,
      );
    }
  });
  return problems;
}

function scaled(document: Document, path: string, speed: number): string {
  eachPair(document, (key, value) => {
    if (!isScalar(value)) return;
    if (key === 'expr') value.value = scaleDurations(String(value.value), speed);
    if (!DURATION_KEYS.has(key) || typeof value.value !== 'string') return;
    const ms = parseDuration(value.value);
    if (ms !== undefined) value.value = formatDuration(Math.ceil(ms / speed));
  });
  if (path.endsWith('prometheus.yml'))
    document.setIn(['global', 'external_labels', 'chaos_speed'], String(speed));
  return document.toString({ lineWidth: 0 });
}

/** Calls for every key of every mapping but those that are texts for people or labels for matching. */
function eachPair(document: Document, on: (key: string, value: unknown) => void): void {
  const walk = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) walk(item);
    if (isMap(node))
      for (const { key, value } of (node as YAMLMap).items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (name === 'labels' || name === 'annotations' || name === 'external_labels') continue;
        on(name, value);
        walk(value);
      }
  };
  walk(document.contents);
}
