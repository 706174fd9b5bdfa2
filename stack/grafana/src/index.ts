import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { chaos } from './chaos.ts';
import { slo } from './slo.ts';
import { techshop } from './techshop.ts';

/** Each dashboard by its file in stack/grafana/dashboards. */
const DASHBOARDS: Record<string, () => dashboard.Dashboard> = {
  'techshop.json': techshop,
  'slo.json': slo,
  'chaos.json': chaos,
};

/** The files of stack/grafana/dashboards: name and text, to the byte. */
export function dashboardFiles(): { name: string; text: string }[] {
  return Object.entries(DASHBOARDS).map(([name, build]) => ({
    name,
    text: `${JSON.stringify(build(), null, 2)}\n`,
  }));
}
