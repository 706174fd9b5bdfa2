import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

// OTLP's JSON, strictly: names in lowerCamelCase, ids in hex, 64-bit integers as strings, enumerations as numbers.

const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);
const nanoseconds = z.string().regex(/^\d{19}$/);
const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
]);
const attributes = z.array(z.strictObject({ key: z.string(), value }));
const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string() });

const span = z.strictObject({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string() }).optional(),
});
export type Span = z.infer<typeof span>;

const log = z.strictObject({
  timeUnixNano: nanoseconds,
  severityNumber: z.int().min(1).max(24),
  severityText: z.string(),
  body: z.strictObject({ stringValue: z.string() }),
  traceId,
  spanId,
});
export type Log = z.infer<typeof log>;

/** What is posted to /v1/traces. */
export const traceBody = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({ resource, scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span) })) }),
  ),
});

/** What is posted to /v1/logs. */
export const logBody = z.strictObject({
  resourceLogs: z.array(
    z.strictObject({ resource, scopeLogs: z.array(z.strictObject({ scope, logRecords: z.array(log) })) }),
  ),
});

/** Takes whatever is posted to it as JSON, but for what is asked below /silent, which it never answers. */
export interface Collector {
  url: string;
  /** The bodies posted to a path. */
  at(path: string): unknown[];
  end(): void;
}

export async function startCollector(address: string): Promise<Collector> {
  const posted: { path: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    if (request.url?.startsWith('/silent')) return;
    assert.equal(request.headers['content-type'], 'application/json');
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    posted.push({ path: request.url, body });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    at: (path) => posted.filter((one) => one.path === path).map(({ body }) => body),
    end: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
