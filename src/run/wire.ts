import { ChaosError } from '../core/errors.ts';
import { baseUrl, type Lab, publishedUrl } from '../core/lab.ts';
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
  throw new ChaosError('usage', `${url} is neither a path, a service of the lab nor a loopback URL.`, {
    hint: 'load goes only to the lab and to this machine',
  });
}

/** A scenario's load in wall time and with URLs that can be asked. */
export function wireLoad(name: string, spec: LoadSpec, lab: Lab, speed: number): Load {
  return {
    ...spec,
    name,
    requests: spec.requests.map((request) => ({ ...request, url: wireUrl(request, lab) })),
    stages: spec.stages.map((stage) =>
      'to' in stage ? { to: stage.to, overMs: stage.overMs / speed } : { holdMs: stage.holdMs / speed },
    ),
  };
}
