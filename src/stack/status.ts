import { messageOf } from '../core/errors.ts';
import { baseUrl, type Lab, servicesOf } from '../core/lab.ts';
import type { Engine } from '../docker/engine.ts';
import { Prometheus } from '../observe/prometheus.ts';
import { type Check, checkLab } from './health.ts';
import { loadLab } from './lab-file.ts';

export interface LabStatus {
  /** Up, every container running and every target UP. */
  ok: boolean;
  lab: Lab;
  containers: { service: string; ok: boolean; detail: string }[];
  checks: Check[];
  /** Pending or firing now. */
  alerts: { labels: Record<string, string>; state: 'pending' | 'firing' }[];
}

/** What is well and what is not with a lab. @throws ChaosError `not-ready` where there is none of that name */
export async function readStatus(name: string, engineOf: (project: string) => Engine): Promise<LabStatus> {
  const lab = loadLab(name);
  const engine = engineOf(lab.project);
  const [containers, checks, alerts] = await Promise.all([
    Promise.all(servicesOf(lab).map((service) => containerOf(engine, service))),
    checkLab(lab),
    new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT')).alerts().catch(() => []),
  ]);
  const ok = [...containers, ...checks].every((one) => one.ok);
  return { ok, lab, containers, checks, alerts: alerts.map(({ labels, state }) => ({ labels, state })) };
}

async function containerOf(engine: Engine, service: string) {
  try {
    const { running, health } = await engine.state(service);
    const detail = running ? `is ${health}` : 'is not running';
    return { service, ok: running && health !== 'unhealthy', detail };
  } catch (error) {
    return { service, ok: false, detail: messageOf(error) };
  }
}
