import type { ScrapeConfig, ScrapeJob } from '../rules/prometheus-config.ts';

/** An exporter that is known by the names of its metrics. */
export interface Exporter {
  /** The service it looks at, as the lab calls it; undefined for one that looks at the host or at anything. */
  service: string | undefined;
  name: string;
  prefix: RegExp;
  port: number;
  /** A word in the name of a job or a target by which it is known. */
  word: RegExp;
  /** What a rule could read to see the service fail. */
  symptom: string;
}

export const EXPORTERS: readonly Exporter[] = [
  {
    service: 'postgres',
    name: 'PostgreSQL exporter',
    prefix: /^(pg|postgres)_/,
    port: 9187,
    word: /postgres|\bpg/,
    symptom: 'pg_up == 0, or pg_stat_activity_count near pg_settings_max_connections',
  },
  {
    service: 'redis',
    name: 'Redis exporter',
    prefix: /^redis_/,
    port: 9121,
    word: /redis/,
    symptom: 'redis_up == 0',
  },
  {
    service: 'nginx',
    name: 'nginx exporter',
    prefix: /^nginx(exporter)?_/,
    port: 9113,
    word: /nginx/,
    symptom: 'nginx_up == 0',
  },
  {
    service: 'the host',
    name: 'node exporter',
    prefix: /^node_/,
    port: 9100,
    word: /^node$|node[-_]?exporter/,
    symptom: 'node_cpu_seconds_total or node_memory_MemAvailable_bytes',
  },
  {
    service: undefined,
    name: 'blackbox exporter',
    prefix: /^(probe|blackbox)_/,
    port: 9115,
    word: /blackbox|probe/,
    symptom: 'probe_success == 0',
  },
];

/** What Prometheus writes itself. */
const OWN = /^(up|ALERTS|ALERTS_FOR_STATE|scrape_.*)$/;
/** What many a server exposes, and exporters that are not looked into here. */
const ANYBODY =
  /^(go|process|python|promhttp|net_conntrack|prometheus|alertmanager|grafana|loki|otelcol|container|kube|kubelet|cadvisor|machine|windows|mysql|jvm|mongodb|rabbitmq|kafka|haproxy|apache|memcached|elasticsearch|pushgateway|caddy|traefik|envoy|istio)_/;
/** Servers of the monitoring itself, by the word in their job's or target's name. */
const MONITORING = /^(prometheus|alertmanager|grafana|pushgateway|loki|cadvisor)\b/;

/** Who exposes a metric, by its name: Prometheus itself, a known exporter, nobody knows, or else the application. */
export function ownerOf(metric: string): 'prometheus' | Exporter | 'anybody' | 'recording' | 'app' {
  if (OWN.test(metric)) return 'prometheus';
  if (metric.includes(':')) return 'recording';
  return EXPORTERS.find(({ prefix }) => prefix.test(metric)) ?? (ANYBODY.test(metric) ? 'anybody' : 'app');
}

/** The exporter that a job scrapes, `monitoring` for a server of the monitoring itself, undefined for any other. */
export function scrapedBy(job: ScrapeJob): Exporter | 'monitoring' | undefined {
  if (job.probes) return EXPORTERS.find(({ name }) => name === 'blackbox exporter');
  const names = [job.name, ...job.targets.map(({ host }) => host)];
  const ports = job.targets.map(({ port }) => port);
  return (
    EXPORTERS.find(({ port, word }) => ports.includes(port) || names.some((name) => word.test(name))) ??
    (names.some((name) => MONITORING.test(name)) || ports.includes(9090) ? 'monitoring' : undefined)
  );
}

/**
 * The one job that is left for the application once every exporter's is known; undefined where there are several, or
 * targets that this file does not name.
 */
export function appJob({ jobs }: ScrapeConfig): ScrapeJob | undefined {
  const left = jobs.filter((job) => scrapedBy(job) === undefined);
  return left.length === 1 && !jobs.some(({ discovers }) => discovers) ? left[0] : undefined;
}
