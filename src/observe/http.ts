import type { Agent } from 'node:http';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import * as z from 'zod';
import { messageOf } from '../core/errors.ts';
import type { ListReader } from './list-reader.ts';

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

/** What was asked, or null where the server did not answer. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

/** A lab's server must answer within this many milliseconds, or the poll counts as a gap. */
const TIMEOUT_MS = 3000;

/** An answer of this size is none of a lab's; it is given up before it fills our memory. In bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The way to a server that is not reached as usual. */
export interface Way {
  agent?: Agent;
  /** 3 s where it is missing. */
  timeoutMs?: number;
  /** 256 MiB where it is missing. */
  mostBytes?: number;
  headers?: Record<string, string>;
}

interface Question extends Way {
  params?: Record<string, unknown>;
  signal?: AbortSignal | undefined;
}

/**
 * GETs JSON from a server of the lab and checks its shape.
 * @throws Unreachable on a refused connection, a time-out, an error status or an unknown shape
 */
export async function getJson<T>(
  server: string,
  url: string,
  shape: z.ZodType<T>,
  question: Question = {},
): Promise<T> {
  return await ask(server, url, optionsOf(question), question.signal, ({ data }) => shape.parse(data));
}

/** POSTs JSON to a server, and checks the shape of what it answers. @throws Unreachable as getJson */
export async function postJson<T>(
  server: string,
  url: string,
  data: unknown,
  shape: z.ZodType<T>,
  question: Question = {},
): Promise<T> {
  const options: AxiosRequestConfig = { ...optionsOf(question), method: 'POST', data };
  return await ask(server, url, options, question.signal, (answer) => shape.parse(answer.data));
}

/** The same for a list that is asked for again and again; see ListReader. */
export async function getList<T extends object>(
  server: string,
  url: string,
  reader: ListReader<T>,
  question: Question = {},
): Promise<T[]> {
  const options: AxiosRequestConfig = { ...optionsOf(question), responseType: 'stream' };
  return await ask(server, url, options, question.signal, ({ data }) => reader.read(data));
}

function optionsOf({
  params,
  agent,
  timeoutMs = TIMEOUT_MS,
  mostBytes = MOST_BYTES,
  headers = {},
}: Question): AxiosRequestConfig {
  const way = agent ? { httpAgent: agent } : {};
  return { params, headers, timeout: timeoutMs, maxContentLength: mostBytes, ...way };
}

/** GETs a text, such as an exposition. @throws Unreachable as getJson */
export async function getText(server: string, url: string, question: Question = {}): Promise<string> {
  const options: AxiosRequestConfig = { ...optionsOf(question), responseType: 'text' };
  return await ask(server, url, options, question.signal, ({ data }) => z.string().parse(data));
}

/**
 * A server's clock, in milliseconds since the Unix epoch, to the second below: the Date of its answer.
 * @throws Unreachable
 */
export async function getDate(server: string, url: string, signal?: AbortSignal): Promise<number> {
  return await ask(server, url, { responseType: 'text' }, signal, ({ headers }) =>
    z.number().parse(Date.parse(String(headers.date))),
  );
}

async function ask<T>(
  server: string,
  url: string,
  options: AxiosRequestConfig,
  signal: AbortSignal | undefined,
  read: (answer: AxiosResponse) => T | Promise<T>,
): Promise<T> {
  try {
    // proxy: false, as axios would else send loopback requests through HTTP_PROXY. Nobody may send us elsewhere either.
    // What stays on this machine is not worth the processor time that packing it takes from the lab.
    const headers = { 'Accept-Encoding': 'identity', ...options.headers };
    const request: AxiosRequestConfig = {
      timeout: TIMEOUT_MS,
      maxContentLength: MOST_BYTES,
      proxy: false,
      maxRedirects: 0,
      ...options,
      headers,
    };
    if (signal) request.signal = signal;
    return await read(await axios.request({ url, ...request }));
  } catch (error) {
    // The body of a refusal that nobody reads would keep its connection.
    if (axios.isAxiosError(error) && options.responseType === 'stream') error.response?.data.destroy();
    signal?.throwIfAborted();
    throw new Unreachable(server, error);
  }
}

/**
 * The HTTP status of whatever a server answers, of which nothing else is read, whatever its size; nobody is followed elsewhere.
 * @throws what axios says where there is no answer within `timeout` milliseconds
 */
export async function statusOf(
  request: Pick<AxiosRequestConfig, 'url' | 'method' | 'data' | 'headers' | 'timeout'>,
) {
  const { status, data } = await axios.request({
    ...request,
    proxy: false,
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
  });
  data.destroy();
  return status;
}

/** An interval of milliseconds in which a server's clock may be off ours, as the one offset nearest to none. */
export function leastOffset(least: number, most: number): number {
  if (least <= 0 && most >= 0) return 0;
  return Math.round(least > 0 ? least : most);
}
