import { readExpression, selectorsOf } from './expression.ts';
import type { RecordingRule } from './rule.ts';

/**
 * Labels that tell series of one metric apart from the beginning. The values of others, such as a status, may first
 * appear when the thing happens, so that their absence says nothing.
 */
const LASTING = new Set(['le', 'job', 'instance', 'quantile']);

/**
 * What an expression reads in the end, recording rules followed, as selectors: each metric with the matchers that a
 * series has from its beginning. Without samples of these, an alert that does not fire says nothing.
 */
export function sourcesOf(
  expr: string,
  recordings: readonly RecordingRule[],
  seen: readonly string[] = [],
): string[] {
  const sources = selectorsOf(readExpression(expr)).flatMap(({ metric, matchers }) => {
    if (metric === undefined) return [];
    const recorded = recordings.filter(({ record }) => record === metric && !seen.includes(metric));
    if (recorded.length > 0)
      return recorded.flatMap((rule) => sourcesOf(rule.expr, recordings, [...seen, metric]));
    const kept = matchers
      .filter(({ label }) => LASTING.has(label))
      .map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`);
    const named = /^[a-zA-Z_:][\w:]*$/.test(metric);
    if (!named) kept.unshift(`__name__=${JSON.stringify(metric)}`);
    return [`${named ? metric : ''}${kept.length > 0 ? `{${kept.join(',')}}` : ''}`];
  });
  return [...new Set(sources)];
}
