import { alertName, matches } from '../../core/labels.ts';
import type { JudgedExpectation } from '../../verdict/verdict.ts';
import type { RunRecord } from '../record.ts';
import { type Html, html } from './markup.ts';
import { labTime, percentAt, type Span, ticksOf } from './span.ts';

/** A stretch of a row, in milliseconds since the Unix epoch. */
export interface Bar {
  kind: 'baseline' | 'fault' | 'load' | 'ramp' | 'window' | 'pending' | 'firing' | 'team';
  from: number;
  to: number;
}

/** One line of a timeline. */
export interface Row {
  name: string;
  /** What kind of row, in one word. */
  what: string;
  bars: Bar[];
  /** The whole row in words, for those who do not see it. */
  said: string;
}

/** Faults, loads and each alert against its window, on one axis. Readable without a script and at any width. */
export function timeline(record: RunRecord, span: Span): Html {
  return drawTimeline(
    [...stepRows(record, span), ...expectedRows(record, span), ...unexpectedRows(record, span)],
    span,
  );
}

/** Rows of stretches on one axis. */
export function drawTimeline(rows: readonly Row[], span: Span): Html {
  const ticks = ticksOf(span);
  return html`<div class="timeline">
    <div class="axis" aria-hidden="true">${ticks.map(({ percent, label }) => html`<span style="left:${percent}%">${label}</span>`)}</div>
    ${rows.map(
      ({ name, what, bars, said }) => html`<div class="row">
      <div class="name"><span class="what">${what}</span> ${name}</div>
      <svg role="img" aria-label="${said}" height="22"><title>${said}</title>
        ${ticks.map(({ percent }) => html`<line x1="${percent}%" x2="${percent}%" y1="0" y2="22" class="tick"/>`)}
        ${bars.map((bar) => drawn(bar, span))}
        <line x1="${percentAt(span, span.zeroMs)}%" x2="${percentAt(span, span.zeroMs)}%" y1="0" y2="22" class="zero"/>
      </svg></div>`,
    )}
    <ul class="legend" aria-hidden="true">${LEGEND.filter(([kind]) => rows.some(({ bars }) => bars.some((bar) => bar.kind === kind))).map(([kind, label]) => html`<li><svg width="22" height="12"><rect class="bar ${kind}" width="22" height="12" y="0"/></svg>${label}</li>`)}</ul>
  </div>`;
}

const LEGEND: [Bar['kind'], string][] = [
  ['baseline', 'baseline'],
  ['fault', 'fault in effect'],
  ['ramp', 'load ramping'],
  ['load', 'load at its peak'],
  ['window', 'must fire in here'],
  ['pending', 'pending'],
  ['firing', 'firing'],
  ['team', 'declared by the team'],
];

function drawn({ kind, from, to }: Bar, span: Span): Html {
  const x = percentAt(span, from);
  // What is too short to see is still there.
  const width = Math.max(0.3, percentAt(span, to) - x);
  const [y, height] = kind === 'window' ? [1, 20] : [5, 12];
  return html`<rect class="bar ${kind}" x="${x}%" width="${Math.round(width * 1000) / 1000}%" y="${y}" height="${height}"/>`;
}

function stepRows(record: RunRecord, span: Span): Row[] {
  const time = (ms: number) => labTime(span, ms);
  const baseline: Row = {
    name: 'nothing may be wrong',
    what: 'baseline',
    bars: [{ kind: 'baseline', from: span.fromMs, to: span.zeroMs }],
    said: `baseline until ${time(span.zeroMs)}`,
  };
  const faults = new Map(record.faults.map((fault) => [fault.id, fault]));
  const steps = record.steps.map(({ id, kind, startedAt, fullAt, goneAt, error }): Row => {
    const fault = faults.get(id);
    const name = fault ? `${id}: ${fault.type} ${fault.target}` : id;
    if (startedAt === null)
      return { name, what: kind, bars: [], said: `${name}: no effect was seen. ${error ?? ''}` };
    const start = Date.parse(startedAt);
    const full = fullAt === null ? start : Date.parse(fullAt);
    const end = goneAt === null ? span.toMs : Date.parse(goneAt);
    const whole: Bar[] =
      kind === 'fault'
        ? [{ kind, from: start, to: end }]
        : [
            { kind: 'ramp', from: start, to: full },
            { kind, from: full, to: end },
          ];
    const until = goneAt === null ? 'to the end of the run' : `to ${time(end)}`;
    return { name, what: kind, bars: whole, said: `${name}: from ${time(start)} ${until}` };
  });
  return [baseline, ...steps];
}

function expectedRows(record: RunRecord, span: Span): Row[] {
  return record.expectations.map((one): Row => {
    const name = alertName(one.alert, one.labels);
    const window = windowOf(one);
    const stays = staysOf(record, one, span);
    const time = (ms: number) => labTime(span, ms);
    const said = [
      `${name}: ${one.outcome}`,
      window ? `had to fire from ${time(window.from)} to ${time(window.to)}` : 'no window is known',
      ...stays.map(({ kind, from, to }) => `${kind} from ${time(from)} to ${time(to)}`),
    ];
    return { name, what: one.outcome, bars: [...(window ? [window] : []), ...stays], said: said.join('; ') };
  });
}

function windowOf({ earliest, deadline }: JudgedExpectation): Bar | undefined {
  if (earliest === null || deadline === null) return undefined;
  return { kind: 'window', from: Date.parse(earliest), to: Date.parse(deadline) };
}

/** What history knows of an alert: each stay, pending and then firing. */
function staysOf(
  { history }: RunRecord,
  { alert, labels }: Pick<JudgedExpectation, 'alert' | 'labels'>,
  span: Span,
): Bar[] {
  return (history ?? [])
    .filter((stay) => stay.alert === alert && matches(stay.labels, labels))
    .flatMap(({ activeAt, firedAt, resolvedAt }): Bar[] => {
      const begin = Date.parse(activeAt);
      const end = resolvedAt === undefined ? span.toMs : Date.parse(resolvedAt);
      if (firedAt === undefined) return [{ kind: 'pending', from: begin, to: end }];
      const fired = Date.parse(firedAt);
      return [
        { kind: 'pending', from: begin, to: fired },
        { kind: 'firing', from: fired, to: end },
      ];
    });
}

function unexpectedRows(record: RunRecord, span: Span): Row[] {
  const once = new Map(record.unexpected.map((one) => [alertName(one.alert, one.labels), one]));
  return [...once].map(([name, one]) => {
    const bars = staysOf(record, one, span);
    const times = bars.map(({ kind, from }) => `${kind} from ${labTime(span, from)}`);
    return { name, what: 'unexpected', bars, said: `${name}: nobody asked for it; ${times.join(', ')}` };
  });
}
