import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readRuleFiles } from '../../src/rules/rule-files.ts';
import { metricNames } from '../../src/rules/selectors.ts';

/** A stack's files, read as far as they are there. */
export interface StackFiles {
  compose: { services: Record<string, Service> };
  /** All of the API's sources, and what its image runs. */
  app: string;
  image: string;
  nginx: string;
  alertmanager: string;
  rules: ReturnType<typeof readRuleFiles>;
  has(path: string): boolean;
}

interface Service {
  image?: string;
  ports?: string[];
  init?: boolean;
  command?: string | string[];
  healthcheck?: object;
  environment?: string[] | Record<string, string>;
}

export function readStack(dir: string): StackFiles {
  const text = (path: string) => (existsSync(join(dir, path)) ? readFileSync(join(dir, path), 'utf8') : '');
  const sources = readdirSync(join(dir, 'app')).filter((name) => name.endsWith('.py'));
  return {
    compose: parse(text('compose.yml'), { merge: true }),
    app: sources.map((name) => text(`app/${name}`)).join('\n'),
    image: text('app/Dockerfile'),
    nginx: text('nginx/nginx.conf'),
    alertmanager: text('alertmanager/alertmanager.yml'),
    rules: readRuleFiles(join(dir, 'prometheus/rules')),
    has: (path) => existsSync(join(dir, path)),
  };
}

const metricsOf = ({ rules }: StackFiles) =>
  new Set([...rules.alerts, ...rules.recordings].flatMap(({ expr }) => metricNames(expr)));
const services = ({ compose }: StackFiles) => Object.values(compose.services);
const words = (value: unknown) => JSON.stringify(value ?? '');

/** The defects of the documented stack that its files show: each says whether a stack has it. */
export const DEFECTS: Record<string, (stack: StackFiles) => boolean> = {
  '1: a rule reads a histogram bucket that the API does not have': ({ app, rules }) => {
    const buckets =
      /http_request_duration_seconds[\s\S]*?buckets=\[([^\]]*)\]/.exec(app)?.[1]?.split(',').map(Number) ??
      [];
    const read = rules.recordings.flatMap(({ expr }) =>
      [...expr.matchAll(/le="([\d.]+)"/g)].map((match) => Number(match[1])),
    );
    return read.some((bucket) => !buckets.includes(bucket));
  },
  '2: a ratio is printed as a percentage': ({ rules }) =>
    rules.alerts.some(
      ({ expr, annotations }) =>
        /ratio/.test(expr) && /printf[^}]*}} ?%/.test(words(annotations).replaceAll('\\', '')),
    ),
  '2: no rule for the error rate objective': ({ rules }) =>
    !rules.alerts.some(({ expr }) => /errors?:ratio/.test(expr)),
  '3: the API asks neither PostgreSQL nor Redis, and no rule looks at them': (stack) =>
    !/cursor\.execute/.test(stack.app) ||
    !['pg_up', 'redis_up'].every((metric) => metricsOf(stack).has(metric)),
  '5: more orders fail by design than alerts allow': ({ app }) => {
    const rate = /PAYMENT_FAILURE_RATE", "([\d.]+)"/.exec(app)?.[1] ?? /random\(\) < ([\d.]+)/.exec(app)?.[1];
    // A third of the traffic is orders; 0.5 % of all may fail.
    return Number(rate) >= 0.005;
  },
  '7: no rule reads probe_success': (stack) => !metricsOf(stack).has('probe_success'),
  '8: the endpoint label is the raw path': ({ app }) => /labels\([^)]*request\.path/.test(app),
  '9: configuration that compose mounts is absent': ({ has }) =>
    ![
      'nginx/nginx.conf',
      'blackbox/blackbox.yml',
      'alertmanager/alertmanager.yml',
      'grafana/provisioning/dashboards/techshop.yml',
      'docs/slo.md',
    ].every(has),
  '10: nginx resolves its upstream once': ({ nginx }) =>
    !/resolver /.test(nginx) || !/proxy_pass \$/.test(nginx),
  '11: images without a version': (stack) =>
    services(stack).some(({ image }) => image !== undefined && !/:.*\d+\.\d+|\$\{/.test(image)),
  '11: a password in the file': (stack) =>
    services(stack).some(({ environment }) =>
      /PASSWORD[=":]+(?!\$|"\$)\w|:password@/.test(words(environment).replaceAll('":"', '=')),
    ),
  '11: ports open to the network': (stack) =>
    services(stack).some(({ ports }) => ports?.some((port) => !port.startsWith('127.0.0.1:'))),
  '11: no health check': (stack) => services(stack).filter(({ healthcheck }) => !healthcheck).length > 1,
  '12: Python as process 1 ignores SIGTERM': ({ image, compose }) =>
    /CMD \["python/.test(image) && !compose.services.api?.init,
  '13: node-exporter does not see the machine’s file systems': ({ compose }) =>
    !words(compose.services['node-exporter']?.command).includes('--path.rootfs'),
  '14: notifications go nowhere': ({ alertmanager }) => !/webhook_configs/.test(alertmanager),
};
