/**
 * Every port the lab publishes, all on 127.0.0.1: the name in stack/compose.yml's environment, the service
 * behind it, the port inside the lab's network, and the host port of the first lab on a machine.
 */
export const LAB_PORTS = {
  NGINX_PORT: { service: 'nginx', inside: 80, preferred: 8080 },
  API_PORT: { service: 'api', inside: 5000, preferred: 5000 },
  API_ADMIN_PORT: { service: 'api', inside: 5001, preferred: 5001 },
  INBOX_PORT: { service: 'inbox', inside: 5002, preferred: 5002 },
  POSTGRES_PORT: { service: 'postgres', inside: 5432, preferred: 5432 },
  REDIS_PORT: { service: 'redis', inside: 6379, preferred: 6379 },
  NODE_EXPORTER_PORT: { service: 'node-exporter', inside: 9100, preferred: 9100 },
  NGINX_EXPORTER_PORT: { service: 'nginx-exporter', inside: 9113, preferred: 9113 },
  POSTGRES_EXPORTER_PORT: { service: 'postgres-exporter', inside: 9187, preferred: 9187 },
  REDIS_EXPORTER_PORT: { service: 'redis-exporter', inside: 9121, preferred: 9121 },
  BLACKBOX_PORT: { service: 'blackbox-exporter', inside: 9115, preferred: 9115 },
  PROMETHEUS_PORT: { service: 'prometheus', inside: 9090, preferred: 9090 },
  ALERTMANAGER_PORT: { service: 'alertmanager', inside: 9093, preferred: 9093 },
  GRAFANA_PORT: { service: 'grafana', inside: 3000, preferred: 3000 },
  LOKI_PORT: { service: 'loki', inside: 3100, preferred: 3100 },
  TEMPO_PORT: { service: 'tempo', inside: 3200, preferred: 3200 },
} as const;

/** Services that not every lab has, by the profile of stack/compose.yml that brings them. */
const OPTIONAL = { grafana: ['grafana'], telemetry: ['loki', 'tempo'] } as const;

export type Profile = keyof typeof OPTIONAL;

export type PortName = keyof typeof LAB_PORTS;

/** Where a lab that was brought up can be found. Written by `chaos up` to `<dir>/lab.json`. */
export interface Lab {
  /** What the user calls it: `--name`. */
  name: string;
  /** Compose project; the label by which its containers, and no others, are touched. */
  project: string;
  /** Absolute folder of its rendered configuration, passwords and this record. */
  dir: string;
  /** How many times faster than written its intervals, windows and `for:` run. */
  speed: number;
  /** Which images it was made of. */
  images: 'official' | 'debian';
  /** The image of what network-delay puts between two services; undefined in a lab from before there was one. */
  wireImage?: string;
  /** Whether Grafana is part of it. */
  grafana: boolean;
  /** Whether Loki and Tempo are, and the API sends them its logs and traces; undefined in a lab from before. */
  telemetry?: boolean;
  /** Host port on 127.0.0.1 by name. */
  ports: Record<PortName, number>;
  /** Only of a stack that somebody else brought up, and that is never taken down by us. */
  foreign?: Foreign;
}

/** What is otherwise on a stack that is not ours. It has no passwords that we know, no inbox and no switches. */
export interface Foreign {
  /** Its Docker engine, by a context's name or a URL; undefined for the one that the docker CLI would take. */
  host?: string;
  /** What its compose project calls the lab's services, by the lab's name. */
  services: Readonly<Record<string, string>>;
  /** Base URLs by port; what is not here cannot be asked. */
  urls: Partial<Record<PortName, string>>;
}

/**
 * The base URL of a published port: `http://127.0.0.1:9090`. Of one that a foreign stack does not publish, a URL where
 * nobody answers.
 */
export function baseUrl({ foreign, ports }: Lab, port: PortName): string {
  return foreign ? (foreign.urls[port] ?? 'http://127.0.0.1:0') : `http://127.0.0.1:${ports[port]}`;
}

/** The compose profiles a lab is made of, beside what every lab has. */
export function profilesOf(lab: Pick<Lab, Profile>): Profile[] {
  return (Object.keys(OPTIONAL) as Profile[]).filter((profile) => lab[profile]);
}

/** Every service a lab has. */
export function servicesOf(lab: Pick<Lab, Profile>): string[] {
  const profiles = profilesOf(lab);
  const absent = Object.entries(OPTIONAL).flatMap(([profile, services]): readonly string[] =>
    profiles.includes(profile as Profile) ? [] : services,
  );
  const services = new Set(Object.values(LAB_PORTS).map(({ service }) => service));
  return [...services].filter((service) => !absent.includes(service));
}

/** The published loopback URL behind one of a service inside the lab, `http://api:5000/x`; undefined for any other. */
export function publishedUrl(
  lab: Lab,
  { protocol, hostname, port, pathname, search }: URL,
): string | undefined {
  const inside = Number(port || 80);
  const published = Object.entries(LAB_PORTS).find(
    ([, to]) => to.service === hostname && to.inside === inside,
  );
  if (protocol !== 'http:' || !published) return undefined;
  return baseUrl(lab, published[0] as PortName) + pathname + search;
}

/** The ports on which a service of the lab answers inside its network, the main one first; none for one that is not ours. */
export function insidePorts(service: string): number[] {
  return Object.values(LAB_PORTS).flatMap((port) => (port.service === service ? [port.inside] : []));
}

/** What Docker calls the container of a service: `container_name` in stack/compose.yml. */
export function containerName(lab: string, service: string): string {
  return `${lab}-${service}`;
}

/** The folder of exposition files that a lab's node-exporter reads: --collector.textfile.directory in stack/compose.yml. */
export function metricsDir({ dir }: Pick<Lab, 'dir'>): string {
  return `${dir}/metrics`;
}
