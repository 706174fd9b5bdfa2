import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import axios from 'axios';
import { systemClock } from '../src/core/clock.ts';
import { Alertmanager } from '../src/observe/alertmanager.ts';
import { Prometheus } from '../src/observe/prometheus.ts';
import { remoteWriteBody } from '../src/replay/remote-write.ts';
import { debianImage } from '../src/stack/images.ts';

const run = promisify(execFile);
const PATIENCE_MS = 60_000;

/** An alert as Alertmanager takes it. */
export interface Posted {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
}

/** One of them, with the labels and texts of a company's alerts rather than of a lab's. */
export function posted(index: number, alertname = ALERT_NAMES[index % ALERT_NAMES.length]!): Posted {
  const now = systemClock.now();
  const labels = labelsOf(index);
  return {
    labels: { alertname, ...labels, severity: index % 3 === 0 ? 'critical' : 'warning' },
    annotations: {
      summary: `${labels.instance} of ${labels.job} does not do as it should`,
      description: `The value is ${index % 97}.4 %, which is above the threshold that was agreed for ${labels.team}.`,
      runbook_url: `https://runbooks.example/${alertname}.md`,
    },
    startsAt: new Date(now - 60_000 - index).toISOString(),
    endsAt: new Date(now + 3_600_000).toISOString(),
    generatorURL: `http://prometheus:9090/graph?g0.expr=backend_ready+%3D%3D+0&g0.tab=1`,
  };
}

const ALERT_NAMES = ['InstanceDown', 'HighErrorRate', 'HighLatencyP95', 'DiskSpaceLow', 'PodNotReady'];

function labelsOf(index: number) {
  return {
    cluster: `eu-${index % 4}`,
    environment: 'production',
    job: `backend-${index % 40}`,
    instance: `10.${index % 7}.${index >> 8}.${index & 255}:8080`,
    namespace: `team-${index % 25}`,
    pod: `backend-${index % 40}-7d9f8b6c5-${index.toString(36).padStart(5, 'x')}`,
    team: `team-${index % 25}`,
  };
}

export async function post(url: string, some: readonly Posted[]): Promise<void> {
  for (let from = 0; from < some.length; from += 500)
    await axios.post(`${url}/api/v2/alerts`, some.slice(from, from + 500), { proxy: false });
}

/** Both servers end with this program, since their container does as soon as its input is closed. */
const SCRIPT = `cd /tmp && mkdir p a
printf 'route: {receiver: nobody, group_by: ["..."]}\\nreceivers: [{name: nobody}]\\n' > am.yml
printf 'global: {evaluation_interval: 15s}\\nrule_files: [/tmp/rules.yml]\\n' > prom.yml
cat > rules.yml <<'RULES'
groups:
  - name: backends
    rules:
      - alert: PodNotReady
        expr: backend_ready == 0
        labels: { severity: critical }
        annotations:
          summary: "{{ $labels.instance }} of {{ $labels.job }} does not do as it should"
          description: "The value is {{ $value }}, which is below the threshold that was agreed for {{ $labels.team }}."
RULES
prometheus-alertmanager --config.file=am.yml --storage.path=a --cluster.listen-address= --log.level=error >&2 &
prometheus --config.file=prom.yml --storage.tsdb.path=p --web.enable-remote-write-receiver --log.level=error >&2 &
exec cat`;

const START = ['run', '--rm', '--init', '--interactive', '--user', 'nobody', '--entrypoint', 'sh'];
const PORTS = ['--publish', '127.0.0.1::9093', '--publish', '127.0.0.1::9090'];

/**
 * An Alertmanager and a Prometheus, in one container of the lab's own image.
 * @throws where Docker or the image is not there: chaos up makes it
 */
export async function startServers() {
  const name = `chaos-bench-${process.pid}`;
  const container = spawn('docker', [...START, '--name', name, ...PORTS, debianImage(), '-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const gone = once(container, 'exit');
  const portOf = async (inside: number) => {
    const { stdout } = await run('docker', ['port', name, String(inside)]);
    return `http://127.0.0.1:${/:(\d+)\s*$/.exec(stdout.split('\n')[0]!)![1]}`;
  };
  const urls = await until(async () => ({
    alertmanager: await portOf(9093),
    prometheus: await portOf(9090),
  }));
  const alertmanager = new Alertmanager(urls.alertmanager);
  const prometheus = new Prometheus(urls.prometheus);
  await until(async () => await Promise.all([alertmanager.build(), prometheus.build()]));

  return {
    ...urls,
    /** Both return once all of them are shown. */
    async fillAlertmanager(many: readonly Posted[]) {
      await post(urls.alertmanager, many);
      await until(async () => allOf(many, await alertmanager.alerts()));
    },
    async fillPrometheus(many: readonly Posted[]) {
      const now = systemClock.now();
      const series = many.map((_, index) => ({
        metric: { __name__: 'backend_ready', ...labelsOf(index) },
        points: [[now, '0'] as [number, string]],
      }));
      await axios.post(`${urls.prometheus}/api/v1/write`, remoteWriteBody(series), {
        proxy: false,
        headers: {
          'Content-Type': 'application/x-protobuf',
          'Content-Encoding': 'snappy',
          'X-Prometheus-Remote-Write-Version': '0.1.0',
        },
      });
      await until(async () => allOf(many, await prometheus.alerts()));
    },
    async end() {
      container.stdin.end();
      await gone;
    },
  };
}

/** What startServers gives. */
export type Servers = Awaited<ReturnType<typeof startServers>>;

function allOf(wanted: readonly unknown[], there: readonly unknown[]): void {
  if (there.length < wanted.length) throw new Error(`only ${there.length} of ${wanted.length} are there`);
}

/** What it gives as soon as it no longer throws. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = systemClock.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (systemClock.now() > giveUpAt) throw error;
      await systemClock.sleep(250);
    }
  }
}
