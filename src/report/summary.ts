import { humanDuration } from '../core/duration.ts';
import { alertName } from '../core/labels.ts';
import { SETTINGS } from '../verdict/delays.ts';
import { controlHolds } from '../verdict/score.ts';
import type { Delay, JudgedExpectation, Outcome } from '../verdict/verdict.ts';
import type { RunRecord } from './record.ts';

/** How a piece of text is meant; the terminal colours it. */
export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'doubtful';
export type SummaryLine = { text: string; tone?: Tone }[];

const OUTCOME_TONE: Record<Outcome, Tone> = {
  'on-time': 'good',
  late: 'doubtful',
  early: 'bad',
  missed: 'bad',
  unresolved: 'doubtful',
  inconclusive: 'doubtful',
};

/** What came of a run, for a terminal: from the run record alone. */
export function summary(record: RunRecord): SummaryLine[] {
  const { verdict, score, because, scenario, speed } = record;
  const tone: Tone = verdict === 'pass' ? 'good' : verdict === 'fail' ? 'bad' : 'doubtful';
  const lines: SummaryLine[] = [
    [
      { text: verdict.toUpperCase(), tone },
      { text: score === null ? '  no score' : `  score ${score}`, tone: 'strong' },
      {
        text: `  ${scenario}${speed === 1 ? '' : ` at ${speed}x: lab time, wall time in brackets`}`,
        tone: 'dim',
      },
    ],
    [{ text: because }],
    ...(record.control ? [controlLine(record)] : []),
    [],
  ];
  const wide = Math.max(
    0,
    ...record.expectations.map(({ alert, labels }) => alertName(alert, labels).length),
  );
  for (const one of record.expectations) lines.push(...expectation(one, wide, speed));
  lines.push(...settings(record.expectations));
  for (const { alert, labels, firedAt } of record.unexpected) {
    lines.push([
      { text: 'unexpected   ', tone: 'bad' },
      { text: `${alertName(alert, pick(labels))}  fired at ${firedAt}, and nobody asked for it` },
    ]);
  }
  for (const { alert, labels, seenAt } of record.forged) {
    lines.push([
      { text: 'forged       ', tone: 'bad' },
      { text: `${alertName(alert, pick(labels))}  in Alertmanager at ${seenAt}, and no rule was firing it` },
    ]);
  }
  for (const { id, createdBy, matchers } of record.newSilences) {
    const held = matchers.map(({ name, value }) => `${name}=${value}`).join(', ');
    lines.push([
      { text: 'silence      ', tone: 'doubtful' },
      { text: `made during the run by ${createdBy}, on ${held} (${id})` },
    ]);
  }
  if (record.scoreParts.length > 0) lines.push([]);
  for (const { name, points, of, how } of record.scoreParts) {
    lines.push([
      { text: `${name.padEnd(12)} ${String(points).padStart(5)} of ${of}`.padEnd(30) },
      { text: how, tone: 'dim' },
    ]);
  }
  lines.push([]);
  for (const load of record.load) {
    const { name, sent, completed, errors, statuses, dropped, achievedRate, latencyMs, generator } = load;
    const kinds = { ...statuses, ...errors, ...(dropped > 0 ? { dropped } : {}) };
    const lost = Object.entries(kinds).map(([kind, count]) => `${kind}: ${count}`);
    lost.push(`generator ${generator.cores} cores, lag up to ${generator.lagMs.max} ms`);
    lines.push([
      { text: `load ${name}  `, tone: 'dim' },
      { text: `${sent} sent, ${completed} answered, ${achievedRate}/s, p95 ${latencyMs.p95} ms  ` },
      { text: lost.join(', '), tone: 'dim' },
    ]);
    for (const { slot, node, sent: theirs, roundTripMs } of load.generators ?? [])
      lines.push([
        {
          text: `  generator ${slot} on ${node}: ${theirs} sent, ${roundTripMs} ms away`,
          tone: 'dim',
        },
      ]);
  }
  for (const { id, type, target, effectiveAt, undoneAt, restored } of record.faults) {
    const length =
      effectiveAt && undoneAt ? humanDuration(Date.parse(undoneAt) - Date.parse(effectiveAt)) : 'no effect';
    lines.push([
      { text: `fault ${id}  `, tone: 'dim' },
      { text: `${type} ${target}, ${length} of wall time, ` },
      { text: restored ? 'restored' : 'NOT RESTORED', tone: restored ? 'good' : 'bad' },
    ]);
  }
  return lines;
}

function expectation(one: JudgedExpectation, wide: number, speed: number): SummaryLine[] {
  const after = (time: string | null) => sinceEffect(one.effectAt, time, speed);
  const bound = (time: string | null) => sinceEffect(one.effectAt, time, speed, false);
  const head: SummaryLine = [
    { text: one.outcome.padEnd(13), tone: OUTCOME_TONE[one.outcome] },
    { text: alertName(one.alert, one.labels).padEnd(wide), tone: 'strong' },
    { text: one.firedAt ? `  fired after ${after(one.firedAt)}` : '' },
    { text: one.deadline ? `, due ${bound(one.earliest)} to ${bound(one.deadline)}` : '', tone: 'dim' },
  ];
  const way = one.delays.length > 0 ? [delays(one.delays, speed)] : [];
  return [
    head,
    ...way,
    ...one.reasons.map((reason): SummaryLine => [{ text: ' '.repeat(13) }, { text: reason }]),
  ];
}

/** Where the time went, on the way from the effect to a person. */
function delays(stretches: readonly Delay[], speed: number): SummaryLine {
  const told = stretches.map(
    ({ name, ms, share }) => `${name} ${humanDuration(ms * speed)} ${Math.round(share * 100)} %`,
  );
  return [{ text: ' '.repeat(13) }, { text: told.join(', '), tone: 'dim' }];
}

/** What each stretch is governed by, once for all expectations. */
function settings(expectations: readonly JudgedExpectation[]): SummaryLine[] {
  const seen = new Set(expectations.flatMap(({ delays }) => delays.map(({ name }) => name)));
  if (seen.size === 0) return [];
  const lines = SETTINGS.filter(({ name }) => seen.has(name)).map(
    ({ name, setting }): SummaryLine => [{ text: `  ${name.padEnd(17)} ${setting}`, tone: 'dim' }],
  );
  return [[], [{ text: 'What governs each delay:', tone: 'dim' }], ...lines];
}

function controlLine(record: RunRecord): SummaryLine {
  const holds = controlHolds(record);
  return [
    { text: `This was a control (${record.control}): ` },
    holds
      ? { text: 'nothing was detected, as it should be.', tone: 'good' }
      : { text: 'something was detected that had no cause.', tone: 'bad' },
  ];
}

/** `1m6s (6.6s)`: lab time, and wall time where it differs and is asked for. */
function sinceEffect(from: string | null, to: string | null, speed: number, wallToo = true): string {
  if (!from || !to) return '?';
  const wall = Date.parse(to) - Date.parse(from);
  const lab = humanDuration(wall * speed);
  return wallToo && speed !== 1 ? `${lab} (${humanDuration(wall)})` : lab;
}

/** Labels that tell one alert from its siblings. */
function pick({ job, instance, endpoint }: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ job, instance, endpoint }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  );
}
