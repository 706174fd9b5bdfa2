import { unreadable } from '../rules/bounds.ts';
import { type Expression, readExpression, selectorsOf } from '../rules/expression.ts';
import type { Dashboard, Panel } from './read/dashboard.ts';
import { PANELS, type WantedPanel } from './seed.ts';
import type { Submission } from './submission.ts';

/** The dashboard that shows most of what is asked for, and which of its panels is which. */
export interface Drawn {
  dashboard: Dashboard;
  panels: Map<WantedPanel, Panel>;
}

/** Every check of a dashboard asks for it. */
const known = new WeakMap<Submission, Drawn[]>();

/** The dashboard to be graded; undefined where none was handed in. */
export function drawn(submission: Submission): Drawn | undefined {
  const all =
    known.get(submission) ??
    submission.dashboards
      .map((dashboard) => ({ dashboard, panels: matched(dashboard) }))
      .sort((a, b) => b.panels.size - a.panels.size);
  known.set(submission, all);
  return all[0];
}

/** A panel's query as PromQL: Grafana puts its own windows in, and any will do to read the rest. */
export function promqlOf(expr: string): string {
  return expr.replace(/\[\$(\w+|\{\w+\})(?=[\]:])/g, '[5m');
}

/** A panel's query; `unknown` for one that nobody wrote, and that nothing would come back from. */
export function readQuery(expr: string): Expression {
  const promql = promqlOf(expr);
  return unreadable(promql) ? { kind: 'unknown' } : readExpression(promql);
}

/** Each wanted panel's own, the likeliest first, so that of two alike neither takes the other's. */
function matched({ panels }: Dashboard): Map<WantedPanel, Panel> {
  const read = panels.map((panel) => ({
    panel,
    metrics: panel.exprs.flatMap((expr) =>
      selectorsOf(readQuery(expr)).flatMap(({ metric }) => metric ?? []),
    ),
  }));
  const pairs = PANELS.flatMap((wanted) =>
    read.map(({ panel, metrics }) => ({ wanted, panel, likeness: likeness(wanted, panel, metrics) })),
  ).filter((pair) => pair.likeness >= ENOUGH);
  const found = new Map<WantedPanel, Panel>();
  const taken = new Set<Panel>();
  for (const { wanted, panel } of pairs.sort((a, b) => b.likeness - a.likeness)) {
    if (found.has(wanted) || taken.has(panel)) continue;
    found.set(wanted, panel);
    taken.add(panel);
  }
  return found;
}

/** The same title, or two of: a like title, the kind, what it reads. */
const ENOUGH = 3;

function likeness(
  { title, like, types, metric }: WantedPanel,
  panel: Panel,
  metrics: readonly string[],
): number {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const named = plain(panel.title) === plain(title) ? 4 : like.test(panel.title.toLowerCase()) ? 2 : 0;
  const reads = metrics.some((one) => metric.test(one)) ? 2 : 0;
  return named + reads + (types.includes(panel.type) ? 1 : 0);
}
