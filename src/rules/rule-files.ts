import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { parseDuration } from '../core/duration.ts';
import type { Problem } from '../core/errors.ts';
import { lookback, metricNames, syntaxErrors } from './promql.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

export interface RuleSet {
  alerts: AlertRule[];
  recordings: RecordingRule[];
  problems: Problem[];
}

/** Reads every rule file of a folder; what is wrong is told with its place, and the rest is still read. */
export function readRuleFiles(dir: string): RuleSet {
  const files = readdirSync(dir).filter((name) => /\.ya?ml$/.test(name));
  const sets = files.sort().map((name) => parseRules(readFileSync(join(dir, name), 'utf8'), join(dir, name)));
  return {
    alerts: sets.flatMap(({ alerts }) => alerts),
    recordings: sets.flatMap(({ recordings }) => recordings),
    problems: sets.flatMap(({ problems }) => problems),
  };
}

/** Reads one rule file's text. */
export function parseRules(text: string, file: string): RuleSet {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const set: RuleSet = { alerts: [], recordings: [], problems: [] };
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, source: text.split('\n')[line - 1] ?? '' };
  };
  const complain = (node: Node | null | undefined, message: string) =>
    set.problems.push({ ...place(node?.range?.[0] ?? 0), message });

  for (const error of document.errors)
    set.problems.push({ ...place(error.pos[0]), message: error.message.split('\n')[0]! });
  if (document.errors.length > 0) return set;
  const groups = isMap(document.contents) ? document.get('groups') : undefined;
  if (!isSeq(groups)) {
    complain(document.contents, 'a rule file is a mapping with a list of groups');
    return set;
  }
  for (const group of groups.items) {
    const rules = isMap(group) ? group.get('rules') : undefined;
    if (!isMap(group) || !isSeq(rules)) {
      complain(group as Node, 'a group has a name and a list of rules');
      continue;
    }
    const interval = duration(group, 'interval', complain);
    for (const rule of rules.items) {
      if (isMap(rule))
        readRule(rule, { group: String(group.get('name')), interval, file }, set, complain, place);
      else complain(rule as Node, 'a rule is a mapping');
    }
  }
  return set;
}

type Complain = (node: Node | null | undefined, message: string) => void;

function readRule(
  rule: YAMLMap,
  { group, interval, file }: { group: string; interval: number | undefined; file: string },
  set: RuleSet,
  complain: Complain,
  place: (offset: number) => { line: number },
): void {
  const expr = rule.get('expr');
  const exprNode = rule.get('expr', true) as Node | undefined;
  const line = place(rule.range?.[0] ?? 0).line;
  if (typeof expr !== 'string' && typeof expr !== 'number') {
    complain(rule, 'a rule needs an expr');
    return;
  }
  for (const _ of syntaxErrors(String(expr)).slice(0, 1)) complain(exprNode, 'this expr is no PromQL');
  const record = rule.get('record');
  if (typeof record === 'string') {
    set.recordings.push({ record, expr: String(expr), group, file, line });
    return;
  }
  const name = rule.get('alert');
  if (typeof name !== 'string') {
    complain(rule, 'a rule has either alert: or record:');
    return;
  }
  set.alerts.push({
    name,
    expr: String(expr),
    forMs: duration(rule, 'for', complain) ?? 0,
    keepFiringForMs: duration(rule, 'keep_firing_for', complain) ?? 0,
    labels: texts(rule.get('labels')),
    annotations: texts(rule.get('annotations')),
    group,
    intervalMs: interval,
    file,
    line,
  });
}

function duration(map: YAMLMap, key: string, complain: Complain): number | undefined {
  const value = map.get(key);
  if (value === undefined) return undefined;
  const ms = parseDuration(String(value));
  if (ms === undefined)
    complain(map.get(key, true) as Node, `${key}: ${value} is no duration; write it like 1m30s`);
  return ms;
}

function texts(map: unknown): Record<string, string> {
  if (!isMap(map)) return {};
  return Object.fromEntries(map.items.map(({ key, value }) => [String(key), String(value)]));
}

/**
 * How far back an alert's expression looks through the recording rules it reads, in the durations of its source.
 * A recorded metric adds its own rule's lookback; a rule that reads itself is not followed twice.
 */
export function deepLookback(
  expr: string,
  recordings: readonly RecordingRule[],
  seen: readonly string[] = [],
): number {
  const behind = metricNames(expr).map((name) => {
    const rule = seen.includes(name) ? undefined : recordings.find(({ record }) => record === name);
    return rule ? deepLookback(rule.expr, recordings, [...seen, name]) : 0;
  });
  return lookback(expr) + Math.max(0, ...behind);
}
