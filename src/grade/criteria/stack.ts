import { type Criterion, check, type Judged, lost, type Place, won } from '../check.ts';
import type { Compose, Service } from '../read/compose.ts';
import { SERVICES, type WantedService } from '../seed.ts';
import { serviceAmong } from '../services.ts';
import type { Submission } from '../submission.ts';
import { upstream } from './nginx.ts';

/** Is what is deployed whole, and does it hold up? */
export const stack: Criterion = {
  id: 'stack',
  checks: [
    check('stack.compose', composeFile),
    check(
      'stack.services',
      withCompose((compose) => SERVICES.map((wanted) => present(wanted, compose))),
    ),
    check('stack.files', withCompose(mountedFiles)),
    check(
      'stack.health',
      withCompose((compose) => compose.services.flatMap((one) => healthOf(one, compose))),
    ),
    check(
      'stack.versions',
      withCompose((compose) => compose.services.flatMap((one) => versionOf(one, compose))),
    ),
    check(
      'stack.secrets',
      withCompose((compose) => compose.services.map((one) => secretsOf(one, compose))),
    ),
    check('stack.rights', withCompose(rights)),
    check(
      'stack.ports',
      withCompose((compose) => compose.services.flatMap((one) => portsOf(one, compose))),
    ),
    check('stack.signals', withCompose(signals)),
    check('stack.upstream', upstream),
  ],
};

type Look = (compose: Compose, submission: Submission) => readonly Judged[];

function withCompose(look: Look): (submission: Submission) => readonly Judged[] {
  return (submission) =>
    submission.compose
      ? look(submission.compose, submission)
      : [lost('no-compose', {}, { file: 'docker-compose.yml', line: 1 })];
}

function composeFile({ compose, problems, files }: Submission): Judged[] {
  if (compose) return [won(`services: ${compose.services.length}`, { file: compose.file, line: 1 })];
  const broken = problems.filter(({ file }) =>
    files.some(({ role, path }) => role === 'compose' && path === file),
  );
  return broken.length > 0
    ? broken.map((one) => lost('broken-file', { why: one.message }, one))
    : [lost('no-compose', {}, { file: 'docker-compose.yml', line: 1 })];
}

/** A service of a kind. */
export function serviceOf({ services }: Compose, name: string): Service | undefined {
  return serviceAmong(services, name, (one) => ({ name: one.name, image: one.image?.value }));
}

function present({ name }: WantedService, compose: Compose): Judged {
  const found = serviceOf(compose, name);
  return found
    ? won(name, { file: compose.file, line: found.line })
    : lost('no-service', { service: name }, { file: compose.file, line: 1 });
}

function mountedFiles(compose: Compose, { paths }: Submission): Judged[] {
  const { file, services } = compose;
  const judged = services.flatMap(({ name, build, volumes }) => {
    const sources = volumes.filter(({ value }) => value.source.startsWith('.'));
    const wanted = [
      ...sources.map(({ value, line }) => ({ path: value.source, line })),
      ...(build && !/^\w+:\/\//.test(build.value) ? [{ path: build.value, line: build.line }] : []),
    ];
    // What a variable names is known when it is started.
    return wanted
      .filter(({ path }) => !path.includes('$'))
      .map(({ path, line }) => {
        const whole = resolved(compose, path);
        if (whole === undefined) return lost('outside-file', { service: name, path }, { file, line });
        return whole === '' || paths.has(whole)
          ? won(whole || '.', { file, line })
          : lost('absent-file', { service: name, path: whole }, { file, line });
      });
  });
  return judged.length > 0 ? judged : [won('0', { file, line: 1 })];
}

/** A path of a compose file, from the folder of the submission; undefined for one that leads out of it. */
function resolved({ file }: Compose, path: string): string | undefined {
  const parts = file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Images made from scratch: there is no program in them that could check anything. */
const BARE = /nginx-prometheus-exporter|redis_exporter(?!.*alpine)/;

function healthOf(service: Service, { file }: Compose): Judged[] {
  const at = { file, line: service.line };
  if (service.health) return [won(service.name, at)];
  return service.image && BARE.test(service.image.value)
    ? []
    : [lost('no-health-check', { service: service.name }, at)];
}

function versionOf({ name, image }: Service, { file }: Compose): Judged[] {
  if (!image || image.value.includes('${')) return [];
  const tag = /:([^:/@]+)(@|$)/.exec(image.value)?.[1];
  const pinned = image.value.includes('@sha256:') || (tag !== undefined && /\d/.test(tag));
  return [
    pinned
      ? won(image.value, { file, line: image.line })
      : lost('unpinned-image', { service: name, image: image.value }, { file, line: image.line }),
  ];
}

function secretsOf({ name, line, environment, command }: Service, { file }: Compose): Judged {
  const plain = environment.find(
    ({ value: { key, value } }) =>
      (/(PASSWORD|PASSWD|SECRET|TOKEN)$/i.test(key) && value !== '' && !value.startsWith('$')) ||
      /:\/\/[^/@:\s]*:(?!\$)[^@/\s]+@/.test(value),
  );
  const key = plain?.value.key ?? /requirepass\s+(?![%$"'])\S+/.exec(command)?.[0].split(/\s/)[0];
  return key === undefined
    ? won(name, { file, line })
    : lost('password-in-file', { service: name, key }, { file, line: plain?.line ?? line });
}

/** As whom API and exporter connect. The image makes POSTGRES_USER, or else postgres, its superuser. */
function rights(compose: Compose): Judged[] {
  const { file } = compose;
  const postgres = serviceOf(compose, 'postgres');
  const named = postgres?.environment.find(({ value }) => value.key === 'POSTGRES_USER')?.value.value;
  const judged = compose.services
    .filter((one) => one !== postgres)
    .flatMap(({ name, environment }) =>
      environment.flatMap(({ value: { value }, line }) => {
        const user = /postgres(?:ql)?:\/\/([^:@/\s]+)/.exec(value)?.[1];
        if (user === undefined) return [];
        return [
          user === (named || 'postgres')
            ? lost('superuser', { service: name, user }, { file, line })
            : won(`${name}: ${user}`, { file, line }),
        ];
      }),
    );
  return judged.length > 0 ? judged : [lost('no-database-user', {}, { file, line: postgres?.line ?? 1 })];
}

function portsOf(service: Service, compose: Compose): Judged[] {
  // The shop itself is there to be reached.
  if (service === serviceOf(compose, 'nginx'))
    return [won(service.name, { file: compose.file, line: service.line })];
  return service.ports.map(({ value, line }) => {
    const at: Place = { file: compose.file, line };
    return /^(127\.|\[::1\]|localhost)/.test(value)
      ? won(`${service.name} ${value}`, at)
      : lost('open-port', { service: service.name, port: value }, at);
  });
}

function signals(compose: Compose, { files }: Submission): Judged[] {
  const api = serviceOf(compose, 'api');
  const at = { file: compose.file, line: api?.line ?? 1 };
  if (!api) return [lost('no-service', { service: 'api' }, at)];
  const path = api.build && resolved(compose, api.build.value);
  const dockerfile = files.find((one) => one.role === 'dockerfile' && one.path === path);
  const commands = dockerfile?.text.match(/^\s*(CMD|ENTRYPOINT)\b.*$/gim) ?? [];
  const runs = api.command || commands.join(' ').trim();
  if (api.init) return [won('init: true', at)];
  if (runs === '') return [lost('unknown-process', { service: api.name }, at)];
  const bare =
    /\bpython\d?[\d.]*\b|\bflask run\b/.test(runs) && !/gunicorn|uvicorn|tini|dumb-init/.test(runs);
  return [bare ? lost('deaf-process', { service: api.name }, at) : won(runs, at)];
}
