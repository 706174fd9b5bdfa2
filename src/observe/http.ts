import axios, { type AxiosRequestConfig } from 'axios';
import type { z } from 'zod';
import { messageOf } from '../core/errors.ts';

/** A server of the lab that did not answer, or not as its API says. The caller decides whether that is data. */
export class Unreachable extends Error {
  readonly server: string;

  constructor(server: string, cause: unknown) {
    super(`${server}: ${messageOf(cause)}`, { cause });
    this.name = 'Unreachable';
    this.server = server;
  }
}

/** A lab's server must answer within this many milliseconds, or the poll counts as a gap. */
const TIMEOUT_MS = 3000;

/**
 * GETs JSON from a server of the lab and checks its shape.
 * @throws Unreachable on a refused connection, a time-out, an error status or an unknown shape
 */
export async function getJson<T>(
  server: string,
  url: string,
  shape: z.ZodType<T>,
  { params, signal }: { params?: Record<string, unknown>; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  try {
    // proxy: false, as axios would else send loopback requests through HTTP_PROXY.
    const request: AxiosRequestConfig = { timeout: TIMEOUT_MS, proxy: false, params };
    if (signal) request.signal = signal;
    const { data } = await axios.get(url, request);
    return shape.parse(data);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Unreachable(server, error);
  }
}
