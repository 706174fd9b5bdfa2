import * as z from 'zod';
import type { Problem } from '../../core/errors.ts';
import { parseConfig } from '../../rules/yaml-source.ts';
import type { At } from './compose.ts';

/** What a prometheus.yml says beside its jobs. */
export interface Wiring {
  ruleFiles: At<string>[];
  /** Addresses that alerts are sent to. */
  alertmanagers: At<string>[];
  /** Modules that probing jobs ask for. */
  modules: At<string>[];
  /** Whether it says itself how often it scrapes. */
  scrapeSet: boolean;
}

const wiring = z.looseObject({
  global: z.looseObject({ scrape_interval: z.string().nullish() }).nullish(),
  rule_files: z.array(z.string()).nullish(),
  alerting: z
    .looseObject({
      alertmanagers: z
        .array(
          z.looseObject({
            static_configs: z.array(z.looseObject({ targets: z.array(z.string()).nullish() })).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  scrape_configs: z
    .array(z.looseObject({ params: z.record(z.string(), z.array(z.string())).nullish() }))
    .nullish(),
});

/** Reads what of a prometheus.yml leads to other files and servers. */
export function parseWiring(text: string, file: string): { wiring?: Wiring; problems: Problem[] } {
  const { value, problems, placeOf } = parseConfig(text, file, wiring, {
    called: 'a prometheus.yml',
    begins: 'global:',
  });
  if (!value) return { problems };
  const at = (found: string, ...path: PropertyKey[]) => ({ value: found, line: placeOf(path).line });
  const managers = value.alerting?.alertmanagers ?? [];
  return {
    wiring: {
      scrapeSet: !!value.global?.scrape_interval,
      ruleFiles: (value.rule_files ?? []).map((one, i) => at(one, 'rule_files', i)),
      alertmanagers: managers.flatMap(({ static_configs }, i) =>
        (static_configs ?? []).flatMap(({ targets }, j) =>
          (targets ?? []).map((one, k) =>
            at(one, 'alerting', 'alertmanagers', i, 'static_configs', j, 'targets', k),
          ),
        ),
      ),
      modules: (value.scrape_configs ?? []).flatMap(({ params }, i) =>
        (params?.module ?? []).map((one, k) => at(one, 'scrape_configs', i, 'params', 'module', k)),
      ),
    },
    problems,
  };
}

const blackbox = z.looseObject({ modules: z.record(z.string(), z.looseObject({ prober: z.string() })) });

/** The names of a blackbox.yml's modules. */
export function parseBlackbox(text: string, file: string): { modules?: string[]; problems: Problem[] } {
  const { value, problems } = parseConfig(text, file, blackbox, {
    called: 'a blackbox.yml',
    begins: 'modules:',
  });
  return value ? { modules: Object.keys(value.modules), problems } : { problems };
}

const datasources = z.looseObject({
  datasources: z.array(z.looseObject({ type: z.string(), url: z.string().nullish() })),
});

/** The addresses of the Prometheus servers that a datasource file of Grafana names. */
export function parseDatasources(text: string, file: string): { urls?: At<string>[]; problems: Problem[] } {
  const { value, problems, placeOf } = parseConfig(text, file, datasources, {
    called: 'a datasource file',
    begins: 'apiVersion:',
  });
  if (!value) return { problems };
  const urls = value.datasources.flatMap(({ type, url }, i) =>
    type === 'prometheus' ? [{ value: url ?? '', line: placeOf(['datasources', i, 'url']).line }] : [],
  );
  return { urls, problems };
}

const providers = z.looseObject({
  providers: z.array(z.looseObject({ options: z.looseObject({ path: z.string() }) })),
});

/** The folders that a provider file of Grafana loads dashboards from. */
export function parseProviders(text: string, file: string): { folders?: string[]; problems: Problem[] } {
  const { value, problems } = parseConfig(text, file, providers, {
    called: 'a dashboard provider file',
    begins: 'apiVersion:',
  });
  return value ? { folders: value.providers.map(({ options }) => options.path), problems } : { problems };
}
