import { baseUrl, type Lab } from '../core/lab.ts';

/** Where a lab can be looked at, a line each. */
export function addresses(lab: Lab): string[] {
  const shown = [
    ['shop', baseUrl(lab, 'NGINX_PORT')],
    ['Prometheus', baseUrl(lab, 'PROMETHEUS_PORT')],
    ['Alertmanager', baseUrl(lab, 'ALERTMANAGER_PORT')],
    ['inbox', `${baseUrl(lab, 'INBOX_PORT')}/notifications`],
    ...(lab.grafana ? [['Grafana', baseUrl(lab, 'GRAFANA_PORT')]] : []),
    ...(lab.telemetry
      ? [
          ['Loki', baseUrl(lab, 'LOKI_PORT')],
          ['Tempo', baseUrl(lab, 'TEMPO_PORT')],
        ]
      : []),
  ];
  return shown.map(([name, url]) => `${name!.padEnd(13)} ${url}`);
}
