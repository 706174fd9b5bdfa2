import { containerName } from '../core/lab.ts';
import type { Touch } from '../faults/fault.ts';
import { findFault } from '../faults/index.ts';
import { area, peakOf } from '../load/stages.ts';
import type { LoadRequest, LoadSpec, Scenario, Step } from '../scenario/scenario.ts';

/** One thing a run touches, for how long, and how that is taken back. */
export interface Touched extends Omit<Touch, 'kind'> {
  /** The id of the step, or `traffic`. */
  step: string;
  kind: Touch['kind'] | 'url' | 'swarm';
  /** A container of the lab by its name; of a URL, its method too. */
  on: string;
  /** Lab milliseconds after the baseline. */
  atMs: number;
  endMs: number;
}

/** Where a run would take place. */
export interface Place {
  lab: string;
  speed: number;
  /** What a scenario's URL leads to there. */
  urlOf?: (request: LoadRequest) => string;
  /** Where its loads come from, if not from this machine. */
  swarm?: { generators: number; nodes: string[]; services: string[]; internal: boolean };
}

const HUB = 'the hub of the load generators';

/** What stands for itself, and is no container of the lab's own. */
const BY_THEIR_NAME: readonly Touch['kind'][] = ['helper', 'host'];

/** What one step touches, from its beginning to its end. */
export function touchesOf(step: Step, endMs: number, place: Place): Touched[] {
  const span = { step: step.id, atMs: step.atMs, endMs };
  if (step.kind === 'load') return asked(step.load, place).map((touch) => ({ ...span, ...touch }));
  const touches = findFault(step.type)?.touches(step.fields) ?? [];
  return touches.map(({ kind, on, does, undo }) => ({
    ...span,
    kind,
    on: BY_THEIR_NAME.includes(kind) ? on : containerName(place.lab, on),
    does,
    undo,
  }));
}

/** What the background traffic touches, from the baseline to the end of the run. */
export function trafficTouches({ traffic, baselineMs }: Scenario, endMs: number, place: Place): Touched[] {
  if (!traffic) return [];
  const span = { step: 'traffic', atMs: -baselineMs, endMs };
  return asked(traffic, place).map((touch) => ({ ...span, ...touch }));
}

/** What loads from a Swarm touch beside what they ask, from before the baseline to the end of the run. */
export function swarmTouches({ baselineMs }: Scenario, endMs: number, { lab, swarm }: Place): Touched[] {
  if (!swarm) return [];
  const { generators, nodes, services, internal } = swarm;
  const span = { step: 'generators', atMs: -baselineMs, endMs };
  return [
    {
      ...span,
      kind: 'swarm',
      on: `${generators} tasks of a service on ${nodes.join(', ')}`,
      does: `started, on an overlay network ${internal ? 'that leads nowhere else' : 'with a way out, to what is allowed'}`,
      undo: 'service and network removed; tasks end by themselves within 8 s of the run',
    },
    {
      ...span,
      kind: 'helper',
      on: HUB,
      does: 'added, between the run and the tasks',
      undo: 'ends with the run',
    },
    ...services.map((service) => ({
      ...span,
      kind: 'network' as const,
      on: containerName(lab, service),
      does: 'connected to that network as well',
      undo: 'disconnected from it',
    })),
  ];
}

/** Each URL once, with the most that it is asked. */
function asked(
  load: LoadSpec,
  { speed, urlOf = ({ url }) => (url.startsWith('/') ? `http://nginx${url}` : url) }: Place,
): Pick<Touched, 'kind' | 'on' | 'does' | 'undo'>[] {
  const times = new Map<string, number>();
  for (const request of load.requests) {
    const on = `${request.method} ${urlOf(request)}`;
    times.set(on, (times.get(on) ?? 0) + 1);
  }
  const shared = times.size > 1 ? ', which ask all of these in turn' : '';
  return [...times].map(([on, count]) => ({
    kind: 'url',
    on,
    does: most(load, count / load.requests.length, speed) + (load.model === 'closed' ? shared : ''),
    undo: 'no request after its end',
  }));
}

function most(load: LoadSpec, share: number, speed: number): string {
  const { stages } = load;
  if (load.model === 'closed')
    return `one request at a time by each of at most ${peakOf(stages)} connections`;
  // A rate is one of wall time, and stages are in lab time.
  const requests = Math.ceil((area(stages, Number.POSITIVE_INFINITY) / speed) * share);
  return `at most ${requests} requests, ${Math.ceil(peakOf(stages) * share)} a second, ${load.maxInFlight} in flight`;
}
