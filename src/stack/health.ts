import * as z from 'zod';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { baseUrl, LAB_PORTS, type Lab } from '../core/lab.ts';
import { Alertmanager } from '../observe/alertmanager.ts';
import { getJson } from '../observe/http.ts';
import { Inbox } from '../observe/inbox.ts';
import { Prometheus } from '../observe/prometheus.ts';

/** One thing that must be well for the lab to be ready. */
export interface Check {
  name: string;
  ok: boolean;
  /** Why it is not. */
  detail: string;
}

/** Expressions that must have a value of 1 everywhere: what `up` alone does not show. */
const DEEPER = ['pg_up', 'redis_up', 'probe_success'];

/** Asks every server once. Never throws: a server that does not answer is a check that is not ok. */
export async function checkLab(lab: Lab): Promise<Check[]> {
  const prometheus = new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT'));
  const alertmanager = new Alertmanager(baseUrl(lab, 'ALERTMANAGER_PORT'));
  const inbox = new Inbox(baseUrl(lab, 'INBOX_PORT'));
  const answers = async (name: string, ask: () => Promise<unknown>): Promise<Check> =>
    ask().then(
      () => ({ name, ok: true, detail: '' }),
      (error: Error) => ({ name, ok: false, detail: error.message }),
    );
  const telemetry = lab.telemetry ? (['LOKI_PORT', 'TEMPO_PORT'] as const) : [];
  const [watched, ...servers] = await Promise.all([
    checkWatched(prometheus),
    answers('alertmanager', () => alertmanager.build()),
    answers('inbox', () => inbox.news()),
    ...telemetry.map((port) => {
      const { service } = LAB_PORTS[port];
      return answers(service, () => getJson(service, `${baseUrl(lab, port)}/ready`, z.unknown()));
    }),
  ]);
  return [...servers, ...watched];
}

/** What Prometheus says of the lab: every target, and what those say of the servers behind them. Never throws. */
export async function checkWatched(prometheus: Prometheus): Promise<Check[]> {
  const [targets, deeper] = await Promise.all([
    prometheus.targets().catch(() => undefined),
    Promise.all(DEEPER.map((metric) => prometheus.instant(metric).catch(() => []))),
  ]);
  if (!targets) return [{ name: 'prometheus', ok: false, detail: 'does not answer' }];
  const scraped = targets.map(({ labels, health, lastError }) => ({
    name: `target ${labels.job} ${labels.instance}`,
    ok: health === 'up',
    detail: health === 'up' ? '' : lastError || 'not scraped yet',
  }));
  const probed = DEEPER.flatMap((metric, i) => {
    const series = deeper[i]!;
    if (series.length === 0) return [{ name: metric, ok: false, detail: 'no sample yet' }];
    return series.map(({ metric: labels, value: [, value] }) => ({
      name: `${metric} ${labels.instance}`,
      ok: value === '1',
      detail: value === '1' ? '' : 'is 0',
    }));
  });
  return [...scraped, ...probed];
}

/**
 * Waits until every check is ok.
 * @throws ChaosError `not-ready` naming what is not, after `limitMs` of wall time
 */
export async function awaitReady(
  lab: Lab,
  {
    clock,
    limitMs,
    signal,
    on,
  }: { clock: Clock; limitMs: number; signal?: AbortSignal; on: (waiting: Check[]) => void },
): Promise<void> {
  const giveUpAt = clock.now() + limitMs;
  for (;;) {
    const waiting = (await checkLab(lab)).filter(({ ok }) => !ok);
    if (waiting.length === 0) return;
    on(waiting);
    if (clock.now() >= giveUpAt) {
      const names = waiting.map(({ name, detail }) => `${name} (${detail})`).join('; ');
      throw new ChaosError('not-ready', `The lab did not become ready: ${names}.`, {
        hint: `docker logs ${lab.name}-<service> says more; chaos down --name ${lab.name} clears it away`,
      });
    }
    await clock.sleep(500, signal);
  }
}
