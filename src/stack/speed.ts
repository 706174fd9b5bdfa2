import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { ChaosError, type Problem } from '../core/errors.ts';
import { divideMs, durations, scaleDurations, syntaxErrors } from '../rules/promql.ts';
import { placeInScalar } from '../rules/rule-files.ts';

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
  /** How often this lab scrapes and evaluates by default, in wall milliseconds. */
  scrapeMs: number;
  evaluationMs: number;
}

type Kind = 'prometheus' | 'rules' | 'alertmanager' | 'blackbox';

/** The settings that count in lab time, by their place; whatever is not here stays as it is. */
const SCALED: Record<Kind, RegExp> = {
  prometheus:
    /^global\.(scrape_interval|scrape_timeout|evaluation_interval|rule_query_offset)$|^scrape_configs\[\]\.scrape_(interval|timeout)$/,
  rules: /^groups\[\]\.(interval|query_offset|rules\[\]\.(for|keep_firing_for|expr))$/,
  alertmanager:
    /^global\.resolve_timeout$|^route(\.routes\[\])*\.(group_wait|group_interval|repeat_interval)$/,
  blackbox: /^modules\.[^.]+\.timeout$/,
};

/** What the servers take for a setting that is not there: to be divided, it has to be. */
const DEFAULTS: Partial<Record<Kind, Record<string, string>>> = {
  prometheus: {
    'global.scrape_interval': '1m',
    'global.scrape_timeout': '10s',
    'global.evaluation_interval': '1m',
  },
  alertmanager: { 'route.group_wait': '30s', 'route.group_interval': '5m', 'route.repeat_interval': '4h' },
};

interface Parsed extends ConfigFile {
  kind: Kind;
  document: Document;
  settings: Setting[];
  complain(offset: number, message: string): void;
}

interface Setting {
  place: string;
  node: Scalar;
}

/**
 * The lab's configuration at another speed: every interval, window and `for:` divided, everything else, comments
 * included, as it was. At speed 1 only the external label that states the speed is added.
 * @throws ChaosError `usage` with every reason why this speed is too high, or `bad-file` with every mistake
 */
export function atSpeed(files: readonly ConfigFile[], speed: number): Rendered {
  if (!Number.isFinite(speed) || speed < 1) {
    throw new ChaosError('usage', `A lab cannot run at speed ${speed}.`, {
      hint: 'a number from 1 on, e.g. --speed 10',
    });
  }
  const problems: Problem[] = [];
  const parsed = files.map((file) => parsedFile(file, problems));
  for (const file of parsed) checkValues(file);
  if (problems.length > 0)
    throw new ChaosError('bad-file', 'The configuration of the lab has mistakes.', { problems });

  const settings = parsed.flatMap((file) => (file.kind === 'prometheus' ? file.settings : []));
  const global = (key: string) =>
    msOf(settings.find(({ place }) => place === `global.${key}`)) ??
    parseDuration(DEFAULTS.prometheus![`global.${key}`]!)!;
  // Both read now: the documents are divided in place.
  const scrapeMs = global('scrape_interval');
  const evaluationMs = global('evaluation_interval');
  const scrapes = settings.filter(({ place }) => place.endsWith('.scrape_interval'));
  const fastest = Math.min(scrapeMs, ...scrapes.map((setting) => msOf(setting) ?? scrapeMs));
  for (const file of parsed) refuseTooFast(file, speed, scrapeMs);
  if (problems.length > 0) {
    const highest = Math.floor((fastest / LEAST_SCRAPE_MS) * 100) / 100;
    const hint = `the highest speed for a scrape interval of ${formatDuration(fastest)} is ${highest}`;
    throw new ChaosError('usage', `The lab cannot run at speed ${speed}.`, {
      problems,
      ...(speed > highest && highest >= 1 ? { hint } : {}),
    });
  }
  return {
    files: parsed.map((file) => ({ path: file.path, text: scaled(file, speed, scrapeMs) })),
    resendDelay: formatDuration(divideMs(RESEND_DELAY_MS, speed)),
    scrapeMs: divideMs(scrapeMs, speed),
    evaluationMs: divideMs(evaluationMs, speed),
  };
}

function parsedFile({ path, text }: ConfigFile, problems: Problem[]): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const complain = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    const source = text.split(/\r?\n/)[line - 1] ?? '';
    problems.push({ file: path, line, column: col, source, message });
  };
  for (const error of document.errors) complain(error.pos[0], error.message.split('\n')[0]!);
  const kind = kindOf(path);
  const settings = document.errors.length > 0 ? [] : settingsOf(document, kind);
  return { path, text, kind, document, settings, complain };
}

function kindOf(path: string): Kind {
  if (path.startsWith('prometheus/rules/')) return 'rules';
  if (path.startsWith('alertmanager/')) return 'alertmanager';
  return path.startsWith('blackbox/') ? 'blackbox' : 'prometheus';
}

function settingsOf(document: Document, kind: Kind): Setting[] {
  const found: Setting[] = [];
  const walk = (node: unknown, place: string): void => {
    if (isSeq(node)) for (const item of node.items) walk(item, `${place}[]`);
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        // A dot inside a name is no step down.
        const name = isScalar(key) ? String(key.value).replaceAll('.', '_') : '';
        walk(value, place === '' ? name : `${place}.${name}`);
      }
    }
    if (isScalar(node) && node.value !== null && SCALED[kind].test(place)) found.push({ place, node });
  };
  walk(document.contents, '');
  return found;
}

const isExpr = ({ place }: Setting) => place.endsWith('.expr');
const msOf = (setting: Setting | undefined) => setting && parseDuration(String(setting.node.value));

/** What is wrong at any speed: a value that cannot be divided would be left behind without a word. */
function checkValues({ text, settings, complain }: Parsed): void {
  for (const setting of settings) {
    const { node, place } = setting;
    const value = String(node.value);
    if (isExpr(setting)) {
      const [error] = syntaxErrors(value);
      if (error) complain(placeInScalar(text, node, error.from), 'this expr is no PromQL');
      for (const { from, ms } of error ? [] : durations(value)) {
        if (!Number.isFinite(ms)) complain(placeInScalar(text, node, from), 'this duration is no number');
      }
    } else if (msOf(setting) === undefined) {
      const key = place.split('.').at(-1);
      complain(node.range?.[0] ?? 0, `${key}: ${value} is no duration; write it like 1m30s`);
    }
  }
}

/** What this speed would break. */
function refuseTooFast({ text, settings, complain }: Parsed, speed: number, scrapeMs: number): void {
  for (const setting of settings) {
    const { node, place } = setting;
    if (place.endsWith('.scrape_interval')) {
      const ms = msOf(setting)! / speed;
      if (ms < LEAST_SCRAPE_MS)
        complain(
          node.range?.[0] ?? 0,
          `a scrape every ${formatDuration(ms)} is more often than once a second`,
        );
    }
    for (const { from, ms, kind } of isExpr(setting) ? durations(String(node.value)) : []) {
      if (kind !== 'range' || ms / scrapeMs >= LEAST_SCRAPES) continue;
      complain(
        placeInScalar(text, node, from),
        `a window of ${formatDuration(ms)} holds fewer than ${LEAST_SCRAPES} scrapes of ${formatDuration(scrapeMs)}, at any speed`,
      );
    }
  }
}

function scaled({ kind, document, settings }: Parsed, speed: number, scrapeMs: number): string {
  if (speed !== 1) {
    for (const setting of settings) {
      const { node } = setting;
      node.value = isExpr(setting)
        ? scaleDurations(String(node.value), speed)
        : formatDuration(divideMs(msOf(setting)!, speed));
    }
    for (const [place, value] of Object.entries(DEFAULTS[kind] ?? {})) {
      if (settings.some((setting) => setting.place === place)) continue;
      // Prometheus refuses a timeout above the interval, and lowers its own default to it.
      const most = place === 'global.scrape_timeout' ? scrapeMs : Number.POSITIVE_INFINITY;
      const ms = Math.min(parseDuration(value)!, most);
      put(document, place.split('.'), formatDuration(divideMs(ms, speed)));
    }
  }
  if (kind === 'prometheus') put(document, ['global', 'external_labels', 'chaos_speed'], String(speed));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Sets a value, also below a key that has none: `external_labels:` alone. */
function put(document: Document, path: string[], value: string): void {
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length);
    if (!isMap(document.getIn(above))) document.setIn(above, document.createNode({}));
  }
  document.setIn(path, value);
}
