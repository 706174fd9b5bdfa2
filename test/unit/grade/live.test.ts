import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseProject } from '../../../src/grade/live/find-stack.ts';
import { NEVER_STARTED } from '../../../src/grade/live/grade-stack.ts';
import { scenarioOf, WATCHED, type Watched } from '../../../src/grade/live/incidents.ts';
import { queryOutside } from '../../../src/grade/live/look.ts';
import { missingFor } from '../../../src/grade/live/missing.ts';
import { postedBetween } from '../../../src/grade/live/posted.ts';
import { heldAgainst } from '../../../src/grade/live/resting.ts';
import { readRubric, worthAlive } from '../../../src/grade/rubric.ts';
import { submissionOf } from '../../../src/grade/submission.ts';
import { readExpression, sameExpression, selectorsOf } from '../../../src/rules/expression.ts';
import { changed, DOCUMENTED, OURS } from '../../support/grade.ts';
import { recorded, seenAs } from '../../support/sighting.ts';

test('our stack, as it was seen, has every point and every item of the checklist', () => {
  const grade = seenAs();
  assert.deepEqual([grade.score, grade.findings], [100, []]);
  assert.equal(grade.mode, 'live');
  assert.ok(grade.checklist.every(({ ready }) => ready));
  assert.equal(grade.live?.incidents.length, 3);
});

test('files and what is seen share a criterion’s points, and always add up to them', () => {
  const rubric = readRubric();
  for (const { id, of, checks } of seenAs().criteria) {
    const sum = checks.reduce((total, one) => total + Math.round(one.of * 10), 0);
    assert.equal(sum, of * 10, id);
  }
  const odd = { ...rubric, live: { ...rubric.live, 'stack.running': 1.7 } };
  const tenths = [...worthAlive(odd, 'stack').values()].reduce((sum, of) => sum + Math.round(of * 10), 0);
  assert.equal(tenths, 200 - 17 - 40);
});

test('a stack that never ran has what its files prove, and does not pass', () => {
  const grade = seenAs((sighting) => Object.assign(sighting, NEVER_STARTED));
  const { live } = readRubric();
  const alive = Object.values(live).reduce((sum, one) => sum + one, 0);
  assert.equal(grade.score, 100 - alive);
  assert.equal(grade.passed, false);
  assert.deepEqual(
    grade.findings.map(({ id, points }) => [id, points]),
    [['not-running', alive]],
  );
  assert.ok(grade.checklist.every(({ ready }) => !ready));
});

test('a panel that asks for what nobody has is empty, one of errors that nobody made is not', () => {
  const asks = (expr: string) => {
    const folder = changed(OURS, 'grafana/dashboards/techshop.json', (text) =>
      text.replace(/"expr": "sum\(rate\(http_requests_total\[[^"]*"/, `"expr": "${expr}"`),
    );
    return seenAs(({ prometheus }) => {
      (prometheus.answers as Map<string, object>).set(expr, { values: [] });
    }, folder);
  };
  const copied = asks('sum(rate(flask_http_request_total[5m]))');
  assert.ok(copied.findings.some(({ id, checks }) => id === 'panel-empty' && checks[0] === 'dashboard.data'));
  const errors = asks("sum(rate(http_requests_total{status='500'}[5m]))");
  assert.deepEqual(
    errors.findings.filter(({ checks }) => checks.includes('dashboard.data')),
    [],
  );
});

test('what fires at rest: the machine’s own doing and what remembers are not held against it, vector(1) is', () => {
  const rule = (name: string, expr: string) => ({
    name,
    expr,
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    annotations: {},
    group: 'g',
    intervalMs: undefined,
  });
  const alerts = [
    rule('Always', 'vector(1)'),
    rule('Everywhere', 'count_over_time(up[1d]) > 0'),
    rule('HighCPU', '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.8'),
    rule('Remembers', '1 - avg_over_time(probe_success[1d]) > 0.005'),
    rule('InstanceDown', 'up == 0'),
  ];
  const submission = submissionOf('it', OURS);
  const running = { ...submission, rules: { ...submission.rules, alerts, recordings: [] } };
  const names = alerts.map(({ name }) => name);
  assert.deepEqual(
    heldAgainst([...names, ...names, 'Gone'], running, 1).map(({ rule: { name }, always }) => [name, always]),
    [
      ['Always', true],
      ['Everywhere', true],
      ['InstanceDown', false],
    ],
  );
});

test('each incident waits for this stack’s own alerts, for as long as the slowest of them needs', () => {
  const { rules } = recorded().prometheus;
  const cadence = { scrapeMs: 1500, scrapeTimeoutMs: 1000, evaluationMs: 1500 };
  const made = scenarioOf('api-outage', submissionOf('it', OURS), { rules, cadence, speed: 10 }, new Set())!;
  assert.deepEqual(
    made.expected.map(({ watched, alert }) => [watched, alert]),
    [
      ['InstanceDown', 'InstanceDown'],
      ['probe', 'ProbeFailed'],
      ['availability', 'SLOAvailabilityBreach'],
    ],
  );
  const [step] = made.scenario.timeline;
  assert.ok(step?.kind === 'fault' && step.forMs > 6 * 60_000 && step.forMs < 9 * 60_000);
  assert.ok(made.scenario.tolerate.every(({ alert }) => !made.expected.some((one) => one.alert === alert)));
  const without = scenarioOf(
    'api-outage',
    submissionOf('it', OURS),
    { rules, cadence, speed: 10 },
    new Set(['InstanceDown', 'ProbeFailed', 'SLOAvailabilityBreach']),
  );
  assert.equal(without, undefined);
});

test('of the document’s rules those are known that could see each incident', () => {
  const submission = submissionOf('it', DOCUMENTED);
  const found = Object.fromEntries(
    (Object.keys(WATCHED) as Watched[]).map((watched) => [
      watched,
      WATCHED[watched].alertOf(submission)?.name,
    ]),
  );
  assert.deepEqual(found, {
    InstanceDown: 'InstanceDown',
    probe: undefined,
    availability: 'SLOAvailabilityBreach',
    HighActiveRequests: 'HighActiveRequests',
    HighLatencyP95: 'HighLatencyP95',
    latency: 'SLOLatencyBreach',
    postgres: undefined,
    redis: undefined,
  });
});

test('a project is found by the folder that it was started from, or by its name', () => {
  const project = (name: string, workingDir: string, configFiles: string[] = []) => ({
    name,
    workingDir,
    configFiles,
    containers: [],
  });
  const all = [
    project('alice', '/class/alice'),
    project('bob', '/class/bob/stack', ['/class/bob/stack/compose.yml']),
    project('bob-2', '/class/bob/stack'),
    project('alices', '/class/alices'),
  ];
  assert.equal(chooseProject(all, { dir: '/class/alice' })?.name, 'alice');
  assert.equal(chooseProject(all, { project: 'bob', dir: '/class/bob' })?.name, 'bob');
  assert.equal(chooseProject(all, { dir: '/class/carol' }), undefined);
  assert.equal(chooseProject(all, { project: 'dave', dir: '/class/dave', listed: true }), undefined);
  assert.throws(() => chooseProject(all, { dir: '/class/bob' }), { kind: 'usage', hint: /bob, or .*bob-2/ });
  assert.throws(() => chooseProject(all, { project: 'alicia' }), { kind: 'not-ready', hint: /alice/ });
});

test('an alert that Alertmanager shows all the while, and Prometheus never fires, was posted', () => {
  const labels = { alertname: 'InstanceDown', job: 'api' };
  const status = { state: 'active' as const, silencedBy: [], inhibitedBy: [] };
  const one = { labels, fingerprint: 'a', startsAt: 'then', endsAt: '', updatedAt: '', status };
  const at = (seconds: number, managed = [one], firing = false) => ({
    at: seconds * 1000,
    managed,
    live: firing ? [{ labels, state: 'firing' as const, activeAt: 0 }] : [],
  });
  assert.deepEqual(postedBetween(at(0), at(31), 10), [{ alert: 'InstanceDown', since: 'then' }]);
  assert.deepEqual(postedBetween(at(0), at(29), 10), [], 'it may be leaving');
  assert.deepEqual(postedBetween(at(0, [one], true), at(31), 10), [], 'it was fired');
  assert.deepEqual(postedBetween(at(0), at(31, [one], true), 10), [], 'it is fired');
  assert.deepEqual(postedBetween(at(0, []), at(31), 10), [], 'it came later');
});

test('a query is asked as Grafana would, with any window, and everything for a variable', () => {
  assert.equal(
    queryOutside(`sum by (job) (rate(x{job=~"$job", a="$${'{b:regex}'}", c="d"}[$__rate_interval]))`),
    'sum by (job) (rate(x{job=~".*", a=~".*", c="d"}[5m]))',
  );
});

test('what a selector misses is what can never come', () => {
  const series = new Map([
    ['x', [{ job: 'api', status: '200' }]],
    ['x_bucket', [{ le: '0.5' }, { le: '1.0' }, { le: '+Inf' }]],
  ]);
  const live = { url: '', metrics: new Set(['x', 'x_bucket']), series, holding: new Map() };
  const missing = (expr: string) => {
    const [selector] = selectorsOf(readExpression(expr));
    return missingFor(selector!, live)?.kind;
  };
  assert.equal(missing('x'), undefined);
  assert.equal(missing('x{status=~"5.."}'), undefined);
  assert.equal(missing('x{code="500"}'), 'label');
  assert.equal(missing('x{code!="500"}'), undefined);
  assert.equal(missing('x{job="shop"}'), 'label');
  assert.equal(missing('y'), 'metric');
  assert.equal(missing('ALERTS{alertname="a"}'), undefined);
  assert.equal(missing('x_bucket{le="0.3"}'), 'bucket');
  assert.equal(missing('x_bucket{le="1"}'), undefined);
  assert.equal(missing('x_bucket{le="+Inf"}'), undefined);
});

test('two texts are one expression however they are laid out', () => {
  assert.ok(sameExpression('sum(x) by (a) > 1', 'sum by (a) (x)\n  > 1'));
  assert.ok(sameExpression('rate(x[60s])', 'rate(x[1m])'));
  assert.ok(sameExpression('sum by (b, a) (x{d="1", c="2"})', 'sum by (a, b) (x{c="2",d="1"})'));
  assert.ok(!sameExpression('x > 1', 'x > 2'));
  assert.ok(!sameExpression('x{a="b"}', 'x{a="c"}'));
});
