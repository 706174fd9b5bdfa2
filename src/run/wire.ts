import { ChaosError } from '../core/errors.ts';
import { baseUrl, LAB_PORTS, type Lab, type PortName, publishedUrl } from '../core/lab.ts';
import { isLoopback } from '../core/loopback.ts';
import type { Load } from '../load/load.ts';
import type { LoadRequest, LoadSpec } from '../scenario/scenario.ts';

/**
 * The loopback URL behind what a scenario calls a URL: a path goes through nginx, a service of the lab to its
 * published port, a loopback URL as it is, and so is one that chaos.config.yaml allows.
 * @throws ChaosError `usage` for anything else: load leaves neither this machine nor the lab
 */
export function wireUrl({ url, allowed }: Pick<LoadRequest, 'url' | 'allowed'>, lab: Lab): string {
  if (url.startsWith('/')) return baseUrl(lab, 'NGINX_PORT') + url;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && isLoopback(hostname)) return url;
  const published = publishedUrl(lab, new URL(url));
  if (published) return published;
  if (protocol === 'http:' && allowed) return url;
  throw elsewhere(url);
}

/**
 * What other machines ask in place of that, and the service of the lab that must be where they can reach it; none for
 * an origin that chaos.config.yaml allows.
 * @throws ChaosError `usage` for anything else, and for a loopback URL that is no port of the lab: each machine has a
 * loopback of its own
 */
export function swarmUrl(
  { url, allowed }: Pick<LoadRequest, 'url' | 'allowed'>,
  lab: Lab,
): { url: string; service?: string } {
  if (url.startsWith('/')) return { url: `http://nginx${url}`, service: 'nginx' };
  const asked = new URL(url);
  const { protocol, hostname, port, pathname, search } = asked;
  if (publishedUrl(lab, asked)) return { url, service: hostname };
  if (protocol === 'http:' && isLoopback(hostname)) {
    const published = Object.keys(LAB_PORTS).find(
      (name) => lab.ports[name as PortName] === Number(port || 80),
    );
    if (!published)
      throw new ChaosError('usage', `${url} would be another machine for each load generator of a Swarm.`, {
        hint: 'name a path or a service of the lab; or leave out --swarm',
      });
    const { service, inside } = LAB_PORTS[published as PortName];
    return { url: `http://${service}:${inside}${pathname}${search}`, service };
  }
  if (protocol === 'http:' && allowed) return { url };
  throw elsewhere(url);
}

function elsewhere(url: string): ChaosError {
  return new ChaosError('usage', `${url} is neither a path, a service of the lab nor a loopback URL.`, {
    hint: 'load goes only to the lab and to this machine',
  });
}

/** A scenario's load in wall time and with URLs that can be asked. */
export function wireLoad(
  name: string,
  spec: LoadSpec,
  lab: Lab,
  speed: number,
  urlOf: (request: LoadRequest) => string = (request) => wireUrl(request, lab),
): Load {
  return {
    ...spec,
    name,
    requests: spec.requests.map((request) => ({ ...request, url: urlOf(request) })),
    stages: spec.stages.map((stage) =>
      'to' in stage ? { to: stage.to, overMs: stage.overMs / speed } : { holdMs: stage.holdMs / speed },
    ),
  };
}
