import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { systemClock } from '../../src/core/clock.ts';
import { baseUrl } from '../../src/core/lab.ts';
import { connectImages } from '../../src/docker/images.ts';
import { ensureGeneratorImage } from '../../src/stack/generator-image.ts';
import { docker, LAB, lab, start } from './lab.ts';

const http = axios.create({ proxy: false, timeout: 10_000 });

/** What a load asks for that is to be counted: the API has no such page, so nothing else asks it, and it costs little. */
const PATH = '/counted';

/**
 * Makes the engine a Swarm of one, where it is in none, and has the generators' image on each machine of it: those
 * beside this one are named by what DOCKER_HOST would be, in CHAOS_TEST_SWARM. It stays one: an engine that leaves its
 * Swarm cuts every container off the networks of docker-compose 1, which are attachable (docs/swarm.md).
 */
export async function swarm(): Promise<void> {
  const state = await docker('info', '--format', '{{.Swarm.LocalNodeState}}');
  if (state.stdout.trim() !== 'active') {
    const { code, stderr } = await docker('swarm', 'init', '--advertise-addr', '127.0.0.1');
    if (code !== 0) throw new Error(stderr);
  }
  await bringImage();
}

async function bringImage(): Promise<void> {
  const image = await ensureGeneratorImage(lab().images, connectImages(), () => {});
  for (const host of (process.env.CHAOS_TEST_SWARM ?? '').split(',').filter(Boolean)) {
    const { code, stderr } = await start('sh', ['-c', `docker save ${image} | docker -H ${host} load`]).ended;
    if (code !== 0) throw new Error(stderr);
  }
}

/** A scenario with one load and nothing else, `seconds` of wall time at `rate` requests a second. */
export function loadScenario(name: string, rate: number, seconds: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-swarm-')), `${name}.yaml`);
  const tolerated = ['HighCPU', 'HighLatencyP95', 'SLOLatencyBreach', 'HighActiveRequests'];
  writeFileSync(
    file,
    `name: ${name}
title: A load from a Swarm
about: It is counted on both sides.
baseline: 10s
timeline:
  - id: rush
    load:
      model: open
      max_in_flight: 900
      url: ${PATH}
      stages: [{ to: ${rate}, over: 10s }, { hold: ${(seconds - 1) * 10}s }]
expect: []
watch: 1s
tolerate: [${tolerated.map((alert) => `{ alert: ${alert} }`).join(', ')}]
`,
  );
  return file;
}

/** How many requests of the load the API has answered since it started. */
export async function answered(): Promise<number> {
  const { data } = await http.get<string>(`${baseUrl(lab(), 'API_ADMIN_PORT')}/metrics`);
  const lines = data.split('\n').filter((line) => line.startsWith('http_requests_total{'));
  return lines
    .filter((line) => line.includes('endpoint="unmatched"'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** How many of them nginx has logged since a moment, in milliseconds since the Unix epoch. */
export async function logged(since: number): Promise<number> {
  // It writes its log once a second.
  await systemClock.sleep(1500);
  const { stdout } = await docker('logs', '--since', String(since / 1000), `${LAB}-nginx`);
  return stdout.split('\n').filter((line) => line.includes(`"path":"${PATH}"`)).length;
}

/** What of a load from a Swarm is there still, and whether nginx is on more than its own network. */
export async function leftovers(): Promise<string[]> {
  const label = ['--filter', `label=chaos.load=${lab().project}`];
  const listed = await Promise.all([
    docker('service', 'ls', '-q', ...label),
    docker('network', 'ls', '-q', ...label),
    docker('ps', '-q', ...label),
    docker(
      'inspect',
      `${LAB}-nginx`,
      '--format',
      '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}',
    ),
  ]);
  return listed
    .flatMap(({ stdout }) => stdout.split('\n').filter(Boolean))
    .filter((one) => one !== `${lab().project}_default`);
}
