import { parseDuration } from '../core/duration.ts';
import { positionOf, type Source } from '../core/positions.ts';
import type { LoadStage } from '../load/stages.ts';
import type { Known } from './rough.ts';
import type { LoadSpec, Scenario, Step } from './scenario.ts';
import { MOST_CONNECTIONS, type ScenarioFile } from './schema.ts';

/** The scenario a checked file describes: steps in order of time, durations in milliseconds. */
export function toScenario(file: ScenarioFile, source: Source, { allowed = [] }: Known): Scenario {
  const timeline = file.timeline
    .map((step, index) => toStep(step, index, source, allowed))
    .sort((a, b) => a.atMs - b.atMs);
  const scenario: Scenario = {
    file: source.file,
    name: file.name,
    title: file.title,
    about: file.about,
    baselineMs: ms(file.baseline),
    timeline,
    expect: file.expect.map(({ alert, labels, because, within, weight, resolves }, index) => ({
      alert,
      labels,
      because: because ?? timeline[0]!.id,
      ...(within === undefined ? {} : { withinMs: ms(within) }),
      weight,
      resolves,
      at: positionOf(source, ['expect', index]),
    })),
    tolerate: file.tolerate,
    watchMs: file.watch === undefined ? 0 : ms(file.watch),
    stopWhen: [file.stop_when].flat(),
    pass: file.pass,
  };
  if (file.time_limit !== undefined) scenario.timeLimitMs = ms(file.time_limit);
  if (file.traffic) scenario.traffic = background(file.traffic, allowed);
  return scenario;
}

function toStep(
  step: ScenarioFile['timeline'][number],
  index: number,
  source: Source,
  allowed: readonly string[],
): Step {
  const base = { atMs: ms(step.at), at: positionOf(source, ['timeline', index]) };
  if (step.fault) {
    const { type, for: forText, ...fields } = step.fault as { type: string; for: string };
    return { kind: 'fault', id: step.id ?? type, type, fields, forMs: ms(forText), ...base };
  }
  const { stages, model, arrivals = 'constant', max_in_flight = MOST_CONNECTIONS, ...asked } = step.load!;
  const plan = { requests: requestsOf(asked, allowed), stages: stages.map(toStage) };
  const load: LoadSpec =
    model === 'closed' ? { model, ...plan } : { model, arrivals, maxInFlight: max_in_flight, ...plan };
  return { kind: 'load', id: step.id ?? 'load', load, ...base };
}

/** Background load, as it is written: it holds until it is ended. */
export function background(
  { connections, ...asked }: NonNullable<ScenarioFile['traffic']>,
  allowed: readonly string[],
): LoadSpec {
  return {
    model: 'closed',
    requests: requestsOf(asked, allowed),
    stages: [{ to: connections, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
  };
}

function requestsOf(
  { url, requests }: { url?: string | undefined; requests?: LoadSpec['requests'] | undefined },
  allowed: readonly string[],
): LoadSpec['requests'] {
  const asked: LoadSpec['requests'] = requests ?? [{ method: 'GET', url: url! }];
  return asked.map((request) =>
    URL.canParse(request.url) && allowed.includes(new URL(request.url).origin)
      ? { ...request, allowed: true }
      : request,
  );
}

function toStage(stage: { to: number; over: string } | { hold: string }): LoadStage {
  return 'to' in stage ? { to: stage.to, overMs: ms(stage.over) } : { holdMs: ms(stage.hold) };
}

/** Of a text the schema has already let through. */
function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
