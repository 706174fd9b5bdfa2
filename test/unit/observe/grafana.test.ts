import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { type Annotation, Grafana } from '../../../src/observe/grafana.ts';
import { Unreachable } from '../../../src/observe/http.ts';
import { annotationsOf, runTag } from '../../../src/report/annotations.ts';
import { readRecordAt } from '../../../src/report/read-records.ts';
import { serve } from '../../support/server.ts';

const { record } = readRecordAt(join(PACKAGE_DIR, 'test/fixtures/record'));

/** As much of Grafana's API as https://grafana.com/docs/grafana/latest/developers/http_api/annotations/ says of these two. */
async function grafana(token: string) {
  const kept: Annotation[] = [];
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { message: 'Unauthorized' });
    if (url.pathname !== '/api/annotations') return answer(404, {});
    if (request.method === 'GET')
      return answer(
        200,
        kept.filter(({ tags }) => tags.includes(url.searchParams.get('tags') ?? '')),
      );
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      kept.push(JSON.parse(body));
      answer(200, { id: kept.length, message: 'Annotation added' });
    });
  });
  return { server, kept };
}

test('a run is a region, and so is each of its faults, from the effect to the undo', () => {
  const [whole, ...steps] = annotationsOf(record);
  assert.equal(whole!.time, Date.parse(record.startedAt));
  assert.equal(whole!.timeEnd, Date.parse(record.endedAt));
  assert.equal(steps.length, record.steps.filter(({ startedAt }) => startedAt !== null).length);
  const [fault] = record.faults;
  const step = record.steps.find(({ id }) => id === fault!.id)!;
  const marked = steps.find(({ text }) => text.includes(`${fault!.type} ${fault!.target}`))!;
  assert.equal(marked.time, Date.parse(step.startedAt!));
  assert.equal(marked.timeEnd, Date.parse(step.goneAt!));
  assert.ok(marked.tags.includes('fault') && marked.tags.includes('chaos'));
});

test('annotations are added once, however often it is done', async () => {
  const { server, kept } = await grafana('t');
  await using _ = server;
  const client = new Grafana(`${server.url}/`, { token: 't' });
  const wanted = annotationsOf(record);
  assert.equal(await client.annotate(runTag(record), wanted), wanted.length);
  assert.equal(await client.annotate(runTag(record), wanted), 0);
  assert.deepEqual(kept, wanted);
});

test('a Grafana that does not let us in is unreachable, with its status', async () => {
  const { server } = await grafana('t');
  await using _ = server;
  const client = new Grafana(server.url, { token: 'other' });
  await assert.rejects(client.annotate('x', annotationsOf(record)), (error: Unreachable) => {
    assert.ok(error instanceof Unreachable);
    return error.status === 401;
  });
});
