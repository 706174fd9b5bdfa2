import type { Problem } from '../core/errors.ts';
import { type AlertmanagerConfig, parseAlertmanagerConfig } from '../rules/alertmanager-config.ts';
import { type Exposition, parseExposition } from '../rules/exposition.ts';
import { parsePrometheusConfig, type ScrapeConfig } from '../rules/prometheus-config.ts';
import { parseRules, type RuleSet, tangles } from '../rules/rule-files.ts';
import { type FileRole, type Folder, type FoundFile, findFiles } from './find.ts';
import { type At, type Compose, parseCompose } from './read/compose.ts';
import { parseBlackbox, parseDatasources, parseProviders, parseWiring, type Wiring } from './read/configs.ts';
import { type Dashboard, parseDashboard } from './read/dashboard.ts';
import { type Program, readPython } from './read/python.ts';

/** What a learner hands in, read once. What is absent is not there, or could not be read: then there is a problem. */
export interface Submission {
  /** As the user named it; every other path counts from it. */
  dir: string;
  files: FoundFile[];
  /** Every file and folder by its path. */
  paths: ReadonlySet<string>;
  /** Files that were taken, by their part, as `docker-compose.yml`. */
  taken: { role: FileRole; file: string }[];
  problems: Problem[];
  compose?: Compose;
  scrape?: ScrapeConfig;
  wiring?: Wiring;
  rules: RuleSet;
  alertmanager?: AlertmanagerConfig;
  blackbox?: { file: string; modules: string[] };
  datasources: { file: string; urls: At<string>[] }[];
  providers: { file: string; folders: string[] }[];
  dashboards: Dashboard[];
  programs: Program[];
  exposition?: Exposition;
  slo?: FoundFile;
  /** Whether promtool has checked the rules beside our own reader; its mistakes are among the problems. */
  promtool?: boolean;
}

/** Reads a submission from its folder. @throws ChaosError `bad-file` where there is no such folder */
export function readSubmission(dir: string): Submission {
  return submissionOf(dir, findFiles(dir));
}

/** The same of files that were found already. Pure. */
export function submissionOf(dir: string, { files, paths, problems: unread }: Folder): Submission {
  const problems: Problem[] = [...unread];
  const of = (role: FileRole) => files.filter((one) => one.role === role);
  const keep = <T>({ problems: found, ...read }: { problems: Problem[] } & T) => {
    problems.push(...found);
    return read;
  };
  const compose = shallowest(of('compose'), COMPOSE_NAMES);
  const prometheus = shallowest(of('prometheus'));
  const manager = shallowest(of('alertmanager'));
  const probes = shallowest(of('blackbox'));
  const exposition = shallowest(of('exposition'));
  const rules = rulesOf(of('rules'));
  problems.push(...rules.problems);
  const read = {
    compose: compose && keep(parseCompose(compose.text, compose.path)).compose,
    scrape: prometheus && keep(parsePrometheusConfig(prometheus.text, prometheus.path)).config,
    // The same file once more: what is wrong with it is only told once.
    wiring: prometheus && parseWiring(prometheus.text, prometheus.path).wiring,
    alertmanager: manager && keep(parseAlertmanagerConfig(manager.text, manager.path)).config,
    blackbox: probes && withFile(probes.path, keep(parseBlackbox(probes.text, probes.path)).modules),
    exposition: exposition && keep(parseExposition(exposition.text, exposition.path)).exposition,
    slo: sloDocument(of('markdown')),
  };
  const dashboards = of('dashboard').flatMap(
    ({ text, path }) => keep(parseDashboard(text, path)).dashboard ?? [],
  );
  const datasources = of('datasources').flatMap(({ text, path }) => {
    const { urls } = keep(parseDatasources(text, path));
    return urls ? [{ file: path, urls }] : [];
  });
  const providers = of('providers').flatMap(({ text, path }) => {
    const { folders } = keep(parseProviders(text, path));
    return folders ? [{ file: path, folders }] : [];
  });
  const singles = [compose, prometheus, manager, probes, exposition].flatMap((one) => one ?? []);
  const taken = files.filter(
    (one) => singles.includes(one) || !singles.some(({ role }) => role === one.role),
  );
  return {
    dir,
    files,
    paths,
    problems,
    taken: taken
      .filter(({ role }) => role !== 'markdown' && role !== 'rule-tests')
      .concat(read.slo ?? [])
      .map(({ role, path }) => ({ role, file: path })),
    ...present(read),
    rules,
    datasources,
    providers,
    dashboards,
    programs: of('python').map(({ text, path }) => keep(readPython(text, path)).program),
  };
}

/** As compose itself looks for them. */
const COMPOSE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** The file nearest to the folder; of several, the one with the name that comes first. */
function shallowest(files: readonly FoundFile[], names: readonly string[] = []): FoundFile | undefined {
  const rank = ({ path }: FoundFile) => {
    const parts = path.split('/');
    const known = names.indexOf(parts.at(-1)!);
    return [known < 0 && names.length > 0 ? 1 : 0, parts.length, known] as const;
  };
  return [...files].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || (a.path < b.path ? -1 : 1);
  })[0];
}

/** Recording rules may be in other files than what reads them. */
function rulesOf(files: readonly FoundFile[]): RuleSet {
  const sets = files.map(({ text, path }) => parseRules(text, path));
  const alerts = sets.flatMap((one) => one.alerts);
  const recordings = sets.flatMap((one) => one.recordings);
  const knotted = tangles({ alerts, recordings });
  const problems = [...sets.flatMap((one) => one.problems), ...knotted];
  // What cannot be followed is not: whatever asks what a rule reads would never come back.
  return knotted.length > 0 ? { alerts: [], recordings: [], problems } : { alerts, recordings, problems };
}

/** A document of that name, or else the one that says the word in a heading and a figure with a percent sign. */
function sloDocument(files: readonly FoundFile[]): FoundFile | undefined {
  const named = files.filter(({ path }) => /(^|[-_/ ])slos?([-_ ][^/]*)?\.md$/i.test(path));
  return (
    shallowest(named) ??
    shallowest(files.filter(({ text }) => /^#.*\bSLOs?\b/im.test(text) && /\d\s*%/.test(text)))
  );
}

function withFile(file: string, modules: string[] | undefined) {
  return modules && { file, modules };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}
