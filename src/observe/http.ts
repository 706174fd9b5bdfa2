import type { Agent } from 'node:http';
import axios, { type AxiosRequestConfig } from 'axios';
import type { z } from 'zod';
import { messageOf } from '../core/errors.ts';

/** A server of the lab that did not answer, or not as its API says. The caller decides whether that is data. */
export class Unreachable extends Error {
  readonly server: string;
  /** The HTTP status of an answer that refuses; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(server: string, cause: unknown) {
    super(`${server}: ${messageOf(cause)}`, { cause });
    this.name = 'Unreachable';
    this.server = server;
    this.status = axios.isAxiosError(cause) ? cause.response?.status : undefined;
  }
}

/** A lab's server must answer within this many milliseconds, or the poll counts as a gap. */
const TIMEOUT_MS = 3000;

/** The way to a server that is not reached as usual. */
export interface Way {
  agent?: Agent;
  /** 3 s where it is missing. */
  timeoutMs?: number;
}

/**
 * GETs JSON from a server of the lab and checks its shape.
 * @throws Unreachable on a refused connection, a time-out, an error status or an unknown shape
 */
export async function getJson<T>(
  server: string,
  url: string,
  shape: z.ZodType<T>,
  {
    params,
    signal,
    agent,
    timeoutMs = TIMEOUT_MS,
  }: Way & { params?: Record<string, unknown>; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  try {
    // proxy: false, as axios would else send loopback requests through HTTP_PROXY.
    const request: AxiosRequestConfig = { timeout: timeoutMs, proxy: false, params };
    if (agent) request.httpAgent = agent;
    if (signal) request.signal = signal;
    const { data } = await axios.get(url, request);
    return shape.parse(data);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Unreachable(server, error);
  }
}
