import axios from 'axios';
import Docker from 'dockerode';
import { systemClock } from '../../src/core/clock.ts';
import { baseUrl } from '../../src/core/lab.ts';
import { connectAdmin } from '../../src/faults/postgres.ts';
import { docker, LAB, lab } from './lab.ts';

const client = new Docker();

/**
 * All that a fault may change in the lab, as text: containers and their limits, networks and names, helpers, queues and
 * rules of a wire, database sessions, the API's switches, files in nginx. Two that are equal are the same state.
 */
export async function snapshot(wireOn?: string): Promise<string> {
  const { project } = lab();
  const listed = await client.listContainers({
    all: true,
    filters: { label: [`com.docker.compose.project=${project}`] },
  });
  const containers = await Promise.all(
    listed.map(async ({ Id }) => {
      const { Name, State, HostConfig, NetworkSettings } = await client.getContainer(Id).inspect();
      const names = Object.entries(NetworkSettings.Networks).map(
        ([network, { Aliases }]) =>
          `${network}(${[...new Set((Aliases ?? []).filter((one: string) => !Id.startsWith(one)))].sort()})`,
      );
      const { CpuQuota, NanoCpus, Memory } = HostConfig;
      const limits = `${Math.max(0, CpuQuota ?? 0)} ${NanoCpus} ${Memory}`;
      return `${Name} running ${State.Running} paused ${State.Paused} limits ${limits} on ${names.sort()}`;
    }),
  );
  const [sessions, switches, pins, wire] = await Promise.all([
    databaseSessions(),
    axios.get(`${baseUrl(lab(), 'API_ADMIN_PORT')}/admin/switches`, { proxy: false, timeout: 3000 }).then(
      ({ data }) => JSON.stringify(data),
      () => 'no switches',
    ),
    docker('exec', `${LAB}-nginx`, 'ls', '/run/chaos').then(({ stdout }) => stdout.trim()),
    wireOn ? wireOf(wireOn) : '',
  ]);
  return [...containers.sort(), `sessions ${sessions}`, switches, `pins ${pins}`, wire].join('\n');
}

async function databaseSessions(): Promise<string> {
  try {
    const admin = await connectAdmin(lab(), systemClock);
    const { rows } = await admin.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'chaos:%'",
    );
    await admin.end();
    return String(rows[0].n);
  } catch {
    return 'unknown';
  }
}

/** Queues and rules in a service's own network. */
async function wireOf(service: string): Promise<string> {
  const image = lab().wireImage ?? '';
  const look = 'tc qdisc show; iptables-save | grep "^-A"';
  const beside = ['run', '--rm', '--network', `container:${LAB}-${service}`, '--cap-add', 'NET_ADMIN'];
  const { stdout } = await docker(...beside, '--cap-add', 'NET_RAW', '--entrypoint', 'sh', image, '-c', look);
  return stdout;
}
