import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLivePlan } from '../../../src/cli/plan-live.ts';
import { ChaosError } from '../../../src/core/errors.ts';
import { findingsOf } from '../../../src/plan/findings/index.ts';
import { scenarioFrom } from '../../support/plan.ts';
import { serve } from '../../support/server.ts';

const YAML = `global:
  scrape_interval: 1500ms
  scrape_timeout: 1s
  evaluation_interval: 1500ms
  external_labels: { chaos_speed: "10" }
scrape_configs: [{ job_name: api, static_configs: [{ targets: ['api:5000'] }] }]
`;
const rule = (name: string, query: string) => ({ type: 'alerting', name, query, duration: 6 });

/** A Prometheus of a lab at speed 10, of which the alert `Busy` holds. */
const prometheus = () =>
  serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
    const query = searchParams.get('query');
    const answers: Record<string, unknown> = {
      rules: {
        groups: [
          {
            name: 'g',
            file: '/etc/r.yml',
            interval: 1.5,
            lastEvaluation: '2026-01-01T00:00:00Z',
            rules: [rule('Busy', 'sum(rate(busy_total[30s])) > 1'), rule('Typo', 'bussy > 1')],
          },
        ],
      },
      'status/config': { yaml: YAML },
      'label/__name__/values': ['busy_total', 'up'],
      series: searchParams.get('match[]')?.includes('busy_total')
        ? [{ __name__: 'busy_total', job: 'api' }]
        : [],
      query: {
        result: query?.includes('busy_total') ? [{ metric: { __name__: 'x', a: 'b' }, value: [1, '7'] }] : [],
      },
    };
    const data = answers[pathname.replace('/api/v1/', '')];
    response.writeHead(data === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data }));
  });

test('a live Prometheus tells rules in lab time, jobs, series, and what holds now', async () => {
  await using server = await prometheus();
  const { rules, cadence, world } = await readLivePlan(server.url, undefined);
  assert.equal(rules.alerts[0]!.forMs, 60_000);
  assert.equal(rules.alerts[0]!.expr, 'sum(rate(busy_total[5m])) > 1');
  assert.deepEqual(cadence, { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 });
  assert.deepEqual(
    world.scrape?.jobs.map(({ name }) => name),
    ['api'],
  );
  assert.deepEqual(world.live?.series.get('busy_total'), [{ __name__: 'busy_total', job: 'api' }]);
  assert.deepEqual([...world.live!.holding], [['Busy', { value: 7, labels: { a: 'b' } }]]);
  const scenario = scenarioFrom('name: x\ntitle: t\nwatch: 5m\n');
  assert.deepEqual(
    findingsOf({ scenario, rules, cadence, world }).map(({ kind, alert, file }) => [kind, alert, file]),
    [
      ['unknown-metric', 'Typo', '/etc/r.yml'],
      ['already-holds', 'Busy', '/etc/r.yml'],
    ],
  );
});

test('a Prometheus that does not answer is not ready', async () => {
  const server = await prometheus();
  await server.kill();
  await assert.rejects(
    readLivePlan(server.url, undefined),
    (error) => error instanceof ChaosError && error.kind === 'not-ready',
  );
});
