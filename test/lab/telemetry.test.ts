import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { parse } from 'yaml';
import { baseUrl } from '../../src/core/lab.ts';
import { composeFlavour } from '../../src/docker/compose.ts';
import { projectOf } from '../../src/stack/up.ts';
import { docker, LAB, lab, start } from '../support/lab.ts';
import { type Collector, type Log, logBody, type Span, startCollector, traceBody } from '../support/otlp.ts';

const http = axios.create({ proxy: false, timeout: 10_000, validateStatus: () => true });
const shop = (path: string) => baseUrl(lab(), 'NGINX_PORT') + path;
const newTrace = () => randomBytes(16).toString('hex');
const PARENT = '00f067aa0ba902b7';
const traceparent = (trace: string, flags = '01') => `00-${trace}-${PARENT}-${flags}`;
const UTC_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The line about a trace in a container's log, as soon as it is there; every line there must be JSON. */
async function logged(service: string, trace: string): Promise<Record<string, unknown>> {
  for (let left = 30; left > 0; left--) {
    const { stdout } = await docker('logs', '--since', '30s', `${LAB}-${service}`);
    const lines = stdout.split('\n').filter((line) => line !== '');
    const found = lines.map((line) => JSON.parse(line)).filter((line) => line.trace_id === trace);
    if (found.length > 0) {
      assert.equal(found.length, 1, `${found.length} lines of ${service} about one request`);
      return found[0];
    }
    await pause(200);
  }
  assert.fail(`${service} has no line about ${trace}`);
}

test('a request is one line of JSON at nginx and one at the API, with the trace of its traceparent', async () => {
  const trace = newTrace();
  const { headers } = await http.get(shop('/api/products?secret=1'), {
    headers: { traceparent: traceparent(trace) },
  });
  assert.equal(headers['x-trace-id'], trace);
  const { timestamp, span_id, duration_ms, ...line } = await logged('api', trace);
  assert.deepEqual(line, {
    level: 'INFO',
    message: 'GET /api/products 200',
    method: 'GET',
    endpoint: '/api/products',
    status: 200,
    trace_id: trace,
  });
  assert.match(String(timestamp), UTC_MS);
  assert.ok(Math.abs(Date.parse(String(timestamp)) - Date.now()) < 20_000);
  assert.match(String(span_id), /^[0-9a-f]{16}$/);
  assert.ok(Number(duration_ms) >= 10);
  const nginx = await logged('nginx', trace);
  assert.match(String(nginx.timestamp), UTC_MS);
  assert.deepEqual([nginx.path, nginx.status, nginx.level], ['/api/products', 200, 'INFO']);
});

test('without a valid traceparent nginx, the API and the caller know a request by the same new trace', async () => {
  const valid = newTrace();
  const headers = [
    undefined,
    'nonsense',
    traceparent('0'.repeat(32)),
    traceparent(valid).replace('00-', 'ff-'),
    `${traceparent(valid)}-more`,
    traceparent(`A${valid.slice(1)}`),
    traceparent(valid).replace(PARENT, '0'.repeat(16)),
  ];
  const ask = async (header: string | undefined) =>
    (await http.get(shop('/nowhere'), { headers: header ? { traceparent: header } : {} })).headers[
      'x-trace-id'
    ];
  const traces = await Promise.all(headers.map(ask));
  assert.equal(new Set(traces).size, headers.length);
  assert.ok(!traces.includes(valid));
  for (const trace of traces) {
    assert.match(trace, /^[0-9a-f]{32}$/);
    const line = await logged('api', trace);
    assert.deepEqual([line.endpoint, line.status, line.level], ['unmatched', 404, 'WARN']);
    assert.equal((await logged('nginx', trace)).path, '/nowhere');
  }
  // A later version may have more behind its flags.
  assert.equal(await ask(`${traceparent(valid).replace('00-', '01-')}-more`), valid);
});

test('a failing request says why, health checks say nothing, and what nginx answers itself has a trace too', async () => {
  await http.put(`${baseUrl(lab(), 'API_ADMIN_PORT')}/admin/switches`, {
    payment_failure_rate: 1,
    ttl_seconds: 1,
  });
  const [failed, healthy, refused] = [newTrace(), newTrace(), newTrace()];
  const asked = (trace: string) => ({ headers: { traceparent: traceparent(trace) } });
  await http.get(shop('/health'), asked(healthy));
  assert.equal((await http.post(shop('/api/order'), {}, asked(failed))).status, 500);
  const line = await logged('api', failed);
  assert.deepEqual([line.level, line.status, line.error], ['ERROR', 500, 'Payment failed']);
  for (const service of ['api', 'nginx']) {
    assert.doesNotMatch(
      (await docker('logs', '--since', '10s', `${LAB}-${service}`)).stdout,
      RegExp(healthy),
    );
  }
  await docker('stop', `${LAB}-api`);
  try {
    const { status, headers } = await http.get(shop('/health'), asked(refused));
    // 504 where the address it had is still known.
    assert.ok(status === 502 || status === 504, String(status));
    assert.equal(headers['x-trace-id'], refused);
    assert.equal((await logged('nginx', refused)).level, 'ERROR');
  } finally {
    await docker('start', `${LAB}-api`);
    while ((await http.get(shop('/health'))).status !== 200) await pause(100);
  }
});

/** On the lab's bridge, where its containers reach it. */
let collector: Collector;
before(async () => {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const { stdout } = await docker('network', 'inspect', '--format', format, `${lab().project}_default`);
  collector = await startCollector(stdout.trim());
});
after(() => collector.end());

/** Runs Python with the API's modules in its container, beside the API. */
async function python(script: string, environment: Record<string, string>): Promise<string> {
  const given = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const { code, stdout, stderr } = await docker('exec', ...given, `${LAB}-api`, 'python3', '-c', script);
  assert.equal(code, 0, stderr);
  return stdout;
}

test('spans and logs reach an OTLP collector, each in the trace of its request', async () => {
  const [trace, unsampled] = [newTrace(), newTrace()];
  const stdout = await python(
    `
import api
shop = api.app.test_client()
def boom(): raise ValueError("on purpose")
api.app.add_url_rule("/boom", view_func=boom)
shop.get("/api/products", headers={"traceparent": "${traceparent(trace)}"})
shop.get("/api/products", headers={"traceparent": "${traceparent(unsampled, '00')}"})
shop.post("/api/cart")
shop.get("/boom")
shop.get("/health")`,
    { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_SERVICE_NAME: 'tested' },
  );
  const traces = collector.at('/v1/traces').flatMap((body) => traceBody.parse(body).resourceSpans);
  const logs = collector.at('/v1/logs').flatMap((body) => logBody.parse(body).resourceLogs);
  for (const { resource } of [...traces, ...logs]) {
    assert.deepEqual(resource.attributes, [{ key: 'service.name', value: { stringValue: 'tested' } }]);
  }
  const spans: Span[] = traces.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const records: Log[] = logs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords));
  assert.deepEqual(spans.map(({ name }) => name).sort(), [
    'GET /api/products',
    'GET /boom',
    'POST /api/cart',
    'SELECT products',
    'SET',
  ]);
  const named = (name: string) => spans.find((span) => span.name === name)!;
  const [request, query] = [named('GET /api/products'), named('SELECT products')];
  assert.deepEqual([request.traceId, request.parentSpanId, request.kind], [trace, PARENT, 2]);
  assert.deepEqual([query.traceId, query.parentSpanId, query.kind], [trace, request.spanId, 3]);
  assert.ok(query.startTimeUnixNano >= request.startTimeUnixNano);
  assert.ok(query.endTimeUnixNano <= request.endTimeUnixNano);
  assert.deepEqual(request.attributes.find(({ key }) => key === 'http.response.status_code')?.value, {
    intValue: '200',
  });
  assert.equal(named('SET').parentSpanId, named('POST /api/cart').spanId);
  assert.equal(named('POST /api/cart').parentSpanId, undefined);
  assert.deepEqual(named('GET /boom').status, { code: 2, message: 'ValueError: on purpose' });

  // The same lines as on stdout, the unsampled request among them.
  const lines = stdout.split('\n').filter((line) => line !== '');
  assert.deepEqual(
    records.map(({ body }) => body.stringValue),
    lines,
  );
  assert.deepEqual(
    records.map(({ severityNumber }) => severityNumber),
    [9, 9, 9, 17],
  );
  assert.equal(records[1]?.traceId, unsampled);
  assert.equal(records[3]?.spanId, named('GET /boom').spanId);
  assert.match(JSON.parse(lines[3]!).stack, /Traceback .*\n(.*\n)*.* in boom\n/);
});

test('a collector that does not answer costs spans, which are counted, and no request any time', async () => {
  const stdout = await python(
    `
import os, time, tracing, batches, prometheus_client
began = time.monotonic()
for _ in range(20000): tracing.begin({}, True).end()
took = time.monotonic() - began
tracing._spans.flush()
print(took)
print(prometheus_client.generate_latest().decode(), flush=True)
os._exit(0)`,
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/silent` },
  );
  const took = Number(stdout.split('\n')[0]);
  assert.ok(took < 5, `${took} s for 20,000 spans`);
  const dropped = (reason: string) =>
    Number(
      RegExp(`^telemetry_dropped_total\\{reason="${reason}",signal="traces"\\} (.+)$`, 'm').exec(stdout)?.[1],
    );
  assert.ok(dropped('queue_full') >= 20_000 - 8192 - 512, stdout);
  assert.ok(dropped('not_delivered') >= 256, stdout);
});

test('compose accepts every profile, and publishes nothing beyond this machine', async () => {
  const { files, envFile, directory } = projectOf({ ...lab(), images: 'official', grafana: true });
  const [program = '', ...first] = composeFlavour()!.split(' ');
  const { code, stdout, stderr } = await start(program, [
    ...first,
    ...['--project-directory', directory, '--env-file', envFile],
    ...files.flatMap((file) => ['--file', file]),
    ...['--profile', 'grafana', '--profile', 'telemetry', 'config'],
  ]).ended;
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /not set|WARN/);
  const { services } = parse(stdout) as {
    services: Record<string, { ports: (string | { host_ip: string })[] }>;
  };
  for (const service of ['grafana', 'loki', 'tempo']) assert.ok(services[service]);
  for (const [service, { ports }] of Object.entries(services)) {
    const hosts = ports.map((port) => (typeof port === 'string' ? port.split(':')[0] : port.host_ip));
    assert.deepEqual(
      hosts,
      ports.map(() => '127.0.0.1'),
      service,
    );
  }
});
