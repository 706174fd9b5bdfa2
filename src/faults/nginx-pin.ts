import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { baseUrl, type Lab } from '../core/lab.ts';
import type { Engine, Looking } from '../docker/engine.ts';

// The classic mistake: a name in proxy_pass instead of a variable is resolved once, when nginx loads it.

/** nginx.conf includes what is in it, before its own location. */
export const FOLDER = '/run/chaos';
/** An answer that came through a pin bears this, so that it can be seen from outside which configuration is in force. */
const MARK = 'chaos-fault';
/** A regular expression goes before the prefix `/`, and `= /stub_status` before both. */
const PINNED = `location ~ ^/ { proxy_pass http://api:5000; add_header ${MARK} stale-upstream always; }`;

const fileOf = (token: string) => `${FOLDER}/${token}.conf`;

/** A script that takes its words as words: nothing in them, or in an undo note, is read as a command. */
const shell = (script: string, ...words: string[]) => ['sh', '-c', script, 'sh', ...words];

/** @throws ChaosError `not-ready` where this lab's nginx would not read a pin */
export async function requirePinnable(engine: Looking): Promise<void> {
  // The mount came with the configuration that includes it. To read that one a program would have to be run there.
  if ((await engine.tmpfs('nginx')).includes(FOLDER)) return;
  throw new ChaosError('not-ready', `nginx does not include ${FOLDER}: the lab is older than this fault.`, {
    hint: 'chaos down, then chaos up',
  });
}

/**
 * Has nginx resolve the API now and never again.
 * @param limitS after this many seconds the container takes the pin away by itself, whatever became of us
 */
export async function pin(engine: Engine, token: string, limitS: number): Promise<void> {
  const file = fileOf(token);
  // Started before the act: a pin that nobody would take away must not come about.
  const later = 'sleep "$1"; rm "$2" && nginx -s reload';
  await engine.leaveRunning('nginx', shell(later, String(limitS), file));
  const script = 'printf %s "$1" > "$2" && nginx -t -q && nginx -s reload';
  const { code, output } = await engine.exec('nginx', shell(script, PINNED, file));
  if (code === 0) return;
  throw new ChaosError('not-ready', `nginx did not take over the pin: ${output.slice(-300)}`);
}

/** Has nginx resolve the API anew again. A pin that is gone is no error; with nginx stopped, it is gone. */
export async function unpin(engine: Engine, token: string): Promise<void> {
  if (!(await engine.state('nginx')).running) return;
  const { code, output } = await engine.exec('nginx', shell('rm -f "$1" && nginx -s reload', fileOf(token)));
  if (code === 0) return;
  throw new ChaosError('not-ready', `nginx did not give up the pin: ${output.slice(-300)}`);
}

/** What a customer gets: the status or how it failed, and whether it came through a pin. */
export interface ShopAnswer {
  status: number | string;
  pinned: boolean;
}

export async function askShop(lab: Lab): Promise<ShopAnswer> {
  const { default: axios } = await import('axios');
  const url = `${baseUrl(lab, 'NGINX_PORT')}/health`;
  return axios
    .get(url, {
      proxy: false,
      maxRedirects: 0,
      timeout: 3000,
      validateStatus: () => true,
      headers: { Connection: 'close' },
    })
    .then(
      ({ status, headers }) => ({ status, pinned: headers[MARK] !== undefined }),
      (error) => ({ status: messageOf(error), pinned: false }),
    );
}

/** nginx hands over to new workers for a tenth of a second, in which either may answer; so it is asked for longer. */
const HANDOVER_MS = 300;

/**
 * Whether what a customer gets is as wanted, again and again.
 * @param wanted what one answer must be
 */
export async function shopKeeps(
  lab: Lab,
  clock: Clock,
  wanted: (answer: ShopAnswer) => boolean,
): Promise<boolean> {
  const until = clock.now() + HANDOVER_MS;
  while (wanted(await askShop(lab))) {
    if (clock.now() >= until) return true;
    await clock.sleep(30);
  }
  return false;
}
