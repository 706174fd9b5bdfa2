import type { RunRecord } from '../record.ts';
import { type Html, html, jsonInside } from './markup.ts';
import type { Span } from './span.ts';

/** More points than this are not seen on a screen, and make the file large: seconds are put together. */
const MOST_POINTS = 1200;

/** What the page's program draws: columns, the first of which is lab seconds from the end of the baseline. */
interface Chart {
  title: string;
  unit: string;
  series: { label: string; tone: string }[];
  columns: (number | null)[][];
  /** Stretches in which a fault was in effect, in the same seconds. */
  faults: [from: number, to: number][];
}

/** A chart of what was sent and what came of it, and one of how long it took, for each load. */
export function charts(record: RunRecord, span: Span): Html {
  return html`${record.load.map((load) => {
    const [rates, latencies] = chartsOf(load, record, span);
    return html`<figure><figcaption>Load <b>${load.name}</b>, ${load.model} model: requests a second</figcaption>${drawing(rates)}</figure>
      <figure><figcaption>Load <b>${load.name}</b>: latency, milliseconds${load.model === 'closed' ? ' (a closed model does not see what it did not ask: coordinated omission)' : ''}</figcaption>${drawing(latencies)}</figure>`;
  })}`;
}

function drawing(chart: Chart): Html {
  return html`<div class="chart" role="img" aria-label="${chart.title}; the numbers are in the table below"><script type="application/json">${jsonInside(chart)}</script></div>`;
}

type Load = RunRecord['load'][number];

function chartsOf(load: Load, record: RunRecord, { zeroMs, speed }: Span): [Chart, Chart] {
  const began = Date.parse(load.startedAt);
  const lab = (ms: number) => ((ms - zeroMs) * speed) / 1000;
  const faults = record.steps.flatMap(({ kind, startedAt, goneAt }): [number, number][] =>
    kind === 'fault' && startedAt !== null
      ? [[lab(Date.parse(startedAt)), lab(Date.parse(goneAt ?? record.endedAt))]]
      : [],
  );
  const last = load.seconds.at(-1)?.second ?? 0;
  const size = Math.max(1, Math.ceil((last + 1) / MOST_POINTS));
  const points = together(load.seconds, size, last);
  const x = points.map((_, i) => lab(began + (i + 0.5) * size * 1000));
  const rate = (of: (point: Point) => number) => points.map((one) => Math.round((of(one) / size) * 10) / 10);
  const latency = (of: (point: Point) => number) => points.map((one) => (one.completed > 0 ? of(one) : null));
  return [
    {
      title: `Requests a second of ${load.name}`,
      unit: '/s',
      series: [
        { label: 'sent', tone: 'sent' },
        { label: 'answered', tone: 'good' },
        { label: '5xx', tone: 'bad' },
        { label: 'unanswered', tone: 'doubtful' },
        ...(load.dropped > 0 ? [{ label: 'dropped', tone: 'dim' }] : []),
      ],
      columns: [
        x,
        rate(({ sent }) => sent),
        rate(({ completed }) => completed),
        rate(({ failed }) => failed),
        rate(({ errors }) => errors),
        ...(load.dropped > 0 ? [rate(({ dropped }) => dropped)] : []),
      ],
      faults,
    },
    {
      title: `Latency of ${load.name}`,
      unit: 'ms',
      series: [
        { label: 'p50', tone: 'good' },
        { label: 'p95', tone: 'doubtful' },
        { label: 'p99', tone: 'bad' },
      ],
      columns: [x, latency(({ p50 }) => p50), latency(({ p95 }) => p95), latency(({ p99 }) => p99)],
      faults,
    },
  ];
}

type Point = Record<'sent' | 'completed' | 'failed' | 'errors' | 'dropped' | 'p50' | 'p95' | 'p99', number>;

/** Seconds in groups; a second in which nothing was counted is nought. Of percentiles the highest of a group is shown. */
function together(seconds: Load['seconds'], size: number, last: number): Point[] {
  const points = Array.from(
    { length: Math.ceil((last + 1) / size) },
    (): Point => ({
      sent: 0,
      completed: 0,
      failed: 0,
      errors: 0,
      dropped: 0,
      p50: 0,
      p95: 0,
      p99: 0,
    }),
  );
  for (const { second, latencyMs, ...counts } of seconds) {
    const point = points[Math.floor(second / size)]!;
    for (const key of ['sent', 'completed', 'failed', 'errors', 'dropped'] as const)
      point[key] += counts[key];
    for (const key of ['p50', 'p95', 'p99'] as const) point[key] = Math.max(point[key], latencyMs[key]);
  }
  return points;
}
