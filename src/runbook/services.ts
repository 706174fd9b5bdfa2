import * as z from 'zod';
import { baseUrl, LAB_PORTS, type Lab, type PortName } from '../core/lab.ts';
import { connect as connectPostgres } from '../faults/postgres.ts';
import { connect as connectRedis } from '../faults/redis.ts';
import { statusOf } from '../observe/http.ts';
import { TARGET } from './step.ts';

/** Every service of the lab. */
export const SERVICES = [...new Set(Object.values(LAB_PORTS).map(({ service }) => service))];

/** The target of a step in a runbook. */
export const targetValue = z.enum([TARGET, ...SERVICES]).meta({
  description: `a service of the lab, or ${TARGET}: the one behind the target that the alert is about`,
});

/** Where a service tells over HTTP that it is well; / where it is not listed. */
const HEALTH: Partial<Record<PortName, string>> = {
  NGINX_PORT: '/stub_status',
  API_PORT: '/health',
  API_ADMIN_PORT: '/metrics',
  INBOX_PORT: '/health',
  PROMETHEUS_PORT: '/-/healthy',
  ALERTMANAGER_PORT: '/-/healthy',
  GRAFANA_PORT: '/api/health',
};

/** How long an answer may take, in wall milliseconds. */
const TIMEOUT_MS = 3000;

/** `well`; `answers`, if only with a refusal; `silent`. Of several ports the main one says which, any one that it lives. */
export async function ask(lab: Lab, service: string): Promise<'well' | 'answers' | 'silent'> {
  if (service === 'postgres') return askPostgres(lab);
  if (service === 'redis') return askRedis(lab);
  const ports = Object.entries(LAB_PORTS).filter(([, port]) => port.service === service);
  const statuses = await Promise.all(ports.map(([name]) => portStatus(lab, name as PortName)));
  if (statuses[0] !== undefined && statuses[0] < 400) return 'well';
  return statuses.some((status) => status !== undefined) ? 'answers' : 'silent';
}

/** The HTTP status of an answer; undefined where there is none. */
export async function portStatus(lab: Lab, port: PortName, path = HEALTH[port] ?? '/') {
  return statusOf({ url: baseUrl(lab, port) + path, timeout: TIMEOUT_MS }).catch(() => undefined);
}

/** A refusal of the server itself, such as one that has no connection left, has an SQLSTATE. */
async function askPostgres(lab: Lab) {
  try {
    const client = await connectPostgres(lab, 'techshop', 'chaos');
    await client.end();
    return 'well';
  } catch (error) {
    const { code = '' } = ((error as Error).cause ?? {}) as { code?: string };
    return /^\d[0-9A-Z]{4}$/.test(code) ? 'answers' : 'silent';
  }
}

async function askRedis(lab: Lab) {
  try {
    const client = await connectRedis(lab, TIMEOUT_MS);
    await client.ping().finally(() => client.disconnect());
    return 'well';
  } catch {
    return 'silent';
  }
}
