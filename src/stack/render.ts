import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { metricsDir } from '../core/lab.ts';
import { STACK_DIR } from '../core/paths.ts';
import { readPrometheusConfig } from '../rules/prometheus-config.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { dashboardAtSpeed } from './dashboards.ts';
import { atSpeed, type ConfigFile, type Rendered } from './speed.ts';

/** What the lab's servers read, below stack/. */
function configFiles(stackDir: string): ConfigFile[] {
  const rules = readdirSync(join(stackDir, 'prometheus/rules')).filter((name) => name.endsWith('.yml'));
  const paths = [
    'prometheus/prometheus.yml',
    ...rules.sort().map((name) => `prometheus/rules/${name}`),
    'alertmanager/alertmanager.yml',
    'blackbox/blackbox.yml',
  ];
  return paths.map((path) => ({ path, text: readFileSync(join(stackDir, path), 'utf8') }));
}

function dashboardFiles(stackDir: string): ConfigFile[] {
  const paths = readdirSync(join(stackDir, 'grafana/dashboards')).filter((name) => name.endsWith('.json'));
  return paths.sort().map((name) => {
    const path = `grafana/dashboards/${name}`;
    return { path, text: readFileSync(join(stackDir, path), 'utf8') };
  });
}

/**
 * The lab's configuration at a speed, and a hash that changes with what is read at start only: not with the dashboards,
 * which Grafana reads again by itself. Writes nothing.
 * @throws ChaosError `usage` where the speed is too high, `bad-file` where the configuration has mistakes
 */
export function renderLab(speed: number, stackDir = STACK_DIR): Rendered & { hash: string } {
  const rendered = atSpeed(configFiles(stackDir), speed);
  const hash = createHash('sha256');
  for (const { path, text } of rendered.files) hash.update(path).update(text);
  const dashboards = dashboardFiles(stackDir).map((file) => dashboardAtSpeed(file, speed));
  return { ...rendered, files: [...rendered.files, ...dashboards], hash: hash.digest('hex').slice(0, 12) };
}

/** Writes a rendered configuration below a lab's folder, readable by the servers' own users. */
export function writeRendered(labDir: string, files: readonly ConfigFile[]): void {
  rmSync(join(labDir, 'prometheus/rules'), { recursive: true, force: true });
  for (const { path, text } of files) {
    const target = join(labDir, path);
    mkdirSync(dirname(target), { recursive: true });
    // Written in place: a running container has the file itself mounted by its folder.
    writeFileSync(target, text);
    chmodSync(target, 0o644);
  }
  // What runs leave there is kept: node-exporter goes on exposing the last of each scenario.
  mkdirSync(metricsDir({ dir: labDir }), { recursive: true });
  chmodSync(metricsDir({ dir: labDir }), 0o755);
  for (const { path } of files) {
    // Each folder of each file: mkdir has left it to the umask.
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      chmodSync(join(labDir, folder), 0o755);
  }
}

/**
 * The rules and intervals of the lab as written, at speed 1: what a plan is made from without a running lab.
 * @throws ChaosError `bad-file` with every mistake of the rule files, and of prometheus.yml
 */
export function readStackRules(stackDir = STACK_DIR) {
  const rules = readRuleFiles(join(stackDir, 'prometheus/rules'));
  const { config, problems } = readPrometheusConfig(join(stackDir, 'prometheus/prometheus.yml'));
  const all = [...rules.problems, ...problems];
  if (!config || all.length > 0)
    throw new ChaosError('bad-file', 'The rules of the lab have mistakes.', { problems: all });
  return { rules, cadence: config.cadence };
}
