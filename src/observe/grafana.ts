import * as z from 'zod';
import { getJson, postJson } from './http.ts';

/** A stretch of time that Grafana marks in its graphs. Milliseconds since the Unix epoch. */
export interface Annotation {
  time: number;
  timeEnd: number;
  tags: string[];
  text: string;
}

/** Who may write annotations: a service account's token, or a user's password. */
export type GrafanaAccess = { token: string } | { user: string; password: string };

const known = z.array(
  z.looseObject({ tags: z.array(z.string()).nullable(), time: z.number(), text: z.string() }),
);
const added = z.looseObject({ id: z.number() });

/** Grafana's HTTP API, as far as annotations go. */
export class Grafana {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, access: GrafanaAccess) {
    this.#url = url.replace(/\/+$/, '');
    const basic = 'user' in access ? Buffer.from(`${access.user}:${access.password}`).toString('base64') : '';
    this.#headers = { Authorization: 'token' in access ? `Bearer ${access.token}` : `Basic ${basic}` };
  }

  /**
   * Adds the annotations that are not there yet, so that doing it again changes nothing.
   * @param run a tag that all of them, and no others, have
   * @returns how many were added
   * @throws Unreachable
   */
  async annotate(run: string, annotations: readonly Annotation[]): Promise<number> {
    const headers = this.#headers;
    const asked = { params: { tags: run, limit: 1000 }, headers };
    const there = await getJson('Grafana', `${this.#url}/api/annotations`, known, asked);
    const missing = annotations.filter(
      ({ time, text }) => !there.some((one) => one.time === time && one.text === text),
    );
    for (const annotation of missing)
      await postJson('Grafana', `${this.#url}/api/annotations`, annotation, added, { headers });
    return missing.length;
  }
}
