import * as z from 'zod';
import type { Problem } from '../../core/errors.ts';
import { asText } from '../../core/visible.ts';
import { parseConfig } from '../../rules/yaml-source.ts';

/** Something of a service with the line it stands in. */
export interface At<T> {
  value: T;
  line: number;
}

/** A service of a compose file, in one form whichever of its several was used. */
export interface Service {
  name: string;
  line: number;
  image: At<string> | undefined;
  /** The Dockerfile that its image is built from. */
  build: At<string> | undefined;
  containerName: string | undefined;
  /** As `127.0.0.1:80:80`. */
  ports: At<string>[];
  /** Where a volume comes from, as `./prometheus` or the name of a volume. */
  volumes: At<{ source: string; target: string }>[];
  environment: At<{ key: string; value: string }>[];
  /** Entry point and arguments as one text. */
  command: string;
  health: boolean;
  init: boolean;
  dependsOn: string[];
  /** Without one of these it is not started. */
  profiles: string[];
}

export interface Compose {
  file: string;
  services: Service[];
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((one) => asText(one ?? ''));
const words = z.union([scalar, z.array(scalar)]).nullish();
const port = z.union([
  scalar,
  z.looseObject({ target: scalar.optional(), published: scalar.optional(), host_ip: scalar.optional() }),
]);
const volume = z.union([scalar, z.looseObject({ source: scalar.optional(), target: scalar.optional() })]);
const service = z.looseObject({
  image: scalar.nullish(),
  build: z
    .union([z.string(), z.looseObject({ context: z.string().optional(), dockerfile: z.string().optional() })])
    .nullish(),
  container_name: scalar.nullish(),
  ports: z.array(port).nullish(),
  volumes: z.array(volume).nullish(),
  environment: z.union([z.array(scalar), z.record(z.string(), scalar)]).nullish(),
  command: words,
  entrypoint: words,
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).nullish(),
  init: z.boolean().nullish(),
  profiles: z.array(z.string()).nullish(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).nullish(),
});
const schema = z.looseObject({ services: z.record(z.string(), service) });
type Raw = z.output<typeof service>;
const KIND = { called: 'a compose file', begins: 'services:' };

/** Reads a compose file, as far as it is graded. */
export function parseCompose(text: string, file: string): { compose?: Compose; problems: Problem[] } {
  const { value, problems, placeOf } = parseConfig(text, file, schema, KIND);
  if (!value) return { problems };
  const services = Object.entries(value.services).map(([name, raw]) =>
    serviceOf(name, raw, (...path) => placeOf(['services', name, ...path]).line),
  );
  return { compose: { file, services }, problems };
}

function serviceOf(name: string, raw: Raw, lineOf: (...path: PropertyKey[]) => number): Service {
  const image = raw.image ?? undefined;
  const build = typeof raw.build === 'string' ? { context: raw.build } : raw.build;
  const text = (given: Raw['command']) => (Array.isArray(given) ? given.join(' ') : (given ?? ''));
  return {
    name,
    // The mapping begins one line below its name.
    line: Math.max(1, lineOf() - 1),
    image: image ? { value: image, line: lineOf('image') } : undefined,
    build: build
      ? { value: `${build.context ?? '.'}/${build.dockerfile ?? 'Dockerfile'}`, line: lineOf('build') }
      : undefined,
    containerName: raw.container_name ?? undefined,
    ports: (raw.ports ?? []).map((one, i) => ({ value: portOf(one), line: lineOf('ports', i) })),
    volumes: (raw.volumes ?? []).map((one, i) => ({ value: volumeOf(one), line: lineOf('volumes', i) })),
    environment: Array.isArray(raw.environment)
      ? raw.environment.map((one, i) => ({ value: variableOf(one), line: lineOf('environment', i) }))
      : Object.entries(raw.environment ?? {}).map(([key, value]) => ({
          value: { key, value },
          line: lineOf('environment', key),
        })),
    command: `${text(raw.entrypoint)} ${text(raw.command)}`.trim(),
    health: !!raw.healthcheck && raw.healthcheck.disable !== true,
    init: raw.init === true,
    profiles: raw.profiles ?? [],
    dependsOn: Array.isArray(raw.depends_on) ? raw.depends_on : Object.keys(raw.depends_on ?? {}),
  };
}

function portOf(port: NonNullable<Raw['ports']>[number]): string {
  if (typeof port === 'string') return port;
  return [port.host_ip, port.published, port.target]
    .filter((one) => one !== undefined && one !== '')
    .join(':');
}

function volumeOf(volume: NonNullable<Raw['volumes']>[number]): { source: string; target: string } {
  if (typeof volume !== 'string') return { source: volume.source ?? '', target: volume.target ?? '' };
  // A variable may hold a colon of its own: ${DATA:-./data}:/data
  const [source = '', target = ''] = volume
    .replace(/\$\{[^}]*\}/g, (one) => one.replaceAll(':', '\u0000'))
    .split(':');
  return { source: source.replaceAll('\u0000', ':'), target: target.replaceAll('\u0000', ':') };
}

function variableOf(text: string): { key: string; value: string } {
  const at = text.indexOf('=');
  // Without a value it is taken from the shell, and so not in the file.
  return at < 0 ? { key: text, value: '' } : { key: text.slice(0, at), value: text.slice(at + 1) };
}
