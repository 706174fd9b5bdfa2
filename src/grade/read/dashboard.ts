import type { Problem } from '../../core/errors.ts';
import { openJson } from '../../core/json-source.ts';
import { asText } from '../../core/visible.ts';

/** A panel of a Grafana dashboard, rows left out. */
export interface Panel {
  title: string;
  type: string;
  description: string;
  line: number;
  exprs: string[];
  unit: string | undefined;
}

export interface Dashboard {
  file: string;
  title: string;
  rows: string[];
  panels: Panel[];
}

/** Nobody looks at more; and for each its place is looked for. */
const MOST_PANELS = 300;

/** Reads a dashboard as Grafana exports it, also as its API wraps it. */
export function parseDashboard(text: string, file: string): { dashboard?: Dashboard; problems: Problem[] } {
  const { value, problems, problemIn } = openJson(text.replace(/^\u{feff}/u, ''), file);
  if (problems.length > 0) return { problems };
  const wrapped = isRecord(value) && isRecord(value.dashboard) ? ['dashboard'] : [];
  const whole = wrapped.length > 0 ? (value as { dashboard: unknown }).dashboard : value;
  if (!isRecord(whole) || !Array.isArray(whole.panels))
    return { problems: [problemIn([], 'a dashboard is an object with a list of panels')] };
  const dashboard: Dashboard = { file, title: textOf(whole.title), rows: [], panels: [] };
  const collect = (given: readonly unknown[], path: readonly (string | number)[]) => {
    given.forEach((one, i) => {
      if (!isRecord(one) || dashboard.panels.length >= MOST_PANELS) return;
      const at = [...path, i];
      if (one.type !== 'row') {
        dashboard.panels.push(panelOf(one, problemIn([...at, 'title'], '').line));
        return;
      }
      dashboard.rows.push(textOf(one.title));
      // A row that is folded holds its panels itself.
      if (Array.isArray(one.panels)) collect(one.panels, [...at, 'panels']);
    });
  };
  collect(whole.panels, [...wrapped, 'panels']);
  return { dashboard, problems: [] };
}

function panelOf(panel: Record<string, unknown>, line: number): Panel {
  const targets = Array.isArray(panel.targets) ? panel.targets.filter(isRecord) : [];
  const config = isRecord(panel.fieldConfig) ? panel.fieldConfig : {};
  const defaults = isRecord(config.defaults) ? config.defaults : {};
  return {
    title: textOf(panel.title),
    type: textOf(panel.type),
    description: textOf(panel.description),
    line,
    exprs: targets.flatMap(({ expr }) => (typeof expr === 'string' && expr.trim() !== '' ? [expr] : [])),
    unit: typeof defaults.unit === 'string' && defaults.unit !== '' ? defaults.unit : undefined,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : asText(value);
}
