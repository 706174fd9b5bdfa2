import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_DIR } from '../../src/core/paths.ts';

/** What the tests read of Grafana's JSON, as it is committed. */
export interface Dashboard {
  uid: string;
  title: string;
  time: { from: string };
  panels: Panel[];
  annotations: { list: Annotation[] };
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: Source;
  gridPos: { x: number; y: number; w: number; h: number };
  links?: Link[];
  targets?: Target[];
  options?: { legend?: { showLegend: boolean }; tags?: string[] };
  fieldConfig?: {
    defaults: { unit?: string; thresholds?: { steps: Step[] }; mappings?: Mapping[]; links?: Link[] };
    overrides: unknown[];
  };
}

interface Source {
  type: string;
  uid: string;
}
export interface Link {
  title: string;
  url: string;
  targetBlank: boolean;
}
export interface Target {
  refId: string;
  expr: string;
  format?: string;
  legendFormat: string;
  interval?: string;
  instant?: boolean;
  datasource: Source;
}
interface Step {
  value: number | null;
  color: string;
}
interface Mapping {
  type: string;
  options: Record<string, unknown>;
}
interface Annotation {
  name: string;
  enable: boolean;
  datasource: Source;
  expr?: string;
  target?: { type: string; tags: string[] };
}

export const DASHBOARDS_DIR = join(STACK_DIR, 'grafana/dashboards');

export const committed = readdirSync(DASHBOARDS_DIR)
  .sort()
  .map((name) => ({ name, text: readFileSync(join(DASHBOARDS_DIR, name), 'utf8') }));

export const dashboards = committed.map(({ text }) => JSON.parse(text) as Dashboard);

/** Every panel but the rows, of all dashboards or of one. */
export function panelsOf(uid?: string): (Panel & { dashboard: string })[] {
  return dashboards
    .filter((dashboard) => uid === undefined || dashboard.uid === uid)
    .flatMap((dashboard) => dashboard.panels.map((panel) => ({ ...panel, dashboard: dashboard.uid })))
    .filter(({ type }) => type !== 'row');
}

/** A panel's name in a message. */
export const nameOf = ({ dashboard, title }: Panel & { dashboard: string }) => `${dashboard}: ${title}`;

export const panel = (uid: string, title: string) => panelsOf(uid).find((one) => one.title === title)!;
export const exprs = (one: Panel) => (one.targets ?? []).map(({ expr }) => expr);
