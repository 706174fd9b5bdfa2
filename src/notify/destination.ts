import { ChaosError } from '../core/errors.ts';
import { type Lab, publishedUrl } from '../core/lab.ts';
import { isLoopback } from '../core/loopback.ts';
import { CONFIG_FILE } from '../scenario/config.ts';

/**
 * The URL that notifications are posted to: one of this machine or of the lab, or one whose origin is allowed.
 * @throws ChaosError `usage` for any other, saying what would allow it
 */
export function destinationOf(given: string, lab: Lab, allowed: readonly string[]): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ChaosError('usage', `${given} is no URL that can be posted to.`, {
      hint: 'write it like http://127.0.0.1:8000/hook',
    });
  // http://localhost:80@elsewhere/ reads like this machine and is not.
  if (url.username || url.password)
    throw new ChaosError('usage', 'A URL to forward to carries no user name.', {
      hint: 'the services this is for have their secret in the path',
    });
  if (isLoopback(url.hostname) || allowed.includes(url.origin)) return url.href;
  const published = publishedUrl(lab, url);
  if (published) return published;
  throw new ChaosError(
    'usage',
    `${url.origin} is neither this machine nor the lab; notifications go nowhere else.`,
    { hint: `allow it in ${CONFIG_FILE}: allow: { urls: [${JSON.stringify(url.origin)}] }` },
  );
}
