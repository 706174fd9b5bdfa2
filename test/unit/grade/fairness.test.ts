import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certainty } from '../../../src/grade/ranges.ts';
import { readExpression } from '../../../src/rules/expression.ts';
import { changed, folderOf, gradeOf, OURS } from '../../support/grade.ts';

const CONDITIONS: Record<string, 'always' | 'never' | undefined> = {
  'vector(1)': 'always',
  'vector(1) > 0': 'always',
  '1 > bool 0': 'always',
  'up >= 0': 'always',
  'up > -1': 'always',
  'up == 1': 'always',
  'up != 2': 'always',
  'up == up': 'always',
  'up * 0 == 0': 'always',
  up: 'always',
  'sum(rate(http_requests_total[5m]))': 'always',
  'rate(http_requests_total[5m]) >= 0': 'always',
  'count(up) > 0': 'always',
  'up == 0 or vector(1)': 'always',
  'http_requests_active <= Inf': 'always',
  'label_replace(vector(1), "a", "b", "", "")': 'always',
  'up > 1': 'never',
  'up < 0': 'never',
  'up != up': 'never',
  'rate(http_requests_total[5m]) < 0': 'never',
  'up > 1 and up == 0': 'never',
  'count(up) == 0': 'never',
  'up == 0': undefined,
  'up < 1': undefined,
  'count(up == 0) > 0': undefined,
  'sum(up) < 3': undefined,
  'avg(up) < 0.5': undefined,
  'absent(up)': undefined,
  'absent(up) == 1': undefined,
  'ALERTS{alertstate="firing"}': undefined,
  'predict_linear(node_filesystem_avail_bytes[1h], 3600) < 0': undefined,
  'node_timex_offset_seconds < 0': undefined,
  '1 - avg_over_time(probe_success[5m]) > 0.005': undefined,
  '100 - avg(rate(node_cpu_seconds_total[5m])) * 100 > 80': undefined,
  'a / b > 2': undefined,
  'Inf - a > 3': undefined,
  '': undefined,
};

for (const [expr, said] of Object.entries(CONDITIONS)) {
  test(`of ${expr || 'nothing'} it is said: ${said ?? 'nothing'}`, () => {
    assert.equal(certainty(readExpression(expr)), said);
  });
}

test('alerts that fire whatever happens win nothing, whatever they are called', () => {
  for (const expr of ['vector(1)', '1 > 0', 'up >= 0']) {
    const rules = ['infrastructure', 'application', 'slo', 'burn-rate'].map(
      (name) => `prometheus/rules/${name}.yml`,
    );
    const folder = rules.reduce((at, file) => changed(at, file, (text) => everyAlert(text, expr)), OURS);
    const grade = gradeOf(folder);
    assert.ok(grade.findings.some(({ id }) => id === 'always-fires'));
    const checks = new Map(grade.criteria.flatMap((one) => one.checks).map(({ id, points }) => [id, points]));
    for (const id of [
      'rules.alerts',
      'rules.patience',
      'rules.can-fire',
      'rules.quiet',
      'rules.sight',
      'slo.alerts',
    ])
      assert.equal(checks.get(id as never), 0, `${id} with ${expr}`);
  }
});

/** The expression of each alert, block or line, is another. */
function everyAlert(text: string, expr: string): string {
  return text.replace(/(- alert: \w+\n +expr:)(?: \|\n(?: {10,}.*\n)+| .*\n)/g, `$1 ${expr}\n`);
}

test('somebody else’s dashboard, whose queries nobody answers, wins nothing for them', () => {
  const grade = gradeOf(
    changed(OURS, 'grafana/dashboards/techshop.json', (text) =>
      text.replace(/\b(http|orders|cart|node|redis|pg|probe)_(?=\w+[[{)"\\ ])/g, 'flask_$1_'),
    ),
  );
  const queries = grade.criteria.flatMap((one) => one.checks).find(({ id }) => id === 'dashboard.queries')!;
  assert.equal(queries.points, 0, JSON.stringify(queries));
});

test('an empty folder has nothing, and hears what is asked for', () => {
  const grade = gradeOf(folderOf({}));
  assert.equal(grade.score, 0);
  assert.ok(grade.findings.length > 5);
  for (const { line, file, fix } of grade.findings) assert.ok(line >= 1 && file !== '' && fix !== '');
});

test('the same files under other names and in other places are worth the same', () => {
  const moved: Record<string, string> = {
    'prometheus/prometheus.yml': 'conf/prom.yaml',
    'alertmanager/alertmanager.yml': 'conf/am.yml',
    'docs/slo.md': 'SLO-document.md',
    'grafana/dashboards/techshop.json': 'export.json',
    'app/api.py': 'app/main.py',
  };
  const files = OURS.files.map((one) => ({ ...one, path: moved[one.path] ?? one.path }));
  const grade = gradeOf({ ...OURS, files });
  assert.equal(grade.score, 100, JSON.stringify(grade.findings));
});

test('Grafana’s own windows are windows', () => {
  const grade = gradeOf(
    changed(OURS, 'grafana/dashboards/techshop.json', (text) =>
      text.replaceAll('[5m]', '[$__rate_interval]').replaceAll('[1h]', `[$${'{__range}'}]`),
    ),
  );
  assert.equal(grade.score, 100, JSON.stringify(grade.findings));
});

const FRENCH = `# Document SLO

| SLI | SLO | Mesure |
|---|---|---|
| Disponibilité | 99,5 % | requêtes non 5xx / total |
| Latence P95 | < 300ms | 95% des requêtes sous 300ms |
| Taux d'erreur | < 1% | erreurs 5xx / total |

**Justification :** la boutique n'a qu'une API et une base ; un redémarrage et une mauvaise livraison par mois doivent tenir dans
les 3,6 heures de budget. Une commande prend à elle seule jusqu'à 300 ms. Au-delà de 1 % le budget part en quinze jours.
`;

test('an SLO document in French is one', () => {
  const grade = gradeOf(changed(OURS, 'docs/slo.md', () => FRENCH));
  assert.equal(grade.score, 100, JSON.stringify(grade.findings));
});
