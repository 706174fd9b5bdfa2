import { parseDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { divideMs, scaleDurations } from '../rules/promql.ts';
import type { ConfigFile } from './speed.ts';

/**
 * A Grafana dashboard at another speed: the windows of its expressions, its least step and the time it shows are
 * divided, as the rules it draws are. Everything else, and all of it at speed 1, stays as it was.
 * @throws ChaosError `bad-file` for what is no JSON, or has an expression or a duration that cannot be divided
 */
export function dashboardAtSpeed({ path, text }: ConfigFile, speed: number): ConfigFile {
  const divided = (duration: string) => {
    const ms = parseDuration(duration);
    if (ms === undefined) throw new ChaosError('bad-file', `${path}: ${duration} is no duration.`);
    return divideMs(ms, speed);
  };
  const divide = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    if (key === 'expr') return scaleDurations(value, speed);
    // Grafana reads one unit and no more: 1s500ms would be a second.
    if (key === 'interval' || key === 'step') return `${divided(value)}ms`;
    // Of one unit as well, and a dashboard's time knows none below the second.
    const seconds = (ago: string) => `${Math.ceil(divided(ago) / 1000)}s`;
    return key === 'from' ? value.replace(/(?<=^now-).+/, seconds) : value;
  };
  let dashboard: unknown;
  try {
    dashboard = JSON.parse(text, speed === 1 ? undefined : divide);
  } catch (error) {
    if (error instanceof ChaosError) throw error;
    throw new ChaosError('bad-file', `${path} is no JSON: ${error}`);
  }
  return speed === 1 ? { path, text } : { path, text: `${JSON.stringify(dashboard, null, 2)}\n` };
}
