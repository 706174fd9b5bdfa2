import { placeOf } from '../plan/findings/finding.ts';
import { expanded, type Read, reads } from '../plan/findings/reading.ts';
import { type Matcher, readExpression, satisfies } from '../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import { type Judged, lost, type Place } from './check.ts';
import { appMetricOf, isKnown } from './known.ts';
import { certainty } from './ranges.ts';
import type { Submission } from './submission.ts';

/** Where a rule stands. */
export function placeOfRule({ file = '.', line = 1 }: AlertRule | RecordingRule): Place {
  return { file, line };
}

/** Whether an alert fires with nothing broken, or cannot fire, by its condition alone. */
export function certaintyOf(alert: AlertRule, { rules }: Submission) {
  return certainty(expanded(readExpression(alert.expr), rules.recordings));
}

/** Why an alert can never fire; undefined where nothing says so. The first reason is enough. */
export function neverFires(alert: AlertRule, submission: Submission): Judged | undefined {
  for (const read of reads(alert, submission.rules.recordings)) {
    const why = read.needed ? lackOf(alert, read, submission) : undefined;
    if (why) return why;
  }
  return certaintyOf(alert, submission) === 'never'
    ? lost('never-holds', { alert: alert.name }, placeOf(alert, undefined, 0))
    : undefined;
}

/** What a selector asks for that no series has. */
function lackOf(alert: AlertRule, { selector, rule }: Read, submission: Submission): Judged | undefined {
  const { metric, matchers, from } = selector;
  if (metric === undefined) return undefined;
  const place = placeOf(rule, undefined, from);
  if (!isKnown(metric, submission)) return lost('unknown-metric', { alert: alert.name, metric }, place);
  const own = appMetricOf(metric, submission);
  const bucket = matchers.find(({ label, op }) => label === 'le' && op === '=')?.value;
  if (own?.buckets && bucket !== undefined && bucket !== '+Inf' && !own.buckets.includes(Number(bucket))) {
    const there = own.buckets.join(', ');
    return lost('missing-bucket', { alert: alert.name, metric: own.name, bucket, there }, place);
  }
  const lacking = matchers.find((one) => isLacking(one, own?.labels, submission));
  if (!lacking) return undefined;
  const matcher = `${lacking.label}${lacking.op}"${lacking.value}"`;
  return lost('unknown-label', { alert: alert.name, metric, matcher }, place);
}

/** Whether no series can satisfy a matcher: one that also takes an absent label asks for nothing. */
function isLacking(matcher: Matcher, labels: readonly string[] | undefined, { scrape }: Submission): boolean {
  const { label } = matcher;
  if (satisfies('', matcher) !== false) return false;
  if (label === 'job') return !!scrape && !scrape.jobs.some(({ name }) => satisfies(name, matcher) !== false);
  if (!labels || labels.includes(label) || /^(le|instance|quantile|__.*)$/.test(label)) return false;
  return !scrape?.jobs.some(({ adds, rewrites }) => rewrites || adds.includes(label));
}

/** Every metric that an alert comes from, recording rules followed. */
export function metricsReadBy(rule: AlertRule | RecordingRule, { rules }: Submission): string[] {
  return reads(rule, rules.recordings).flatMap(({ selector }) => selector.metric ?? []);
}
