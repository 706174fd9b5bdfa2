import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dashboard, dashboards, exprs, type Panel, panel } from '../../support/dashboards.ts';

/** The document's drawing, row by row: each panel's name and kind as written there. */
const DRAWN = {
  Overview: [
    ['Uptime', 'STAT'],
    ['Requests/s', 'STAT'],
    ['Error Rate', 'STAT'],
    ['P95 Lat', 'STAT'],
  ],
  Traffic: [['Requests per Second', 'Time Series']],
  Performance: [
    ['Latency Distribution', 'HEATMAP'],
    ['Error Rate by Endpoint', 'TIME SERIES'],
  ],
  'Business Metrics': [
    ['Orders/min', 'TIME SERIES'],
    ['Cart Value Histogram', 'HISTOGRAM'],
  ],
  Infrastructure: [
    ['CPU %', 'GAUGE'],
    ['Memory %', 'GAUGE'],
    ['Redis Ops', 'STAT'],
    ['PG Conn', 'STAT'],
  ],
};

/** Its panels by the row they stand in. */
function rowsOf({ panels }: Dashboard): { title: string; y: number; panels: Panel[] }[] {
  const rows: { title: string; y: number; panels: Panel[] }[] = [];
  for (const one of panels) {
    if (one.type === 'row') rows.push({ title: one.title, y: one.gridPos.y, panels: [] });
    else rows.at(-1)!.panels.push(one);
  }
  return rows;
}

test('TechShop has the rows and panels that the document draws, name by name and kind by kind', () => {
  const techshop = dashboards.find(({ uid }) => uid === 'techshop')!;
  const kind = (drawn: string) => drawn.toLowerCase().replace(' ', '');
  assert.deepEqual(
    rowsOf(techshop).map((row) => [row.title, row.panels.map(({ title, type }) => [title, type])]),
    Object.entries(DRAWN).map(([row, panels]) => [row, panels.map(([name, drawn]) => [name, kind(drawn!)])]),
  );
});

test('the panels of a row stand side by side, as wide as each other, over the whole width', () => {
  for (const dashboard of dashboards) {
    let y = 0;
    for (const row of rowsOf(dashboard)) {
      const [{ gridPos: first }] = row.panels as [Panel];
      assert.equal(row.y, y, row.title);
      assert.deepEqual(
        row.panels.map(({ gridPos }) => gridPos),
        row.panels.map((_, i) => ({ ...first, x: i * first.w, y: y + 1 })),
        row.title,
      );
      assert.equal(first.w * row.panels.length, 24, row.title);
      y += 1 + first.h;
    }
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  }
});

test('the document’s queries are asked, where they are right as written to the letter', () => {
  const all = exprs(panel('techshop', 'Orders/min'));
  for (const [title, expr] of [
    ['Requests per Second', 'sum(rate(http_requests_total[5m])) by (endpoint)'],
    ['P95 Lat', 'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le))'],
  ])
    assert.deepEqual(exprs(panel('techshop', title!)), [expr]);
  assert.ok(all.includes('sum(rate(orders_total[1m])) * 60'));
  // One value for all commands, and for all databases.
  assert.deepEqual(exprs(panel('techshop', 'Redis Ops')), ['sum(rate(redis_commands_total[5m]))']);
  assert.deepEqual(exprs(panel('techshop', 'PG Conn')), ['sum(pg_stat_activity_count{state="active"})']);
  // Without a 5xx the document's gives nothing, so 0 is added.
  const answered = 'sum(rate(http_requests_total[5m]))';
  const failed = 'sum(rate(http_requests_total{status=~"5.."}[5m]))';
  assert.deepEqual(exprs(panel('techshop', 'Error Rate')), [
    `(${failed} or ${answered} * 0) / ${answered} * 100`,
  ]);
  const flat = (uid: string, title: string) => exprs(panel(uid, title))[0]!.replace(/[\s()]/g, '');
  const sli = 'sli:availability:ratio_rate5m';
  const left = `100 * (1 - ((1 - ${sli}) / (1 - 0.995)))`;
  assert.equal(flat('slo', 'Error Budget Remaining'), left.replace(/[\s()]/g, ''));
  assert.deepEqual(exprs(panel('slo', 'Burn Rate')), [`(1 - ${sli}) / (1 - 0.995)`]);
  assert.deepEqual(exprs(panel('slo', 'Time to Exhaustion')), [`(1 - 0.995) * 30 * 24 / (1 - ${sli})`]);
});
