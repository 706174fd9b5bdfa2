/** A service that the lab asks for, known by its image or, where that says nothing, by its name. */
export interface WantedService {
  name: string;
  image: RegExp;
  named: RegExp;
}

export const SERVICES: readonly WantedService[] = [
  { name: 'nginx', image: /(^|\/)nginx(-unprivileged)?$/, named: /^(nginx|frontend|web|proxy)$/ },
  { name: 'api', image: /^$/, named: /^(.*[-_])?(api|app|backend|flask)$/ },
  { name: 'postgres', image: /(^|\/)(postgres|postgresql)$/, named: /^(postgres|postgresql|db|database)$/ },
  { name: 'redis', image: /(^|\/)(redis|valkey)$/, named: /^(redis|cache)$/ },
  { name: 'node-exporter', image: /node[-_]exporter$/, named: /^node[-_]?exporter$/ },
  { name: 'nginx-exporter', image: /nginx[-_](prometheus[-_])?exporter$/, named: /^nginx[-_]?exporter$/ },
  {
    name: 'postgres-exporter',
    image: /postgres(ql)?[-_]exporter$/,
    named: /^(postgres(ql)?|pg)[-_]?exporter$/,
  },
  { name: 'redis-exporter', image: /redis[-_]exporter$/, named: /^redis[-_]?exporter$/ },
  { name: 'blackbox-exporter', image: /blackbox[-_]exporter$/, named: /^blackbox([-_]?exporter)?$/ },
  { name: 'prometheus', image: /(^|\/)prometheus$/, named: /^prometheus$/ },
  { name: 'alertmanager', image: /(^|\/)alertmanager$/, named: /^alertmanager$/ },
  { name: 'grafana', image: /(^|\/)grafana(-oss|-enterprise)?$/, named: /^grafana$/ },
];

/** The exporters that jobs are asked for, by the names that plan/owners.ts has for them. */
export const JOBS = [
  { job: 'node', exporter: 'node exporter', target: 'node-exporter:9100' },
  { job: 'nginx', exporter: 'nginx exporter', target: 'nginx-exporter:9113' },
  { job: 'postgres', exporter: 'PostgreSQL exporter', target: 'postgres-exporter:9187' },
  { job: 'redis', exporter: 'Redis exporter', target: 'redis-exporter:9121' },
  { job: 'blackbox-http', exporter: 'blackbox exporter', target: 'blackbox-exporter:9115' },
] as const;

export const APP_METRICS = [
  { metric: 'http_requests_total', type: 'counter', labels: ['method', 'endpoint', 'status'] },
  { metric: 'http_request_duration_seconds', type: 'histogram', labels: ['method', 'endpoint'] },
  { metric: 'http_requests_active', type: 'gauge', labels: [] },
  { metric: 'orders_total', type: 'counter', labels: ['status'] },
  { metric: 'cart_value_euros', type: 'histogram', labels: [] },
] as const;

/** What each alert of the lab must read, and how it can be written. */
export const ALERTS = [
  { alert: 'InstanceDown', metric: 'up', expr: 'up == 0', for: '1m' },
  {
    alert: 'HighCPU',
    metric: 'node_cpu_seconds_total',
    expr: '100 - (avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80',
    for: '5m',
  },
  {
    alert: 'HighMemory',
    metric: 'node_memory_MemAvailable_bytes',
    expr: '(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100 > 85',
    for: '5m',
  },
  {
    alert: 'DiskSpaceLow',
    metric: 'node_filesystem_avail_bytes',
    expr: 'node_filesystem_avail_bytes / node_filesystem_size_bytes * 100 < 15',
    for: '5m',
  },
  {
    alert: 'HighErrorRate',
    metric: 'http_requests_total',
    expr: 'sum by (endpoint) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (endpoint) (rate(http_requests_total[5m])) * 100 > 5',
    for: '5m',
  },
  {
    alert: 'HighLatencyP95',
    metric: 'http_request_duration_seconds_bucket',
    expr: 'histogram_quantile(0.95, sum by (le, endpoint) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5',
    for: '5m',
  },
  {
    alert: 'OrderFailureRate',
    metric: 'orders_total',
    expr: 'sum(rate(orders_total{status="failed"}[5m])) / sum(rate(orders_total[5m])) * 100 > 2',
    for: '5m',
  },
  {
    alert: 'HighActiveRequests',
    metric: 'http_requests_active',
    expr: 'http_requests_active > 50',
    for: '2m',
  },
] as const;

/** A panel of the lab's drawing. */
export interface WantedPanel {
  row: string;
  title: string;
  /** Other titles that mean the same. */
  like: RegExp;
  types: readonly string[];
  metric: RegExp;
  /** How that metric is called in a message. */
  reads: string;
}

const REQUESTS = { metric: /^http_requests_total$/, reads: 'http_requests_total' };
const LATENCY = {
  metric: /^http_request_duration_seconds_bucket$/,
  reads: 'http_request_duration_seconds_bucket',
};
const SERIES = ['timeseries', 'graph'];

export const PANELS: readonly WantedPanel[] = [
  {
    row: 'Overview',
    title: 'Uptime',
    like: /uptime|disponib|availab/,
    types: ['stat'],
    metric: /^(up|probe_success|process_start_time_seconds|sli:avail.*)$/,
    reads: 'up / probe_success',
  },
  { row: 'Overview', title: 'Requests/s', like: /req.*s\b|rps|requêtes/, types: ['stat'], ...REQUESTS },
  { row: 'Overview', title: 'Error Rate', like: /err/, types: ['stat'], ...REQUESTS },
  { row: 'Overview', title: 'P95 Lat', like: /p95|laten/, types: ['stat'], ...LATENCY },
  {
    row: 'Traffic',
    title: 'Requests per Second',
    like: /req.*s|rps|requêtes|traffic|trafic/,
    types: SERIES,
    ...REQUESTS,
  },
  {
    row: 'Performance',
    title: 'Latency Distribution',
    like: /laten|distrib/,
    types: ['heatmap'],
    ...LATENCY,
  },
  { row: 'Performance', title: 'Error Rate by Endpoint', like: /err/, types: SERIES, ...REQUESTS },
  {
    row: 'Business Metrics',
    title: 'Orders/min',
    like: /order|command/,
    types: SERIES,
    metric: /^orders_total$/,
    reads: 'orders_total',
  },
  {
    row: 'Business Metrics',
    title: 'Cart Value Histogram',
    like: /cart|panier/,
    types: ['histogram'],
    metric: /^cart_value_euros_bucket$/,
    reads: 'cart_value_euros_bucket',
  },
  {
    row: 'Infrastructure',
    title: 'CPU %',
    like: /cpu/,
    types: ['gauge'],
    metric: /^node_cpu_seconds_total$/,
    reads: 'node_cpu_seconds_total',
  },
  {
    row: 'Infrastructure',
    title: 'Memory %',
    like: /mem|mém|ram/,
    types: ['gauge'],
    metric: /^node_memory_/,
    reads: 'node_memory_MemAvailable_bytes',
  },
  {
    row: 'Infrastructure',
    title: 'Redis Ops',
    like: /redis/,
    types: ['stat'],
    metric: /^redis_(commands|.*ops)/,
    reads: 'redis_commands_total',
  },
  {
    row: 'Infrastructure',
    title: 'PG Conn',
    like: /pg|postgres|conn/,
    types: ['stat'],
    metric: /^pg_stat_(activity_count|database_numbackends)$/,
    reads: 'pg_stat_activity_count',
  },
];
