import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Listener } from '../core/events.ts';
import type { Lab } from '../core/lab.ts';
import { newToken } from '../core/token.ts';
import type { Looking } from '../docker/engine.ts';
import type { SwarmTask } from '../docker/swarm.ts';
import type { World } from '../faults/fault.ts';
import { Fleet } from '../load/fleet.ts';
import { HubChannel, type Member } from '../load/hub-channel.ts';
import { HUB_HOST, HUB_PORT } from '../load/hub-protocol.ts';
import { timeLimitOf } from '../plan/schedule.ts';
import type { LoadRequest, Scenario } from '../scenario/scenario.ts';
import type { Guard } from '../undo/guard.ts';
import { GIVE_UP_MS } from '../undo/recover.ts';
import { SWARM_LOAD, type SwarmLoadNote } from '../undo/swarm-load.ts';
import { undoUntil } from '../undo/take-back.ts';
import type { LoadSource } from './load-source.ts';
import { swarmUrl, wireLoad } from './wire.ts';

/** What a run's loads are made with. */
export interface SwarmChoice {
  image: string;
  /** How the programs in it are started. */
  commands: { agent: string[]; hub: string[] };
  /** How many tasks; one for each machine that takes any where it is undefined. */
  generators: number | undefined;
}

/** How long the tasks may take to be there, in wall milliseconds: an engine starts one in a second or two. */
const RAISE_MS = 60_000;
const LOOK_MS = 200;

/** After one task has failed, others may be about to for the same reason; wall milliseconds. */
const OTHERS_MS = 2000;

/** How much longer than the run its generators may last, in wall milliseconds, should nobody end them. */
const MARGIN_MS = 120_000;

/** Generators that stand ready on the machines of a Swarm. */
export interface RaisedFleet {
  source: LoadSource;
  /** Ends them and takes everything back that they needed. Never throws. */
  end(): Promise<void>;
}

/** What a load from a Swarm needs. */
export interface SwarmPlan {
  generators: number;
  /** Host names of the machines that take tasks. */
  nodes: string[];
  /** Services of the lab that are asked. */
  services: string[];
  /** Whether nothing but these is asked, so that the generators need reach nothing else. */
  internal: boolean;
}

/**
 * What a scenario's loads need of a Swarm; looks, and changes nothing.
 * @throws ChaosError `not-ready` where there is no Swarm that takes tasks, `usage` for a URL that cannot be asked from it
 */
export async function planSwarm(
  { traffic, timeline }: Scenario,
  lab: Lab,
  engine: Looking,
  { generators }: Pick<SwarmChoice, 'generators'>,
): Promise<SwarmPlan> {
  const loads = [
    ...(traffic ? [traffic] : []),
    ...timeline.flatMap((step) => (step.kind === 'load' ? [step.load] : [])),
  ];
  const asked = loads.flatMap(({ requests }) => requests.map((request) => swarmUrl(request, lab).service));
  const all = await engine.swarm.nodes();
  const nodes = all.filter(({ usable }) => usable).map(({ name }) => name);
  if (nodes.length === 0)
    throw new ChaosError('not-ready', `None of the Swarm's ${all.length} machines takes tasks.`, {
      hint: 'docker node ls; they must be ready, active, and of the same architecture as this one',
    });
  return {
    generators: generators ?? nodes.length,
    nodes,
    services: [...new Set(asked.filter((service) => service !== undefined))],
    internal: !asked.includes(undefined),
  };
}

/**
 * Starts generators on a Swarm, written down before by the guard. They are there once this returns.
 * @throws ChaosError `not-ready` naming the machines that cannot; what was begun has been taken back
 */
export async function raiseFleet(
  scenario: Scenario,
  choice: SwarmChoice,
  world: World,
  { guard, speed, signal, on }: { guard: Guard; speed: number; signal: AbortSignal; on: Listener },
): Promise<RaisedFleet> {
  const { lab, engine, clock } = world;
  const { swarm } = engine;
  const plan = await planSwarm(scenario, lab, engine, choice);
  const say = (text: string) => on({ type: 'note', at: clock.now(), text });
  const token = newToken();
  const name = `${lab.project}-load-${token}`;
  const note: SwarmLoadNote = { service: name, network: name, hub: `${name}-hub`, attached: plan.services };
  const longestMs = timeLimitOf(scenario) / speed + MARGIN_MS;
  const act = await guard.before({
    id: 'generators',
    type: SWARM_LOAD,
    note,
    deadline: clock.now() + longestMs,
  });
  let channel: HubChannel | undefined;

  async function end(): Promise<void> {
    channel?.end();
    const ended = await undoUntil({ type: SWARM_LOAD, note }, world, clock.now() + GIVE_UP_MS);
    if (ended.restored) await act.undone();
    else
      say(
        `the load generators were not taken back: ${ended.why}; the next run, or chaos recover, tries again`,
      );
  }

  try {
    await swarm.makeNetwork(note.network, plan.internal);
    for (const service of plan.services)
      await engine.connect(service, { network: note.network, aliases: [service], address: '' });
    const hub = await swarm.startHub({
      name: note.hub,
      alias: HUB_HOST,
      image: choice.image,
      command: choice.commands.hub,
      network: note.network,
    });
    channel = new HubChannel(hub.stream, clock);
    channel.open(token, HUB_PORT);
    await swarm.startService({
      name: note.service,
      image: choice.image,
      command: choice.commands.agent,
      environment: {
        CHAOS_HUB: `${HUB_HOST}:${HUB_PORT}`,
        CHAOS_TOKEN: token,
        CHAOS_SLOT: '{{.Task.Slot}}',
        CHAOS_NODE: '{{.Node.Hostname}}',
        CHAOS_SECONDS: String(Math.ceil(longestMs / 1000)),
      },
      network: note.network,
      replicas: plan.generators,
    });
    await gather(channel, plan.generators, () => swarm.tasks(note.service), choice.image, { clock, signal });
    const fleet = new Fleet(channel, clock);
    say(`load from ${described(await fleet.measure())}`);
    await act.effective();
    const urlOf = (request: LoadRequest) => swarmUrl(request, lab).url;
    return { source: (id, spec) => fleet.ready(wireLoad(id, spec, lab, speed, urlOf)), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Words in which Docker says that a task will not come to run, or runs no more. */
const FAILED = ['rejected', 'failed', 'complete', 'shutdown', 'orphaned', 'remove'];

async function gather(
  channel: HubChannel,
  count: number,
  look: () => Promise<SwarmTask[]>,
  image: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const giveUpAt = clock.now() + RAISE_MS;
  let failedAt: number | undefined;
  while (channel.members.length < count) {
    await clock.sleep(LOOK_MS, signal);
    if (channel.lost) throw new ChaosError('not-ready', 'The hub of the load generators has ended.');
    const tasks = await look();
    const failed = tasks.filter(({ state }) => FAILED.includes(state));
    if (failed.length > 0) failedAt ??= clock.now();
    if (failedAt !== undefined && clock.now() > failedAt + OTHERS_MS) throw refused(failed, image);
    if (clock.now() > giveUpAt) {
      const there = channel.members.map(({ slot }) => slot);
      throw refused(
        tasks.filter(({ slot }) => !there.includes(slot)),
        image,
      );
    }
  }
}

/** One error for all tasks that are not there, by machine. */
export function refused(tasks: readonly SwarmTask[], image: string): ChaosError {
  const nodes = [...new Set(tasks.map(({ node }) => node))];
  const lacking = nodes.filter((node) =>
    tasks.some((task) => task.node === node && /no such image/i.test(task.error)),
  );
  const told = nodes.map((node) => {
    if (lacking.includes(node)) return `${node} does not have the image ${image}`;
    const [first] = tasks.filter((task) => task.node === node);
    const why = first?.error || `its task is ${first?.state}`;
    return `${node || 'no machine takes one'}: ${why}`;
  });
  return new ChaosError('not-ready', `Not every load generator came up: ${told.join('; ')}.`, {
    hint:
      lacking.length > 0
        ? `bring it there: docker save ${image} | ssh ${lacking[0]} docker load`
        : 'docker node ls shows the machines; they reach each other by TCP 2377 and 7946, UDP 7946 and 4789',
  });
}

function described(members: readonly Member[]): string {
  const told = members.map(
    ({ slot, node, clockOffsetMs, roundTripMs }) =>
      `${slot} on ${node} (answers in ${roundTripMs.toFixed(1)} ms, clock ${clockOffsetMs < 0 ? '' : '+'}${clockOffsetMs.toFixed(1)} ms)`,
  );
  return `${members.length} generators: ${told.join(', ')}`;
}
