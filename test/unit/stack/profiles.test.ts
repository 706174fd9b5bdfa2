import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { profilesOf, servicesOf } from '../../../src/core/lab.ts';
import { STACK_DIR } from '../../../src/core/paths.ts';
import { officialImages } from '../../../src/stack/images.ts';
import { projectOf } from '../../../src/stack/up.ts';

const names = (profiles: Parameters<typeof officialImages>[0]) =>
  officialImages(profiles).map(({ service }) => service);
const readYaml = (path: string) => parse(readFileSync(join(STACK_DIR, path), 'utf8'), { merge: true });

test('Loki and Tempo are fetched, started and looked for where they were asked for, and nowhere else', () => {
  const without = { grafana: true, telemetry: false };
  const both = { grafana: true, telemetry: true };
  const added = (all: readonly string[], fewer: readonly string[]) =>
    all.filter((one) => !fewer.includes(one));
  assert.deepEqual(added(names(profilesOf(both)), names(profilesOf(without))), ['loki', 'tempo']);
  assert.deepEqual(added(servicesOf(both), servicesOf(without)), ['loki', 'tempo']);
  assert.deepEqual(added(servicesOf(without), servicesOf({ grafana: false })), ['grafana']);
  const { profiles } = projectOf({ ...both, project: 'p', dir: '/lab', images: 'official' });
  assert.deepEqual(profiles, ['grafana', 'telemetry']);
});

test('every service is one that the lab knows, and every official image is pinned to a version', () => {
  const { services } = readYaml('compose.yml');
  assert.deepEqual(Object.keys(services).sort(), servicesOf({ grafana: true, telemetry: true }).sort());
  for (const { image } of officialImages(['grafana', 'telemetry']))
    assert.match(image, /:v?\d+\.\d+(\.\d+)?(-alpine)?$/);
});

test('what Grafana’s data sources point at is there: other data sources, and services with those ports', () => {
  const folder = 'grafana/provisioning/datasources';
  const files = readdirSync(join(STACK_DIR, folder)).map((file) => readYaml(`${folder}/${file}`));
  const sources: { uid: string; url: string }[] = files.flatMap(({ datasources }) => datasources);
  const uids = sources.map(({ uid }) => uid);
  assert.deepEqual(uids.sort(), ['loki', 'prometheus', 'tempo']);
  const meant = [...JSON.stringify(sources).matchAll(/"datasourceUid":"(\w+)"/g)].map(([, uid]) => uid!);
  assert.deepEqual([...new Set(meant)].sort(), ['loki', 'prometheus', 'tempo']);
  const listens = (path: string) => readYaml(path).server.http_listen_port;
  assert.deepEqual(sources.map(({ url }) => url).sort(), [
    `http://loki:${listens('loki/loki.yml')}`,
    'http://prometheus:9090',
    `http://tempo:${listens('tempo/tempo.yml')}`,
  ]);
});

test('Grafana finds the trace in a log line as the API writes it', () => {
  const { datasources } = readYaml('grafana/provisioning/datasources/telemetry.yml');
  const [{ matcherRegex, url }] = datasources[0].jsonData.derivedFields;
  const line =
    '{"status": 200, "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7"}';
  assert.equal(RegExp(matcherRegex).exec(line)?.[1], '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(url, '$${__value.raw}');
});
