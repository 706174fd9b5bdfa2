import { test } from 'node:test';
import { gone, losesAlone, type Mutant, put, without } from '../../support/grade-mutants.ts';

const SCRAPE = 'prometheus/prometheus.yml';
const INFRA = 'prometheus/rules/infrastructure.yml';
const APP = 'prometheus/rules/application.yml';
const SLO = 'prometheus/rules/slo.yml';
const SHOP = 'grafana/dashboards/techshop.json';

const MUTANTS: Mutant[] = [
  ['an alert is not there', INFRA, without('HighMemory'), 'rules', 'no-alert'],
  ['an alert without a for', INFRA, put('        for: 1m\n', '        for: 0s\n'), 'rules', 'no-for'],
  ['an alert on everything', INFRA, put('expr: up == 0', 'expr: up >= 0'), 'rules', 'always-fires'],
  ['an alert on nothing', INFRA, put('expr: up == 0', 'expr: up > 1'), 'rules', 'never-holds'],
  ['a bucket that is not there', 'app/api.py', put('0.25, 0.3, 0.5', '0.25, 0.5'), 'rules', 'missing-bucket'],
  [
    'a metric that is not there',
    INFRA,
    put(/expr: redis_up == 0/, 'expr: redis_up == 0 and redis_is_down_total > 0 and cache_down > 0'),
    'rules',
    'unknown-metric',
  ],
  [
    'a label that is not there',
    APP,
    put('orders_total{status="failed"}', 'orders_total{outcome="failed"}'),
    'rules',
    'unknown-label',
  ],
  [
    'a job that is not there',
    INFRA,
    put('expr: up == 0', 'expr: up{job="apis"} == 0'),
    'rules',
    'unknown-label',
  ],
  ['nobody looks at Redis', INFRA, without('RedisDown'), 'rules', 'nobody-looks'],
  [
    'PromQL with a mistake',
    APP,
    put('http_requests_active > 50', 'http_requests_active >> 50'),
    'rules',
    'bad-rules',
  ],
  ['rules that are not loaded', SCRAPE, put('rules/*.yml', 'rules/s*.yml'), 'rules', 'rules-not-loaded'],
  [
    'nobody is notified',
    'alertmanager/alertmanager.yml',
    put(/ {4}webhook_configs:[\s\S]*/, ''),
    'rules',
    'no-receiver',
  ],
  ['no Alertmanager', SCRAPE, put(/alerting:[\s\S]*?\n\n/, ''), 'rules', 'not-alerting'],

  [
    'a panel is not there',
    SHOP,
    (text) =>
      text.replace('"title": "Redis Ops"', '"title": "More"').replace('redis_commands_total', 'redis_up'),
    'dashboard',
    'no-panel',
  ],
  ['a panel of something else', SHOP, put('redis_commands_total', 'redis_up'), 'dashboard', 'other-query'],
  ['a panel of another kind', SHOP, put('"type": "heatmap"', '"type": "table"'), 'dashboard', 'wrong-kind'],
  [
    'a query of what nobody has',
    SHOP,
    put('sum(rate(orders_total[1m])) * 60', 'sum(rate(shop_orders_total[1m])) * 60'),
    'dashboard',
    'unknown-query-metric',
  ],
  [
    'a query with a mistake',
    SHOP,
    put('sum(rate(redis_commands_total[5m]))', 'sum(rate(redis_commands_total[5m])'),
    'dashboard',
    'bad-query',
  ],
  ['a row is not there', SHOP, put('"title": "Traffic"', '"title": "More"'), 'dashboard', 'no-row'],
  ['a panel without a unit', SHOP, put('"unit": "reqps"', '"unit": ""'), 'dashboard', 'no-unit'],
  ['no provider', 'grafana/provisioning/dashboards/techshop.yml', gone, 'dashboard', 'no-provider'],
  [
    'a wrong datasource',
    'grafana/provisioning/datasources/prometheus.yml',
    put('http://prometheus:9090', 'http://promotheus:9090'),
    'dashboard',
    'wrong-datasource',
  ],

  ['no SLO document', 'docs/slo.md', gone, 'slo', 'no-slo-document'],
  ['no reasons', 'docs/slo.md', put(/## Why these[\s\S]*?(?=## What)/, ''), 'slo', 'no-reasons'],
  [
    'an objective is not said',
    'docs/slo.md',
    (text) => text.replaceAll('99.5 %', 'most'),
    'slo',
    'no-objective',
  ],
  ['an objective that nobody watches', SLO, without('SLOErrorRateBreach'), 'slo', 'no-slo-alert'],
  [
    'another threshold than the objective',
    SLO,
    put('ratio_rate5m < 0.95\n', 'ratio_rate5m < 0.5\n'),
    'slo',
    'no-slo-alert',
  ],
  [
    'availability is empty in an outage',
    SLO,
    put(/min\(\n *label_replace\(\n *(1 - [\s\S]*?),\n *"seen_by", "api"[\s\S]*?\n {10}\)\n/, '$1\n'),
    'slo',
    'empty-in-outage',
  ],
  [
    'no error budget',
    'grafana/dashboards/slo.json',
    (text) =>
      text
        .replaceAll('/ (1 - 0.995)', '')
        .replaceAll('(1 - 0.995) *', '0.005 +')
        .replaceAll('/ (1 - sli', '- (1 - sli'),
    'slo',
    'no-budget',
  ],

  ['no summary', INFRA, put(/ *summary: "High CPU.*\n/, ''), 'documentation', 'no-summary'],
  ['no description', INFRA, put(/ *description: "The processors.*\n/, ''), 'documentation', 'no-description'],
  ['no severity', INFRA, put('severity: critical', 'team: shop'), 'documentation', 'no-severity'],
  [
    'a ratio as a percentage',
    SLO,
    put(
      '{{ $value | humanizePercentage }} of the requests succeed',
      '{{ $value }} % of the requests succeed',
    ),
    'documentation',
    'ratio-as-percent',
  ],
  [
    'a label that is dropped',
    APP,
    put('of the orders fail.', 'of the orders on {{ $labels.instance }} fail.'),
    'documentation',
    'lost-label',
  ],
  [
    'a panel without a description',
    SHOP,
    put(/"description": "How busy.*\n/, '"description": "",\n'),
    'documentation',
    'no-panel-description',
  ],
];

for (const mutant of MUTANTS) test(mutant[0], () => losesAlone(mutant));
