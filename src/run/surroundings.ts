import { createHash } from 'node:crypto';
import type { Silence } from '../observe/alertmanager.ts';
import { Unreachable } from '../observe/http.ts';
import type { Witnesses } from '../observe/observer.ts';

/** What the servers said of themselves at one moment; null for what could not be asked. */
export interface Surroundings {
  /** SHA-256 over every loaded rule, as Prometheus runs it. */
  rulesHash: string | null;
  /** `job instance` of every target that is scraped. */
  targets: string[] | null;
  /** Those in force or pending. */
  silences: Silence[] | null;
  /** How much the servers' clocks are certainly off ours, in milliseconds: 0 where they may be right. */
  skewMs: { prometheus: number | null; alertmanager: number | null };
}

/** Reads all of it; nobody's silence is an exception. */
export async function readSurroundings({ prometheus, alertmanager }: Witnesses): Promise<Surroundings> {
  const [rules, targets, silences, first, second] = await Promise.all([
    orNull(prometheus.rules()),
    orNull(prometheus.targets()),
    orNull(alertmanager.silences()),
    orNull(prometheus.skew()),
    orNull(alertmanager.skew()),
  ]);
  return {
    rulesHash: rules && createHash('sha256').update(JSON.stringify(rules)).digest('hex'),
    targets: targets?.map(({ labels }) => `${labels.job} ${labels.instance}`).sort() ?? null,
    silences,
    skewMs: { prometheus: first, alertmanager: second },
  };
}

/** What was asked, or null where the server did not answer. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}
