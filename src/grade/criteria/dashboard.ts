import { unreadable } from '../../rules/bounds.ts';
import { selectorsOf } from '../../rules/expression.ts';
import { syntaxErrors } from '../../rules/promql.ts';
import { type Criterion, check, type Judged, lost, type Place, won } from '../check.ts';
import { isKnown } from '../known.ts';
import { type Drawn, drawn, promqlOf, readQuery } from '../panels.ts';
import type { Panel } from '../read/dashboard.ts';
import { PANELS, type WantedPanel } from '../seed.ts';
import type { Submission } from '../submission.ts';
import { isThere } from './metrics.ts';

/** Does Grafana show what the lab's drawing shows, in a way that can be read? */
export const dashboard: Criterion = {
  id: 'dashboard',
  checks: [
    check('dashboard.provisioning', provisioning),
    check(
      'dashboard.panels',
      ofPanels((_, panel, at) => won(panel.title, at)),
    ),
    check('dashboard.kinds', ofPanels(kindOf)),
    check('dashboard.queries', ofPanels(queryOf)),
    check('dashboard.rows', rows),
    check('dashboard.units', ofPanels(unitOf)),
  ],
};

const NO_DASHBOARD: Place = { file: 'grafana/dashboards/techshop.json', line: 1 };

function provisioning({
  dashboards,
  datasources,
  providers,
  compose,
  problems,
  files,
}: Submission): Judged[] {
  const broken = problems.filter(({ file }) =>
    files.some(({ role, path }) => role === 'dashboard' && path === file),
  );
  const [first] = dashboards;
  const handed = first
    ? won(first.title, { file: first.file, line: 1 })
    : lost('no-dashboard', {}, NO_DASHBOARD);
  const [source] = datasources.flatMap(({ file, urls }) => urls.map((url) => ({ file, ...url })));
  const url = source?.value ?? '';
  const host = /^https?:\/\/([^/:]+)/.exec(url)?.[1];
  const there = host !== undefined && (!compose || isThere(host, compose));
  const [provider] = providers;
  return [
    ...(broken.length > 0 ? broken.map((one) => lost('broken-file', { why: one.message }, one)) : [handed]),
    !source
      ? lost('no-datasource', {}, { file: 'grafana/provisioning/datasources/datasources.yml', line: 1 })
      : there || url.includes('$')
        ? won(url, source)
        : lost('wrong-datasource', { url }, source),
    provider
      ? won(provider.folders.join(', '), { file: provider.file, line: 1 })
      : lost('no-provider', {}, { file: 'grafana/provisioning/dashboards/techshop.yml', line: 1 }),
  ];
}

export type PanelLook = (wanted: WantedPanel, panel: Panel, at: Place, submission: Submission) => Judged;

/** A check of each panel that the lab asks for; one that is not there loses it. */
export function ofPanels(look: PanelLook): (submission: Submission) => readonly Judged[] {
  return (submission) => {
    const found = drawn(submission);
    if (!found) return [lost('no-dashboard', {}, NO_DASHBOARD)];
    return PANELS.map((wanted) => {
      const panel = found.panels.get(wanted);
      if (panel) return look(wanted, panel, placeOf(found, panel), submission);
      const { title, types, row } = wanted;
      return lost(
        'no-panel',
        { panel: title, kind: types[0]!, row },
        { file: found.dashboard.file, line: 1 },
      );
    });
  };
}

function placeOf({ dashboard: { file } }: Drawn, { line }: Panel): Place {
  return { file, line };
}

function kindOf({ types }: WantedPanel, { title, type }: Panel, at: Place): Judged {
  return types.includes(type)
    ? won(`${title}: ${type}`, at)
    : lost('wrong-kind', { panel: title, kind: type, wanted: types[0]! }, at);
}

function queryOf(
  { metric, reads }: WantedPanel,
  { title: panel, exprs }: Panel,
  at: Place,
  submission: Submission,
): Judged {
  if (exprs.length === 0) return lost('no-query', { panel }, at);
  const read: string[] = [];
  for (const expr of exprs) {
    const promql = promqlOf(expr);
    const [error] = unreadable(promql) ? [{ from: 0 }] : syntaxErrors(promql);
    if (error) return lost('bad-query', { panel, at: error.from + 1 }, at);
    read.push(...selectorsOf(readQuery(expr)).flatMap((one) => one.metric ?? []));
  }
  const unknown = read.find((one) => !isKnown(one, submission));
  if (unknown) return lost('unknown-query-metric', { panel, metric: unknown }, at);
  return read.some((one) => metric.test(one))
    ? won(`${panel}: ${[...new Set(read)].join(', ')}`, at)
    : lost('other-query', { panel, metric: reads }, at);
}

function unitOf(_: WantedPanel, { title, unit }: Panel, at: Place): Judged {
  return unit ? won(`${title}: ${unit}`, at) : lost('no-unit', { panel: title }, at);
}

function rows(submission: Submission): Judged[] {
  const found = drawn(submission);
  if (!found) return [lost('no-dashboard', {}, NO_DASHBOARD)];
  const at = { file: found.dashboard.file, line: 1 };
  const there = found.dashboard.rows.map((one) => one.toLowerCase());
  return [...new Set(PANELS.map(({ row }) => row))].map((row) =>
    there.some((one) => one.includes(row.split(' ')[0]!.toLowerCase()))
      ? won(row, at)
      : lost('no-row', { row }, at),
  );
}
