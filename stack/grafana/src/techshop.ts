import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as histogram from '@grafana/grafana-foundation-sdk/histogram';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import {
  dashboardOf,
  described,
  gaugePanel,
  graphPanel,
  instant,
  NO_TRAFFIC,
  range,
  statPanel,
} from './shared.ts';

/** Counters of failures may be absent, and a ratio of nothing is nothing: then what is there times 0. */
const failed = (by: string) => `sum(rate(http_requests_total{status=~"5.."}[5m]))${by}`;
const answered = (by: string) => `sum(rate(http_requests_total[5m]))${by}`;
const errorPercent = (by = '') => `(${failed(by)} or ${answered(by)} * 0) / ${answered(by)} * 100`;

/** The shop as its operators see it, row by row as the lab's document draws it. */
export function techshop(): dashboard.Dashboard {
  return dashboardOf(
    {
      uid: 'techshop',
      title: 'TechShop',
      description: 'Requests, latency, orders and the machines below them.',
      from: 'now-1h',
    },
    [
      { title: 'Overview', height: 4, panels: overview() },
      { title: 'Traffic', height: 8, panels: traffic() },
      { title: 'Performance', height: 8, panels: performance() },
      { title: 'Business Metrics', height: 8, panels: business() },
      { title: 'Infrastructure', height: 6, panels: infrastructure() },
    ],
  );
}

function overview() {
  return [
    statPanel(
      {
        title: 'Uptime',
        description: 'Share of the last hour in which the shop answered through nginx. Objective: 99.5 %.',
        unit: 'percent',
        alerts: ['InstanceDown', 'ProbeFailed'],
      },
      ['red', [99.5, 'green']],
      instant('avg(avg_over_time(probe_success{instance=~"http://nginx.*"}[1h])) * 100'),
    ),
    statPanel(
      {
        title: 'Requests/s',
        description: 'Requests that the API answered, health checks and scrapes left out.',
        unit: 'reqps',
        alerts: ['HighActiveRequests'],
      },
      ['green'],
      instant('sum(rate(http_requests_total[5m]))'),
    ),
    statPanel(
      {
        title: 'Error Rate',
        description: 'Share of requests answered with a 5xx. Objective: under 1 %; HighErrorRate: above 5 %.',
        unit: 'percent',
        alerts: ['HighErrorRate', 'SLOErrorRateBreach'],
      },
      ['green', [1, 'orange'], [5, 'red']],
      instant(errorPercent()),
    ).mappings([NO_TRAFFIC]),
    statPanel(
      {
        title: 'P95 Lat',
        description:
          'What 95 % of the requests stay under. Objective: 300 ms; HighLatencyP95: above 500 ms on one endpoint.',
        unit: 's',
        alerts: ['HighLatencyP95', 'SLOLatencyBreach'],
      },
      ['green', [0.3, 'orange'], [0.5, 'red']],
      instant('histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le))'),
    ).mappings([NO_TRAFFIC]),
  ];
}

function traffic() {
  return [
    graphPanel(
      {
        title: 'Requests per Second',
        description: 'Requests that the API answered, by endpoint.',
        unit: 'reqps',
        alerts: ['HighActiveRequests'],
      },
      [range('sum(rate(http_requests_total[5m])) by (endpoint)', '{{endpoint}}')],
    ),
  ];
}

function performance() {
  return [
    described(
      new heatmap.PanelBuilder(),
      {
        title: 'Latency Distribution',
        description: 'Requests a second by how long they took. The objective is a bucket: 0.3 s.',
        unit: 'reqps',
        alerts: ['HighLatencyP95', 'SLOLatencyBreach'],
      },
      [
        range('sum(rate(http_request_duration_seconds_bucket[1m])) by (le)', '{{le}}').format(
          prometheus.PromQueryFormat.Heatmap,
        ),
      ],
    )
      .calculate(false)
      .color(
        new heatmap.HeatmapColorOptionsBuilder()
          .mode(heatmap.HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .steps(64),
      )
      .cellValues(new heatmap.CellValuesBuilder().unit('reqps'))
      .yAxis(new heatmap.YAxisConfigBuilder().unit('s'))
      .showLegend(),
    graphPanel(
      {
        title: 'Error Rate by Endpoint',
        description: 'Share of requests answered with a 5xx. HighErrorRate: above 5 %.',
        unit: 'percent',
        alerts: ['HighErrorRate', 'SLOErrorRateBreach'],
      },
      [range(errorPercent(' by (endpoint)'), '{{endpoint}}')],
      ['transparent', [5, 'red']],
    ),
  ];
}

function business() {
  return [
    graphPanel(
      {
        title: 'Orders/min',
        description: 'Orders a minute, and those of them that failed. OrderFailureRate: above 2 %.',
        unit: 'suffix: /min',
        alerts: ['OrderFailureRate'],
      },
      [
        range('sum(rate(orders_total[1m])) * 60', 'all'),
        range('sum(rate(orders_total{status="failed"}[1m])) * 60', 'failed'),
      ],
    ),
    described(
      new histogram.PanelBuilder(),
      {
        title: 'Cart Value Histogram',
        description: 'Carts of the last hour by value in euros.',
        unit: 'short',
        alerts: ['RedisDown'],
      },
      [
        // As of now, since the panel adds up whatever it is given over time.
        instant('sum(increase(cart_value_euros_bucket[1h])) by (le)', '{{le}}').format(
          prometheus.PromQueryFormat.Heatmap,
        ),
      ],
    ).fillOpacity(80),
  ];
}

function infrastructure() {
  return [
    gaugePanel(
      {
        title: 'CPU %',
        description: 'How busy the processors of the machine are. HighCPU: above 80 %.',
        unit: 'percent',
        alerts: ['HighCPU'],
      },
      ['green', [80, 'red']],
      instant('100 - (avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100)', 'CPU'),
    ),
    gaugePanel(
      {
        title: 'Memory %',
        description: 'Memory of the machine in use. HighMemory: above 85 %.',
        unit: 'percent',
        alerts: ['HighMemory'],
      },
      ['green', [85, 'red']],
      instant('(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100', 'memory'),
    ),
    statPanel(
      {
        title: 'Redis Ops',
        description: 'Commands a second that Redis works off, the exporter’s own among them.',
        unit: 'ops',
        alerts: ['RedisDown'],
      },
      ['green'],
      instant('sum(rate(redis_commands_total[5m]))'),
    ),
    statPanel(
      {
        title: 'PG Conn',
        description:
          'Connections that work on a query. Of all connections 100 may be open; PostgresConnectionsNearMax: above 80 %.',
        unit: 'short',
        alerts: ['PostgresDown', 'PostgresConnectionsNearMax', 'LongRunningQuery'],
      },
      ['green', [80, 'red']],
      instant('sum(pg_stat_activity_count{state="active"})'),
    ),
  ];
}
