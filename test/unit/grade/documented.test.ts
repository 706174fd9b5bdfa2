import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCUMENTED, found, gradeOf, OURS } from '../../support/grade.ts';

test('our own stack has every point, and nothing to say against it', () => {
  const grade = gradeOf(OURS);
  assert.equal(grade.score, 100);
  assert.deepEqual(grade.findings, []);
  assert.deepEqual(grade.unread, []);
  assert.ok(grade.checklist.every(({ ready }) => ready));
  assert.equal(grade.checklist.length, 6);
  for (const { checks } of grade.criteria)
    for (const { id, evidence } of checks) assert.ok(evidence.length > 0, `${id} has evidence`);
});

const SEED = gradeOf(DOCUMENTED);

/** Of each criterion the points of the stack as the document has it, and where the others went. */
const POINTS = {
  // Of 20: what compose mounts is absent (1.8), no health checks (2), `latest` (1.7), passwords (0.7), superuser (1), ports (0.9),
  // Python as process 1 (1), no nginx.conf (1).
  stack: 9.9,
  // Of 20: the raw path (2), scrapes counted (1), no --path.rootfs (1), no blackbox.yml (0.7).
  metrics: 15.3,
  // Of 20: the missing bucket (0.2), five in a hundred orders fail by design (2), nobody looks at PostgreSQL, Redis or probes (3),
  // no receiver (1).
  rules: 13.8,
  // The datasource is all there is.
  dashboard: 1,
  // Of 10: no document (3), no alert on the error rate (1), an SLI that is empty in an outage (1), no budget (1).
  slo: 4,
  // Of 10: two alerts without a description (0.4), a ratio as a percentage (0.2), no document (1), no panel (1).
  documentation: 7.4,
};

test('the stack as its document has it does not pass, and its points are known one by one', () => {
  assert.deepEqual(Object.fromEntries(SEED.criteria.map(({ id, points }) => [id, points])), POINTS);
  assert.equal(SEED.score, 51.4);
  assert.equal(SEED.passed, false);
  const ready = SEED.checklist.filter(({ ready }) => ready).map(({ id }) => id);
  assert.deepEqual(ready, ['api-metrics', 'alerts-configured']);
});

/** The document's defects by the numbers they are known under, each with places that are told. */
const DEFECTS: Record<string, string[]> = {
  '1: no 0.3 bucket': ['missing-bucket prometheus/rules/slo.yml:13'],
  '2: a ratio as a percentage': ['ratio-as-percent prometheus/rules/slo.yml:35'],
  '2: the error rate has no rule': ['no-slo-alert prometheus/rules/slo.yml:1'],
  '3: no rule looks at PostgreSQL or Redis': ['nobody-looks prometheus/rules/application.yml:1'],
  '5: orders fail by design': [
    'already-holds prometheus/rules/application.yml:30',
    'already-holds prometheus/rules/slo.yml:17',
  ],
  '6: a total outage leaves the SLI empty': ['empty-in-outage prometheus/rules/slo.yml:5'],
  '8: the raw path, and scrapes are counted': ['raw-path app/app.py:36', 'counts-itself app/app.py:28'],
  '9: files that are mounted and absent': [
    'absent-file compose.yml:8',
    'absent-file compose.yml:64',
    'absent-file compose.yml:84',
    'no-dashboard grafana/dashboards/techshop.json:1',
    'no-provider grafana/provisioning/dashboards/techshop.yml:1',
    'no-slo-document docs/slo.md:1',
  ],
  '10: nothing shows how nginx finds the API': ['no-nginx-conf nginx/nginx.conf:1'],
  '11: health checks, versions, passwords, ports, superuser': [
    'no-health-check compose.yml:11',
    'unpinned-image compose.yml:67',
    'password-in-file compose.yml:23',
    'open-port compose.yml:69',
    'superuser compose.yml:52',
  ],
  '12: Python as process 1': ['deaf-process compose.yml:11'],
  '13: no --path.rootfs': ['no-rootfs compose.yml:30'],
  '14: no receiver': ['no-alertmanager alertmanager/alertmanager.yml:1'],
};

for (const [defect, places] of Object.entries(DEFECTS)) {
  test(`defect ${defect}`, () => {
    const all = found(SEED);
    for (const place of places) assert.ok(all.includes(place), `${place}\n${all.join('\n')}`);
    for (const place of places) {
      const finding = SEED.findings.find(({ id, file, line }) => `${id} ${file}:${line}` === place)!;
      assert.ok(finding.points > 0 && finding.fix.length > 5 && finding.message.length > 10);
    }
  });
}

test('defect 7: of what nobody looks at the failed probe is one', () => {
  const messages = SEED.findings.filter(({ id }) => id === 'nobody-looks').map(({ message }) => message);
  assert.equal(messages.length, 3);
  assert.ok(messages.some((one) => one.includes('probe_success')));
});

test('what the findings cost is what the points lack, but for their rounding', () => {
  for (const grade of [SEED, gradeOf(OURS)]) {
    const cost = grade.findings.reduce((sum, { points }) => sum + points, 0);
    assert.ok(Math.abs(cost - (100 - grade.score)) < 2, `${cost} of ${100 - grade.score}`);
  }
});
