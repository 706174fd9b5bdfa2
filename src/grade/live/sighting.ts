import type { Labels } from '../../core/labels.ts';
import type { ProjectContainer } from '../../docker/projects.ts';
import type { Silence } from '../../observe/alertmanager.ts';
import type { LiveSeries } from '../../observe/survey.ts';
import type { RunRecord } from '../../report/record.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';
import type { IncidentId, Watched } from './incidents.ts';

/** What was seen of a stack while it ran, or that it did not: plain data, of which live checks are pure functions. */
export interface Sighting {
  /** Its compose project; undefined where no such project has a container. */
  project: string | undefined;
  /** How many times faster than written it runs; 1 but for a lab of ours. */
  speed: number;
  containers: ProjectContainer[];
  /** What came back through nginx, by path; a status, or why there was none. */
  pages: { path: string; answer: number | string }[];
  /** A text says why it could not be asked. */
  prometheus: SeenPrometheus | string;
  alertmanager: SeenAlertmanager | string;
  incidents: SeenIncident[];
}

export interface SeenPrometheus {
  url: string;
  targets: { job: string; instance: string; up: boolean; why: string }[];
  rules: { alerts: AlertRule[]; recordings: RecordingRule[] };
  /** Rules whose last evaluation failed. */
  failing: { name: string; why: string }[];
  series: LiveSeries;
  /** What its expressions gave, by their text, while there was traffic and nothing was broken. */
  answers: ReadonlyMap<string, Answer>;
  /** What fired then. */
  resting: { alert: string; labels: Labels }[];
  /** Whether the machine was so busy then that an alert may be its doing. */
  busy: boolean;
}

/** The values of an expression, of whatever series; or why it was refused. */
export type Answer = { values: number[] } | { refused: string };

export interface SeenAlertmanager {
  url: string;
  /** In force before anything was broken, or made since. */
  silences: Silence[];
  /** What it showed from the first look to the last, and Prometheus fired at neither: somebody posted it. */
  forged: { alert: string; since: string }[];
  /** Notifications over all integrations, from before the first incident until after the last. */
  sent: number;
  failed: number;
}

/** An incident that was carried out, or why it could not be. */
export interface SeenIncident {
  id: IncidentId;
  /** What it is to raise: which of the watched, by which alert of this stack, and by which step. */
  expected: { watched: Watched; alert: string; because: string }[];
  record: RunRecord | null;
  /** Where the record was written. */
  file: string | null;
  why: string | null;
  /** Alerts that it waits for never came to rest, which may be the machine's doing. */
  unquiet: boolean;
}
