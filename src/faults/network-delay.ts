import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { insidePorts } from '../core/lab.ts';
import type { Helper } from '../docker/helpers.ts';
import { requireRunning } from './containers.ts';
import { defineFault, type World } from './fault.ts';

/** The wire ends by itself this long after it should have been ended, in seconds. */
const MARGIN_S = 30;
/** How much of the delay must be seen in a round trip: jitter and other clocks take their part. */
const MOST = 0.7;
/** Rules and queues; raw sockets, which iptables asks the rules by; a user of its own for what must pass them. */
const CAPABILITIES = ['NET_ADMIN', 'NET_RAW', 'SETUID'];
/** How often a connection is tried until one is reset; at one in a hundred this is three in four. */
const MOST_TRIES = 150;

/** Makes the way from one service to another slow, narrow or unreliable; every other way is left alone. */
export default defineFault({
  type: 'network-delay',
  summary: 'netem, or else a TCP proxy, between two services: delay, jitter, bandwidth, resets',
  fields: z
    .strictObject({
      target: z.string().describe('service that asks, e.g. api'),
      to: z.string().describe('service that is asked, e.g. postgres'),
      delay_seconds: z.number().min(0).max(10).default(0).describe('added to each round trip; wall time'),
      jitter_seconds: z.number().min(0).max(10).default(0).describe('the delay is so much more or less'),
      bandwidth_bytes_per_second: z
        .int()
        .min(1000)
        .optional()
        .describe('of each direction; without limit by default'),
      reset_percent: z.number().min(0).max(100).default(0).describe('of new connections that are reset'),
    })
    .refine(
      ({ delay_seconds, bandwidth_bytes_per_second, reset_percent }) =>
        delay_seconds > 0 || bandwidth_bytes_per_second !== undefined || reset_percent > 0,
      'needs delay_seconds, bandwidth_bytes_per_second or reset_percent',
    ),
  example: { target: 'api', to: 'redis', delay_seconds: 0.4 },
  describe: ({ target, to, delay_seconds, jitter_seconds, bandwidth_bytes_per_second, reset_percent }) =>
    `on the way from ${target} to ${to}: ${[
      ...(delay_seconds > 0
        ? [`${delay_seconds} s a round trip${jitter_seconds > 0 ? ` ± ${jitter_seconds} s` : ''}`]
        : []),
      ...(bandwidth_bytes_per_second ? [`${bandwidth_bytes_per_second} bytes/s`] : []),
      ...(reset_percent > 0 ? [`${reset_percent} % of new connections reset`] : []),
    ].join(', ')}`,
  targets: ({ target, to }) => [target, to],
  touches: ({ target, to }) => [
    {
      kind: 'network',
      on: target,
      does: `queues or firewall rules on its way to ${to}; connections from before reset`,
      undo: `removed; by themselves ${MARGIN_S} s after their time`,
    },
    { kind: 'network', on: to, does: `asked by probes from ${target}`, undo: 'none needed' },
    {
      kind: 'helper',
      on: helperOn(target),
      does: `added, in the network of ${target}, with ${CAPABILITIES.join(', ')}`,
      undo: `removed; ends by itself ${MARGIN_S} s after its time`,
    },
    {
      kind: 'helper',
      on: onceOn(target),
      does: 'added to measure the way, and to look that nothing stays',
      undo: 'removed at once',
    },
  ],

  async prepare({ target, to }, { engine, lab }) {
    wireImage(lab);
    await requireRunning(target, engine);
    await requireRunning(to, engine);
    const name = helperOn(target);
    if ((await engine.countHelpers(name)) > 0) {
      throw new ChaosError('not-ready', `A wire is at work on ${target} already.`, {
        hint: `it ends by itself; chaos up --name ${lab.name} removes it at once`,
      });
    }
    const ways = (await engine.networks(target)).map(({ network }) => network);
    const address = (await engine.networks(to)).find(({ network }) => ways.includes(network))?.address;
    const [port] = insidePorts(to);
    if (!address || !port) {
      const why = address ? `nobody knows the port of ${to}` : `${target} and ${to} share no network`;
      throw new ChaosError('not-ready', `The way from ${target} to ${to} cannot be seen: ${why}.`);
    }
    return { target, to, at: { to: address, port } };
  },

  async inject(fields, { engine, lab, clock }, { signal, forMs, note: { target, at } }) {
    const { delay_seconds: delay, jitter_seconds: jitter, reset_percent: reset } = fields;
    const bandwidth = fields.bandwidth_bytes_per_second ?? 0;
    const plan = { ...at, delay, jitter, bandwidth, reset, seconds: forMs / 1000 + MARGIN_S };
    const name = helperOn(target);
    const roundTripMs = roundTrip(await once(target, ['probe', JSON.stringify(at)], { engine, lab }));
    signal.throwIfAborted();
    const { startedAt } = await engine.startHelper(helper(name, target, ['run', JSON.stringify(plan)], lab));
    const ask = (...words: string[]) => engine.exec(name, ['python3', SCRIPT, ...words]);
    while ((await ask('state')).output === 'nothing') {
      await requireAtWork(name, engine);
      await clock.sleep(50, signal);
    }
    const wantedMs = roundTripMs + delay * 1000 * MOST - jitter * 1000;
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted();
      const { code, output } = await ask('probe', JSON.stringify(at));
      // One that is reset fails; where none is to be, a failure is the target's own, and no sign of ours.
      const seen = reset > 0 ? code !== 0 : code === 0 && Number(output) >= wantedMs;
      if (seen) return { beganAt: startedAt, effectiveAt: clock.now() };
      await requireAtWork(name, engine);
      if (tries === MOST_TRIES)
        throw new ChaosError('not-ready', `No ${reset > 0 ? 'reset' : 'delay'} was seen on the way.`);
    }
  },

  async undo({ target }, { engine, lab, clock }) {
    await engine.removeHelpers(helperOn(target));
    // One that measured, or tidied up, when its process was killed.
    await engine.removeHelpers(onceOn(target));
    // What it changed lives in the target's own network, and has ended with that.
    if (!(await engine.state(target)).running) return { undoneAt: clock.now(), restored: true };
    // One that was killed could not tidy up.
    const { code } = await once(target, ['clean'], { engine, lab });
    return { undoneAt: clock.now(), restored: code === 0 };
  },
});

const SCRIPT = '/wire/wire.py';
const helperOn = (target: string) => `chaos-network-delay-${target}`;
const onceOn = (target: string) => `${helperOn(target)}-once`;

/** @throws ChaosError `not-ready` for a lab from before there was one */
function wireImage(lab: World['lab']): string {
  if (lab.wireImage) return lab.wireImage;
  throw new ChaosError('not-ready', 'The lab is older than this fault.', {
    hint: `chaos up --name ${lab.name}`,
  });
}

function helper(name: string, target: string, words: string[], lab: World['lab']): Helper {
  return {
    name,
    image: { tag: wireImage(lab) },
    command: ['python3', SCRIPT, ...words],
    network: { of: target },
    capabilities: CAPABILITIES,
  };
}

/** Runs the script once beside a service. */
function once(target: string, words: string[], { engine, lab }: Pick<World, 'engine' | 'lab'>) {
  return engine.runHelper(helper(onceOn(target), target, words, lab));
}

/** @throws ChaosError `not-ready` where the probe got no answer */
function roundTrip({ code, output }: { code: number; output: string }): number {
  if (code === 0) return Number(output);
  throw new ChaosError('not-ready', `The way could not be measured: ${output.slice(-300)}`);
}

/** @throws ChaosError `not-ready` where the wire has ended */
async function requireAtWork(name: string, engine: World['engine']): Promise<void> {
  if ((await engine.countHelpers(name)) > 0) return;
  throw new ChaosError('not-ready', 'What should make the way worse has ended.', {
    hint: `docker logs the container of ${name}`,
  });
}
