import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { parseDuration } from '../core/duration.ts';
import { messageOf, type Problem } from '../core/errors.ts';
import { problemAt } from '../core/positions.ts';
import { inOrder, MOST_PROBLEMS } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { asText } from '../core/visible.ts';
import { openSource } from '../core/yaml-source.ts';
import { tangled, unreadable } from './bounds.ts';
import { durations, syntaxErrors } from './promql.ts';
import type { AlertRule, ExprAt, RecordingRule } from './rule.ts';
import { MOST_CONFIG_BYTES } from './yaml-source.ts';

export interface RuleSet {
  alerts: AlertRule[];
  recordings: RecordingRule[];
  problems: Problem[];
}

/** What Prometheus takes (rulefmt); it refuses the whole file for any other key. */
const FILE_KEYS = ['groups'];
const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const ALERT_KEYS = ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const RECORD_KEYS = ['record', 'expr', 'labels'];

/**
 * Reads every rule file of a folder, or the files named; what is wrong, a file that cannot be read included, is
 * told with its place, and the rest is still read.
 */
export function readRuleFiles(from: string | readonly string[]): RuleSet {
  const sets = (typeof from === 'string' ? [from] : from).flatMap((path) => {
    try {
      return filesAt(path).map(readRuleFile);
    } catch (error) {
      const problem = { file: path, line: 1, column: 1, message: `cannot be read: ${messageOf(error)}` };
      return [{ alerts: [], recordings: [], problems: [problem] }];
    }
  });
  const alerts = sets.flatMap(({ alerts }) => alerts);
  const recordings = sets.flatMap(({ recordings }) => recordings);
  const problems = sets.flatMap(({ problems }) => problems);
  return { alerts, recordings, problems: [...problems, ...tangles({ alerts, recordings })] };
}

/** Recording rules may be in other files than those that read them, so these are looked for when all are read. */
export function tangles({ alerts, recordings }: Pick<RuleSet, 'alerts' | 'recordings'>): Problem[] {
  return tangled(alerts, recordings)
    .slice(0, MOST_PROBLEMS)
    .map(({ file = '', line = 1, exprAt }) => ({
      file,
      line: exprAt?.line ?? line,
      column: exprAt?.column ?? 1,
      message: 'this reads more recording rules through each other than can be followed',
    }));
}

function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(path, name));
}

function readRuleFile(file: string): RuleSet {
  const read = readText(file, KIND.called, { mostBytes: MOST_CONFIG_BYTES });
  return 'text' in read
    ? parseRules(read.text, file)
    : { alerts: [], recordings: [], problems: [read.problem] };
}

const KIND = { called: 'a rule file', begins: 'groups:', foreign: true };

/** Reads one rule file's text. Aliases and merge keys are followed, as Prometheus follows them. */
export function parseRules(given: string, file: string): RuleSet {
  const { source, plain, problems } = openSource(given, file, KIND);
  const { text, lines, document, targets } = source;
  const set: RuleSet = { alerts: [], recordings: [], problems };
  const complain: Complain = (node, message, at) =>
    set.problems.push(
      problemAt(source, at === undefined ? (node?.range?.[0] ?? 0) : placeInScalar(text, node, at), message),
    );
  const placeOf = (node: Node | undefined) => {
    const { line, col: column } = lines.linePos(placeInScalar(text, node, 0));
    const block = isScalar(node) && node.type === 'BLOCK_LITERAL';
    const end = isScalar(node) && typeof node.value === 'string' ? node.value.length : 0;
    const whole = block || placeInScalar(text, node, end) > placeInScalar(text, node, 0);
    return { line, column, shape: block ? 'block' : whole ? 'line' : 'opaque' } satisfies ExprAt;
  };

  const resolved = (node: unknown) => (isAlias(node) ? targets.get(node) : node);
  const groups = plain && isMap(document.contents) ? resolved(document.get('groups', true)) : undefined;
  if (!isSeq(groups)) {
    if (plain) complain(document.contents as Node, 'a rule file is a mapping with a list of groups');
    return { ...set, problems: inOrder(problems) };
  }
  const names = new Set<string>();
  const whole = plain as { groups: Plain[] };
  knownKeys(document.contents as YAMLMap, whole, FILE_KEYS, complain);
  groups.items.forEach((item, i) => {
    const group = resolved(item);
    const rules = isMap(group) ? resolved(group.get('rules', true)) : undefined;
    if (!isMap(group) || !isSeq(rules)) {
      complain(item as Node, 'a group has a name and a list of rules');
      return;
    }
    const written = whole.groups[i]!;
    const name = typeof written.name === 'string' ? written.name : '';
    if (!name) complain(group, 'a group needs a name');
    else if (names.has(name)) complain(nodeOf(group, 'name'), `the group ${name} is in this file twice`);
    names.add(name);
    knownKeys(group, written, GROUP_KEYS, complain);
    // 0 is as good as none: Prometheus takes the global interval for it.
    const intervalMs = duration(group, written, 'interval', complain) || undefined;
    const origin = { group: name, intervalMs, file };
    rules.items.forEach((item, j) => {
      const rule = resolved(item);
      const line = lines.linePos((item as Node | null)?.range?.[0] ?? 0).line;
      const value = (written.rules as Plain[])[j]!;
      if (isMap(rule)) readRule(rule, value, { ...origin, line }, set, complain, placeOf);
      else complain(item as Node, 'a rule is a mapping');
    });
  });
  return { ...set, problems: inOrder(problems) };
}

type Plain = Record<string, unknown>;

/** Puts a problem at a node, or at a character of a scalar's value. */
type Complain = (node: Node | null | undefined, message: string, at?: number) => void;

function readRule(
  rule: YAMLMap,
  plain: Plain,
  origin: { group: string; intervalMs: number | undefined; file: string; line: number },
  set: RuleSet,
  complain: Complain,
  placeOf: (node: Node | undefined) => ExprAt,
): void {
  const { record, alert: name } = plain;
  const isRecord = typeof record === 'string';
  const place = { ...origin, exprAt: placeOf(nodeOf(rule, 'expr')) };
  if (isRecord === (typeof name === 'string')) {
    complain(rule, 'a rule has either alert: or record:');
    return;
  }
  knownKeys(rule, plain, isRecord ? RECORD_KEYS : ALERT_KEYS, complain);
  if (typeof plain.expr !== 'string' && typeof plain.expr !== 'number') {
    complain(rule, 'a rule needs an expr');
    return;
  }
  const expr = String(plain.expr);
  if (!checkExpr(expr, nodeOf(rule, 'expr') ?? rule, complain)) return;
  if (isRecord) {
    set.recordings.push({ record, expr, labels: texts(plain.labels), ...place });
    return;
  }
  set.alerts.push({
    name: name as string,
    expr,
    forMs: duration(rule, plain, 'for', complain) ?? 0,
    keepFiringForMs: duration(rule, plain, 'keep_firing_for', complain) ?? 0,
    labels: texts(plain.labels),
    annotations: texts(plain.annotations),
    ...place,
    ...(plain.for == null ? {} : { forAt: beginning(placeOf(nodeOf(rule, 'for'))) }),
  });
}

function beginning({ line, column }: ExprAt) {
  return { line, column };
}

/** @returns whether it can be read, be it with mistakes */
function checkExpr(expr: string, node: Node, complain: Complain): boolean {
  const why = unreadable(expr);
  if (why) {
    complain(node, why);
    return false;
  }
  const [error] = syntaxErrors(expr);
  if (error) {
    // Only the first: what follows is guesswork of the parser. One at the end is told before the line break.
    complain(node, 'this expr is no PromQL', Math.min(error.from, expr.trimEnd().length));
    return true;
  }
  for (const { from, ms, kind } of durations(expr)) {
    if (kind !== 'offset' && !(ms > 0 && ms < Number.POSITIVE_INFINITY))
      complain(node, 'a window or a resolution must be longer than 0', from);
  }
  return true;
}

function knownKeys(map: YAMLMap, plain: object, known: readonly string[], complain: Complain): void {
  for (const key of Object.keys(plain)) {
    if (known.includes(key)) continue;
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
    complain((pair?.key as Node | undefined) ?? map, `${key} has no place here: only ${known.join(', ')}`);
  }
}

function duration(map: YAMLMap, plain: Plain, key: string, complain: Complain): number | undefined {
  const value = plain[key];
  if (value === undefined || value === null) return undefined;
  const ms = parseDuration(asText(value));
  if (ms === undefined)
    complain(nodeOf(map, key) ?? map, `${key}: ${asText(value)} is no duration; write it like 1m30s`);
  return ms;
}

function nodeOf(map: YAMLMap, key: string): Node | undefined {
  return map.get(key, true) as Node | undefined;
}

function texts(map: unknown): Record<string, string> {
  if (typeof map !== 'object' || map === null) return {};
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, asText(value ?? '')]));
}

/**
 * Where in a YAML text a character of a scalar's value stands; its beginning where the text folds or escapes it.
 * @param at offset into the value
 * @returns offset into the text
 */
export function placeInScalar(text: string, node: Node | null | undefined, at: number): number {
  const start = node?.range?.[0] ?? 0;
  if (!isScalar(node) || typeof node.value !== 'string') return start;
  if (node.type === 'BLOCK_LITERAL') {
    const before = node.value.slice(0, at).split('\n');
    const source = text.slice(start).split('\n').slice(1);
    const indent = source.find((line) => line.trim() !== '')?.search(/\S/) ?? 0;
    const above = source.slice(0, before.length - 1).reduce((sum, line) => sum + line.length + 1, 0);
    return text.indexOf('\n', start) + 1 + above + indent + before.at(-1)!.length;
  }
  const first = node.type === 'PLAIN' ? start : start + 1;
  return text.startsWith(node.value, first) ? first + at : start;
}
