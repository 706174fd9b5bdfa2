import { selectorsOf } from '../../../rules/expression.ts';
import { type Judged, lost, type Place, won } from '../../check.ts';
import { ofPanels } from '../../criteria/dashboard.ts';
import { readQuery } from '../../panels.ts';
import type { Panel } from '../../read/dashboard.ts';
import { type LiveCheck, liveCheck, withPrometheus } from '../check.ts';
import { queryOutside } from '../look.ts';
import { missingFor } from '../missing.ts';
import type { SeenPrometheus } from '../sighting.ts';

/** Does each panel show something? Its queries are asked of Prometheus itself, as Grafana would ask it. */
export const dashboardLive: readonly LiveCheck[] = [
  liveCheck(
    'dashboard.data',
    withPrometheus((prometheus, running) =>
      ofPanels((_, panel, at) => dataOf(panel, at, prometheus))(running),
    ),
  ),
];

function dataOf({ title: panel, exprs }: Panel, at: Place, { answers, series }: SeenPrometheus): Judged {
  if (exprs.length === 0) return lost('no-query', { panel }, at);
  const shown: string[] = [];
  for (const expr of exprs) {
    const query = queryOutside(expr);
    const answer = answers.get(query);
    if (!answer || 'refused' in answer)
      return lost('panel-refused', { panel, why: answer?.refused ?? '-' }, at);
    const count = answer.values.filter((value) => !Number.isNaN(value)).length;
    if (count > 0) {
      shown.push(String(count));
      continue;
    }
    // A panel of errors is empty while there are none; what it reads must be there all the same.
    const missing = selectorsOf(readQuery(query)).flatMap((one) => missingFor(one, series) ?? []);
    if (missing.length > 0) return lost('panel-empty', { panel, what: missing[0]!.what }, at);
    shown.push('0');
  }
  return won(`${panel}: ${shown.join(', ')}`, at);
}
