import { type Clock, iso, timeLimit } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import type { Listener, Phase } from '../core/events.ts';
import type { Lab } from '../core/lab.ts';
import type { Engine } from '../docker/engine.ts';
import { orNull } from '../observe/http.ts';
import { type Control, controlFault } from '../plan/control.ts';
import { endOf } from '../plan/plan.ts';
import { tolerations } from '../plan/remembered.ts';
import { timeLimitOf } from '../plan/schedule.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Guard } from '../undo/guard.ts';
import { awaitBaseline } from './baseline.ts';
import { collect } from './collect.ts';
import { awaitPreflight, type Ready, witnessesOf } from './preflight.ts';
import { type Evidence, type RunStatus, SCHEMA_VERSION } from './record.ts';
import { type RawSamples, readSamples } from './samples.ts';
import { StepRunner } from './steps.ts';
import { raiseFleet, type SwarmChoice } from './swarm.ts';
import { type Prospect, waitUntil } from './watch.ts';
import { startWatching } from './watching.ts';

export interface RunInput {
  scenario: Scenario;
  lab: Lab;
  engine: Engine;
  clock: Clock;
  /** Aborted with a ChaosError of kind `interrupted` or `stopped`; everything is then undone. */
  signal: AbortSignal;
  on: Listener;
  /** Our own version, for the record. */
  version: string;
  /** Its steps are then only said to be carried out, but for the control's own fault. */
  control?: Control;
  /** Its loads come from a Swarm, and not from this machine. */
  swarm?: SwarmChoice;
}

/** What is left of a run. */
export interface Ran {
  evidence: Evidence;
  /** Null where Prometheus could not be asked. */
  samples: RawSamples | null;
}

/**
 * Runs one scenario on a lab and returns what was seen, having taken back everything it did, and before that what an
 * earlier run that died may have left behind.
 * @throws ChaosError `not-ready` before anything is injected; after that, whatever happens is in the evidence
 */
export async function run(input: RunInput): Promise<Ran> {
  const { scenario, lab, engine, clock, on } = input;
  const guard = await Guard.begin({ lab, engine, clock }, scenario.name, (text) =>
    on({ type: 'note', at: clock.now(), text }),
  );
  const longestMs = timeLimitOf(scenario);
  const tooLong = `It took longer than its time limit, ${formatDuration(longestMs)} of lab time.`;
  const limit = timeLimit(clock, longestMs / lab.speed, () => new ChaosError('stopped', tooLong));
  try {
    const signal = AbortSignal.any([input.signal, guard.lost, limit.signal]);
    return await guarded({ ...input, signal }, guard);
  } finally {
    limit.end();
    await guard.end();
  }
}

async function guarded(input: RunInput, guard: Guard): Promise<Ran> {
  const { scenario, lab, engine, clock, signal, on, control } = input;
  const wrong = control && controlFault(scenario, control);
  const witnesses = witnessesOf(lab);
  const phase = (name: Phase, until?: number) =>
    on({ type: 'phase', at: clock.now(), phase: name, ...(until === undefined ? {} : { until }) });

  phase('preflight');
  const ready = await awaitPreflight(
    scenario,
    lab,
    witnesses,
    { engine, clock },
    {
      signal,
      onWaiting: (reason) => on({ type: 'note', at: clock.now(), text: reason }),
    },
  );
  const { speed } = ready.settings;
  const fleet =
    input.swarm &&
    (await raiseFleet(scenario, input.swarm, { lab, engine, clock }, { guard, speed, signal, on }));
  const tolerate = tolerations(scenario, ready.rules, speed);
  const startedAt = clock.now();
  const sham = (id: string) => control !== undefined && id !== wrong?.id;
  const steps = new StepRunner({ lab, engine, clock }, guard, speed, on, sham, fleet?.source);
  const watch = startWatching(witnesses, scenario, tolerate, ready, clock, on, () => steps.running);
  // One signal for the user's interrupt, the safety stop and a failure of the watch itself.
  const halt = AbortSignal.any([signal, watch.halted]);

  let zero = startedAt;
  let status: RunStatus = 'completed';
  let statusReason: string | null = null;
  try {
    if (scenario.traffic) await steps.background(scenario.traffic);
    phase('baseline', clock.now() + scenario.baselineMs / speed);
    await awaitBaseline(
      { baselineMs: scenario.baselineMs, tolerate, speed },
      { clock, signal: halt, pollMs: watch.everyMs },
      watch.glance,
      (reasons) => on({ type: 'note', at: clock.now(), text: `waiting for quiet: ${reasons.join('; ')}` }),
    );
    zero = clock.now();
    phase('timeline', zero + Math.max(0, ...scenario.timeline.map(endOf)) / speed);
    const prospect: Prospect = {
      expect: scenario.expect,
      rules: ready.rules,
      cadence: ready.settings,
      steps: steps.effects,
      speed,
      surroundings: { before: ready.surroundings },
    };
    watch.follow(prospect);
    await steps.runAll(wrong ? [...scenario.timeline, wrong] : scenario.timeline, zero, halt);
    await waitOut(prospect, scenario, watch, { clock, halt, speed }, (until) => phase('watch', until));
  } catch (error) {
    if (!halt.aborted || !(halt.reason instanceof ChaosError)) throw error;
    const { kind, message } = halt.reason;
    if (kind !== 'interrupted' && kind !== 'stopped') throw halt.reason;
    status = kind;
    statusReason = message;
  } finally {
    phase('undo');
    await steps.undoAll();
    await fleet?.end();
    await watch.end();
  }

  phase('collect');
  const endMs = clock.now();
  const plain = {
    schemaVersion: SCHEMA_VERSION as typeof SCHEMA_VERSION,
    scenario: scenario.name,
    title: scenario.title,
    lab: lab.name,
    speed,
    startedAt: iso(startedAt),
    zeroAt: iso(zero),
    endedAt: iso(endMs),
    status,
    statusReason,
    ...(control ? { control } : {}),
    pass: scenario.pass,
    expect: scenario.expect.map(({ at: _, ...expected }) => expected),
    tolerate,
    cadence: cadenceOf(ready),
    rules: ready.rules,
    steps: steps.effects,
    faults: steps.faults,
    load: steps.loads,
    observations: watch.observations,
  };
  const { after, ...collected } = await collect(witnesses, plain, {
    startMs: startedAt,
    endMs,
    before: ready.builds,
  });
  const samples = await orNull(readSamples(witnesses.prometheus, plain, startedAt, endMs));
  phase('done');
  const evidence: Evidence = {
    ...plain,
    ...collected,
    surroundings: { before: ready.surroundings, after },
    inbox: witnesses.inbox !== undefined,
    versions: {
      chaos: input.version,
      node: process.version,
      prometheus: ready.builds.prometheus.version,
      alertmanager: ready.builds.alertmanager.version,
    },
  };
  return { evidence, samples };
}

function cadenceOf({ settings: { scrapeMs, scrapeTimeoutMs, evaluationMs } }: Ready): Evidence['cadence'] {
  return { scrapeMs, scrapeTimeoutMs, evaluationMs };
}

/** Waits until nothing more is to be seen: see `waitUntil`, and the scenario's own `watch:`. */
async function waitOut(
  prospect: Prospect,
  scenario: Scenario,
  watch: ReturnType<typeof startWatching>,
  { clock, halt, speed }: { clock: Clock; halt: AbortSignal; speed: number },
  onUntil: (until: number) => void,
): Promise<void> {
  const atLeast = clock.now() + scenario.watchMs / speed;
  let told = 0;
  for (;;) {
    const now = clock.now();
    const until = Math.max(atLeast, waitUntil(prospect, watch.observations.transitions, now));
    if (until <= now) break;
    if (until !== told) onUntil(until);
    told = until;
    await clock.sleep(Math.min(watch.everyMs, until - now), halt);
  }
  // What a poll shows as gone is gone from the history one evaluation later.
  await clock.sleep(2 * prospect.cadence.evaluationMs, halt);
}
