import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { newToken } from '../core/token.ts';
import type { Attachment, Engine } from '../docker/engine.ts';
import { requireRunning } from './containers.ts';
import { defineFault } from './fault.ts';
import { askShop, FOLDER, pin, requirePinnable, type ShopAnswer, shopKeeps, unpin } from './nginx-pin.ts';

/** The helpers that sit on the API's old address. */
const HOLDER = 'chaos-stale-upstream';
/** Both the pin and the helpers end by themselves this long after the fault should have ended, in seconds. */
const MARGIN_S = 60;
/** Docker hands out the lowest free address, so each one that is free below the API's costs a helper. */
const MOST_HELPERS = 16;
/** How long an undo waits for the shop to answer, in wall milliseconds. */
const BACK_MS = 10_000;

/** The API comes back under another address, and nginx goes on asking at the old one. */
export default defineFault({
  type: 'stale-upstream',
  summary: 'the API moves to another address and nginx asks at the old one: 502 while every target is UP',
  fields: z.strictObject({}),
  example: {},
  describe: () => 'move api to another address, nginx keeps the old one',
  targets: () => ['nginx', 'api'],
  touches: () => [
    {
      kind: 'file',
      on: 'nginx',
      does: `${FOLDER}/*.conf written, nginx reloaded`,
      undo: `removed, reloaded; by itself ${MARGIN_S} s after its time`,
    },
    {
      kind: 'network',
      on: 'api',
      does: 'taken off its network and connected again, under another address',
      undo: 'none: it stays there, where its names lead',
    },
    {
      kind: 'helper',
      on: HOLDER,
      does: `at most ${MOST_HELPERS + 1} added, on the old address and those below it`,
      undo: `removed; end by themselves ${MARGIN_S} s after their time`,
    },
  ],

  async prepare(_fields, { engine, lab }) {
    await requireRunning('nginx', engine);
    await requireRunning('api', engine);
    await requirePinnable(engine);
    const shop = await askShop(lab);
    if (shop.pinned) {
      throw new ChaosError(
        'not-ready',
        'nginx keeps to an address already, from an earlier stale-upstream.',
        {
          hint: 'it ends by itself a minute after it should have, or: docker restart the nginx container',
        },
      );
    }
    const [attachment] = await engine.networks('api');
    if (isWell(shop) && attachment) return { attachment, token: newToken() };
    const reason = attachment ? `nginx answers ${shop.status}` : 'api is on no network';
    throw new ChaosError('not-ready', `The shop is not reached as it is: ${reason}.`, {
      hint: 'chaos status',
    });
  },

  async inject(_fields, { engine, lab, clock }, { signal, forMs, note: { attachment, token } }) {
    const limitS = Math.ceil(forMs / 1000) + MARGIN_S;
    await pin(engine, token, limitS);
    // Moved before nginx has loaded the pin, the API would be found at its new address.
    while (!(await shopKeeps(lab, clock, ({ pinned }) => pinned))) await clock.sleep(50, signal);
    const moved = engine.nextNetworkEvent('api', 'disconnect', signal);
    moved.catch(() => {});
    await move(engine, attachment, limitS);
    const beganAt = await moved;
    for (;;) {
      const { status, pinned } = await askShop(lab);
      if (status === 502 && pinned) return { beganAt, effectiveAt: clock.now() };
      await clock.sleep(50, signal);
    }
  },

  /** The API stays at its new address, which everybody who asks for its name is given. */
  async undo({ attachment, token }, { engine, lab, clock }) {
    await engine.connect('api', attachment);
    await unpin(engine, token);
    await engine.removeHelpers(HOLDER);
    const giveUpAt = clock.now() + BACK_MS;
    let back = await shopKeeps(lab, clock, isWell);
    while (!back && clock.now() < giveUpAt) {
      await clock.sleep(100);
      back = await shopKeeps(lab, clock, isWell);
    }
    const undoneAt = clock.now();
    const now = (await engine.networks('api')).find(({ network }) => network === attachment.network);
    const named = attachment.aliases.every((alias) => now?.aliases.includes(alias));
    return { undoneAt, restored: back && named };
  },
});

const isWell = ({ status, pinned }: ShopAnswer) => status === 200 && !pinned;

/**
 * Moves the API, and leaves a helper on the address it had, which it would else get back: one that listens to nothing,
 * so that who asks there is refused at once. On an address without a container nginx would wait, and answer 504.
 */
async function move(engine: Engine, attachment: Attachment, limitS: number): Promise<void> {
  const { network, address } = attachment;
  let helpers = 0;
  const another = async () => {
    if (++helpers > MOST_HELPERS) {
      throw new ChaosError('not-ready', `The address of api, ${address}, could not be taken over.`);
    }
    const command = ['sleep', String(limitS)];
    const helper = await engine.startHelper({ name: HOLDER, image: { of: 'api' }, command, network });
    return numberOf(helper.address);
  };
  const old = numberOf(address);
  const free = await another();
  // Given back for the API: going up at each move, it would leave ever more free addresses below itself.
  if (free < old) await engine.removeHelpers(HOLDER);
  await engine.disconnect('api', network);
  if (free < old) await engine.connect('api', attachment);
  while ((await another()) !== old);
  await engine.connect('api', attachment);
}

function numberOf(ipv4: string): number {
  return ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
