import { test } from 'node:test';
import { losesAlone, type Mutant, put } from '../../support/grade-mutants.ts';

const COMPOSE = 'compose.yml';
const SCRAPE = 'prometheus/prometheus.yml';

const MUTANTS: Mutant[] = [
  ['a service is not there', COMPOSE, put(/\n {2}redis:\n[\s\S]*?\n\n/, '\n'), 'stack', 'no-service'],
  ['an image without a version', COMPOSE, put('grafana:11.6.1', 'grafana:latest'), 'stack', 'unpinned-image'],
  ['no tag at all', COMPOSE, put('prometheus:v2.53.4', 'prometheus'), 'stack', 'unpinned-image'],
  [
    'a password in the file',
    COMPOSE,
    put(/"\$\{GRAFANA_PASSWORD}"/, 'admin123'),
    'stack',
    'password-in-file',
  ],
  [
    'a password in an address',
    COMPOSE,
    put(/exporter:\$\{EXPORTER_DB_PASSWORD}/, 'exporter:hunter2'),
    'stack',
    'password-in-file',
  ],
  ['an open port', COMPOSE, put(/127\.0\.0\.1:(?=\$\{POSTGRES_PORT})/, ''), 'stack', 'open-port'],
  [
    'the exporter as superuser',
    COMPOSE,
    put('postgresql://exporter:', 'postgresql://postgres:'),
    'stack',
    'superuser',
  ],
  [
    'no health check',
    COMPOSE,
    put(/ {4}healthcheck:\n {6}test: \[CMD, redis-cli, ping\]\n.*\n.*\n/, ''),
    'stack',
    'no-health-check',
  ],
  [
    'a mounted file is not there',
    COMPOSE,
    put('./postgres/init.sh', './postgres/other.sh'),
    'stack',
    'absent-file',
  ],
  ['a file from outside', COMPOSE, put('./postgres/init.sh', '../../etc/passwd'), 'stack', 'outside-file'],
  [
    'nothing shows what process 1 is',
    COMPOSE,
    (text) => text.replace('  init: true\n', '').replace('build: ./app', 'build: ./debian'),
    'stack',
    'unknown-process',
  ],
  [
    'nginx resolves once',
    'nginx/nginx.conf',
    put(/set \$upstream .*\n *proxy_pass \$upstream/, 'proxy_pass http://api:5000'),
    'stack',
    'upstream-resolved-once',
  ],
  [
    'no status page',
    'nginx/nginx.conf',
    put(/location = \/stub_status[\s\S]*?\n {4}}\n/, ''),
    'stack',
    'no-stub-status',
  ],

  ['a job is not there', SCRAPE, put(/ {2}- job_name: redis\n[\s\S]*?\n\n/, ''), 'metrics', 'no-job'],
  [
    'a target that nobody is',
    SCRAPE,
    put('redis-exporter:9121', 'redis-exporteur:9121'),
    'metrics',
    'unknown-target',
  ],
  ['a wrong port', SCRAPE, put('nginx-exporter:9113', 'nginx-exporter:9114'), 'metrics', 'wrong-port'],
  ['no interval', SCRAPE, put(/ {2}scrape_interval: 15s\n/, ''), 'metrics', 'default-interval'],
  ['the API is not probed', SCRAPE, put(/ *- http:\/\/api:5000\/health\n/, ''), 'metrics', 'unprobed'],
  ['the module is not there', 'blackbox/blackbox.yml', put('http_2xx', 'http_3xx'), 'metrics', 'no-blackbox'],
  [
    'the path as it is asked for',
    'app/api.py',
    put('REQUESTS.labels(method, endpoint, status)', 'REQUESTS.labels(method, request.path, status)'),
    'metrics',
    'raw-path',
  ],
  [
    'the path by another name',
    'app/api.py',
    put(/endpoint = request\.url_rule.*/, 'endpoint = request.path'),
    'metrics',
    'raw-path',
  ],
  [
    'scrapes are counted',
    'app/api.py',
    put(/UNMEASURED = .*/, 'UNMEASURED = set()'),
    'metrics',
    'counts-itself',
  ],
  [
    'node-exporter sees its container',
    COMPOSE,
    put(/ *- --path\.rootfs=\/rootfs\n/, ''),
    'metrics',
    'no-rootfs',
  ],
];

for (const mutant of MUTANTS) test(mutant[0], () => losesAlone(mutant));
