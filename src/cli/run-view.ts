import type { Due, LoadNow, Phase, RunEvent, SeenAlert } from '../core/events.ts';

/** One expected alert, as the view follows it. */
export interface AlertLine {
  alert: string;
  labels: Record<string, string>;
  state: 'waiting' | 'pending' | 'firing' | 'gone';
  /** Milliseconds since the Unix epoch, as far as they are known. */
  firedAt: number | undefined;
  due: Due | undefined;
}

/** Everything the screen shows; made of run events and nothing else. */
export interface RunView {
  startedAt: number;
  phase: Phase;
  phaseSince: number;
  phaseUntil: number | undefined;
  steps: { id: string; state: 'requested' | 'effective' | 'ended' | 'failed'; detail: string; at: number }[];
  alerts: AlertLine[];
  /** Pending or firing, though nobody expects them. */
  others: SeenAlert[];
  loads: ({ name: string } & LoadNow)[];
  note: string | undefined;
}

/** The view before the first event. */
export function emptyView(
  expect: readonly { alert: string; labels: Record<string, string> }[],
  now: number,
): RunView {
  return {
    startedAt: now,
    phase: 'preflight',
    phaseSince: now,
    phaseUntil: undefined,
    steps: [],
    alerts: expect.map(({ alert, labels }) => ({
      alert,
      labels,
      state: 'waiting',
      firedAt: undefined,
      due: undefined,
    })),
    others: [],
    loads: [],
    note: undefined,
  };
}

/** The next view after an event; the one before is left as it is. */
export function advance(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case 'phase': {
      const { phase, at: phaseSince, until: phaseUntil } = event;
      // What fired before the first step did so for another reason.
      const alerts =
        phase === 'timeline'
          ? view.alerts.map((line): AlertLine => ({ ...line, state: 'waiting', firedAt: undefined }))
          : view.alerts;
      return { ...view, phase, phaseSince, phaseUntil, alerts, note: undefined };
    }
    case 'note':
      return { ...view, note: event.text };
    case 'step': {
      const others = view.steps.filter(({ id }) => id !== event.id);
      return {
        ...view,
        steps: [...others, { id: event.id, state: event.state, detail: event.detail, at: event.at }],
      };
    }
    case 'due':
      return {
        ...view,
        alerts: view.alerts.map((line, index) =>
          index === event.due.index ? { ...line, due: event.due } : line,
        ),
      };
    case 'load': {
      const { type: _type, at: _at, ...load } = event;
      return { ...view, loads: [...view.loads.filter(({ name }) => name !== load.name), load] };
    }
    case 'alerts': {
      const known = new Set<SeenAlert>();
      const alerts = view.alerts.map((line) => {
        const mine = event.alerts.filter((alert) => isOf(line, alert));
        for (const alert of mine) known.add(alert);
        return follow(line, mine, event.at);
      });
      return { ...view, alerts, others: event.alerts.filter((alert) => !known.has(alert)) };
    }
  }
}

function isOf(line: AlertLine, { labels }: SeenAlert): boolean {
  return (
    labels.alertname === line.alert &&
    Object.entries(line.labels).every(([name, value]) => labels[name] === value)
  );
}

function follow(line: AlertLine, seen: readonly SeenAlert[], at: number): AlertLine {
  if (seen.some(({ state }) => state === 'firing'))
    return { ...line, state: 'firing', firedAt: line.firedAt ?? at };
  if (line.firedAt !== undefined) return { ...line, state: 'gone' };
  return { ...line, state: seen.length > 0 ? 'pending' : 'waiting' };
}
