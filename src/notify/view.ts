import { alertName, type Labels } from '../core/labels.ts';
import type { Notification } from '../observe/inbox.ts';

/** Of a notification with more, this many are handed to the template; `more` says how many are left out. */
const MOST_ALERTS = 100;

/** What a template can name. docs/notifications.md lists it. */
export interface View {
  /** `firing` as long as one of its alerts is. */
  status: 'firing' | 'resolved';
  firing: boolean;
  receiver: string;
  groupKey: string;
  /** ISO 8601, by the inbox's clock. */
  receivedAt: string;
  /** Of the first alert. */
  alertname: string;
  severity: string;
  alerts: AlertView[];
  /** How many alerts are left out of `alerts`. */
  more: number;
}

export interface AlertView {
  status: 'firing' | 'resolved';
  firing: boolean;
  alertname: string;
  severity: string;
  /** `InstanceDown{instance="api:5000", job="api"}` */
  name: string;
  summary: string;
  description: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  /** Whether it is the last of `alerts`, after which no comma may stand. */
  last: boolean;
}

/** A notification as a template sees it. */
export function viewOf({ receivedAt, receiver, groupKey, alerts }: Notification): View {
  const shown = alerts.slice(0, MOST_ALERTS);
  const firing = alerts.some(({ status }) => status === 'firing');
  const views = shown.map((one, index): AlertView => {
    const labels = bare(one.labels);
    const annotations = bare(one.annotations);
    const { alertname = '', severity = '', ...rest } = labels;
    return {
      status: one.status,
      firing: one.status === 'firing',
      alertname,
      severity,
      name: alertName(alertname, rest),
      summary: annotations.summary ?? '',
      description: annotations.description ?? '',
      labels,
      annotations,
      startsAt: one.startsAt,
      last: index === shown.length - 1,
    };
  });
  const { alertname = '', severity = '' } = views[0] ?? {};
  const status = firing ? 'firing' : 'resolved';
  return {
    ...{ status, firing, receiver, groupKey, receivedAt, alertname, severity },
    alerts: views,
    more: alerts.length - shown.length,
  };
}

/** Without a prototype: a label may have any name, and a template may ask for any. */
function bare(labels: Labels): Labels {
  return Object.assign(Object.create(null), labels);
}

const sampleAlert: Notification['alerts'][number] = {
  status: 'firing',
  labels: { alertname: 'InstanceDown', severity: 'critical', job: 'api', instance: 'api:5000' },
  annotations: { summary: 'a "quoted" line\nand a \\ second one', description: 'x' },
  startsAt: '2026-01-01T00:00:00.000Z',
};
const sample = (...alerts: Notification['alerts']) =>
  viewOf({ receivedAt: '2026-01-01T00:01:00.000Z', receiver: 'inbox', groupKey: '{}:{}', alerts });

/** What a template is tried with before anything is sent: one alert and several, with and without what may be absent. */
export const SAMPLES: readonly View[] = [
  sample(sampleAlert),
  sample(sampleAlert, { ...sampleAlert, status: 'resolved', annotations: {} }),
  sample({ ...sampleAlert, status: 'resolved', labels: { alertname: 'A' }, annotations: {} }),
  sample(...Array.from({ length: MOST_ALERTS + 1 }, () => sampleAlert)),
];
