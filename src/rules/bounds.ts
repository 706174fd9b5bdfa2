import { parser } from '@prometheus-io/lezer-promql';
import type { AlertRule, RecordingRule } from './rule.ts';
import { metricsOf } from './selectors.ts';

/** Beyond these, an expression was not written by a person or for one, and what walks its tree may not come back. */
const LONGEST = 64 * 1024;
const DEEPEST = 1000;
/** Of one rule, through recording rules, to what is scraped. Each way is walked by whatever asks what a rule reads. */
const MOST_WAYS = 10_000;
const LONGEST_WAY = 50;

/** Why an expression is not read at all; undefined for one that is. */
export function unreadable(expr: string): string | undefined {
  if (expr.length > LONGEST) return `this expr has ${expr.length} characters; at most ${LONGEST} are read`;
  const deeper = `this expr nests deeper than ${DEEPEST}`;
  let depth = 0;
  let deepest = 0;
  try {
    parser.parse(expr).iterate({
      enter: () => {
        depth += 1;
        deepest = Math.max(deepest, depth);
      },
      leave: () => {
        depth -= 1;
      },
    });
  } catch (error) {
    // lezer copies what nests by calling itself, and where that ends depends on who has called it.
    if (error instanceof RangeError) return deeper;
    throw error;
  }
  return deepest > DEEPEST ? deeper : undefined;
}

/** Rules that lead to what is scraped over so many recording rules, or so many ways, that nothing follows them. */
export function tangled(
  alerts: readonly AlertRule[],
  recordings: readonly RecordingRule[],
): (AlertRule | RecordingRule)[] {
  const recorded = new Map<string, RecordingRule[]>();
  for (const rule of recordings) {
    const same = recorded.get(rule.record);
    if (same) same.push(rule);
    else recorded.set(rule.record, [rule]);
  }
  const read = new Map<AlertRule | RecordingRule, string[]>();
  const readBy = (rule: AlertRule | RecordingRule) => {
    const known = read.get(rule) ?? recordedIn(rule.expr, recorded);
    read.set(rule, known);
    return known;
  };
  return [...alerts, ...recordings].filter((rule) => {
    let left = MOST_WAYS;
    const walk = (at: AlertRule | RecordingRule, above: readonly string[]): boolean => {
      left -= 1;
      if (left < 0 || above.length > LONGEST_WAY) return false;
      return readBy(at).every(
        (metric) =>
          above.includes(metric) || recorded.get(metric)!.every((one) => walk(one, [...above, metric])),
      );
    };
    return !walk(rule, []);
  });
}

/** The recorded metrics that an expression reads, one as often as it reads it. */
function recordedIn(expr: string, recorded: ReadonlyMap<string, unknown>): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name === 'VectorSelector') names.push(...metricsOf(node, expr));
    },
  });
  return names.filter((name) => recorded.has(name));
}
