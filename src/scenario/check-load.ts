import { formatDuration, parseDuration } from '../core/duration.ts';
import { insidePorts } from '../core/lab.ts';
import { isLoopback } from '../core/loopback.ts';
import type { Path } from '../core/positions.ts';
import { isMisspelt, meant } from '../core/suggest.ts';
import { CONFIG_FILE } from './config.ts';
import { type Complain, type Known, list, type Rough, rough } from './rough.ts';
import { LONGEST_MS, MOST_CONNECTIONS } from './schema.ts';

/** What would end a request line. */
const SPACES = /[\s\p{Cc}]/u;

/** What a load asks: exactly one of `url` and `requests`, and nothing outside the lab, this machine and what is allowed. */
export function checkAsked(
  asked: Rough,
  path: Path,
  keys: readonly string[],
  known: Known,
  complain: Complain,
): void {
  const misspelt = isMisspelt('url', asked, keys) || isMisspelt('requests', asked, keys);
  if ((asked.url === undefined) === (asked.requests === undefined) && !misspelt)
    complain(path, 'needs either url: or requests:');
  const urls = urlsOf(asked, path);
  for (const [at, url] of urls) checkUrl(url, at, known, complain);
  // Of the open model, each request may go to a server of its own.
  if (asked.model === 'open') return;
  const [first, ...others] = urls.map(([at, url]) => ({ at, server: serverOf(url) }));
  const other = others.find(({ server }) => first?.server && server && server !== first.server);
  if (other)
    complain(
      other.at,
      `a closed load asks one server, ${first?.server}, and this is ${other.server}`,
      'make it a load of its own, or add model: open',
    );
}

/** Every URL of a load that is a text, with its place. */
function urlsOf(asked: Rough, path: Path): [Path, string][] {
  const all: [Path, unknown][] = [
    [[...path, 'url'], asked.url],
    ...list(asked.requests).map((one, i): [Path, unknown] => [
      [...path, 'requests', i, 'url'],
      rough(one).url,
    ]),
  ];
  return all.filter((one): one is [Path, string] => typeof one[1] === 'string');
}

/** Host and port of a URL; a path goes through nginx. Undefined for what is no URL. */
function serverOf(url: string): string | undefined {
  if (url.startsWith('/')) return 'nginx:80';
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 80}`;
}

/** What a load's model and its stages ask of each other. */
export function checkModel(load: Rough, path: Path, complain: Complain): void {
  const stages = list(load.stages).map(rough);
  // A load begins with a ramp, as there is nothing yet that could be held.
  if (stages[0]?.hold !== undefined && stages[0].to === undefined)
    complain([...path, 'stages', 0], 'there is no connection to hold yet', 'begin with { to: 10, over: 0s }');
  if (load.model === 'open') return;
  for (const key of ['arrivals', 'max_in_flight'])
    if (load[key] !== undefined)
      complain([...path, key], `${key}: belongs to the open model`, 'add model: open, or leave it out');
  stages.forEach(({ to }, index) => {
    if (typeof to === 'number' && to > MOST_CONNECTIONS)
      complain(
        [...path, 'stages', index, 'to'],
        `a closed load has at most ${MOST_CONNECTIONS} connections (not ${to})`,
      );
  });
}

/** Steps that end later than a day after the baseline. Wrong durations count as 0; they have their own problem. */
export function checkLength(steps: readonly Rough[], complain: Complain): void {
  steps.forEach((step, index) => {
    const stages = list(rough(step.load).stages).map(rough);
    const end = [step.at, rough(step.fault).for, ...stages.flatMap(({ over, hold }) => [over, hold])]
      .map((text) => (typeof text === 'string' ? (parseDuration(text) ?? 0) : 0))
      .reduce((sum, ms) => sum + ms, 0);
    if (end > LONGEST_MS)
      complain(['timeline', index], `ends ${formatDuration(end)} after the baseline; a day is the most`);
  });
}

const EXAMPLE = 'a path such as /api/products, or http://<service>:<port>/path';

function checkUrl(url: string, path: Path, { services, allowed = [] }: Known, complain: Complain): void {
  const asked = parsedUrl(url, (message) => complain(path, message, EXAMPLE));
  if (!asked || isLoopback(asked.hostname) || allowed.includes(asked.origin) || !services) return;
  const { hostname, origin } = asked;
  if (services.includes(hostname)) {
    const ports = insidePorts(hostname);
    const port = Number(asked.port || 80);
    if (!ports.includes(port))
      complain(path, `${hostname} has no port ${port}`, `it has ${ports.join(' and ') || 'none'}`);
    return;
  }
  const allow = `allow it in ${CONFIG_FILE}: allow: { urls: [${JSON.stringify(origin)}] }`;
  const nearest = meant(hostname, services);
  complain(
    path,
    `${hostname} is no service of the lab; load goes nowhere else`,
    nearest ? `did you mean ${nearest}? Or ${allow}` : allow,
  );
}

/** A URL with a host; undefined for a path, and for what is refused. */
function parsedUrl(url: string, refuse: (message: string) => void): URL | undefined {
  if (url.startsWith('/') && !url.startsWith('//') && !SPACES.test(url)) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (SPACES.test(url)) refuse('a URL has no space and no control character');
  // Not https either, though it may be allowed for notifications: the closed model's client checks no certificate.
  else if (parsed?.protocol !== 'http:') refuse(`${url} is no URL that can be asked`);
  // http://localhost:80@elsewhere/ reads like this machine and is not.
  else if (parsed.username || parsed.password) refuse('a URL here carries no user name');
  else return parsed;
  return undefined;
}
