import { type Clock, systemClock } from '../src/core/clock.ts';
import { Alertmanager } from '../src/observe/alertmanager.ts';
import { orNull } from '../src/observe/http.ts';
import { type Observations, observe } from '../src/observe/observer.ts';
import { Prometheus } from '../src/observe/prometheus.ts';
import type { FromPoller } from './alerts.ts';

// Polls as a run does, in a process of its own, whose memory is then that of the polls and of nothing else.

const [alertmanagerUrl, prometheusUrl, polls, unexpected] = process.argv.slice(2) as string[];
const alertmanager = new Alertmanager(alertmanagerUrl!);
const prometheus = new Prometheus(prometheusUrl!);
const MB = 1024 * 1024;
const rss = () => Math.round(process.memoryUsage.rss() / MB);
const say = (message: FromPoller) => process.send?.(message);
/** As a lab at 10x is polled. */
const EVERY_MS = 375;

const before = rss();
const clientMs: number[] = [];
for (let poll = 0; poll < Number(polls); poll++) {
  const began = performance.now();
  // Without an answer in time it counts with the time it took, which is over any bound.
  await orNull(alertmanager.alerts());
  clientMs.push(performance.now() - began);
  await systemClock.sleep(EVERY_MS);
}

const observations: Observations = { transitions: [], notifications: [], gaps: [] };
const stop = new AbortController();
const observerMs: number[] = [];
let began = performance.now();
/** The observer sleeps between its polls, so that a poll is what lies between two sleeps. */
const clock: Clock = {
  now: () => systemClock.now(),
  async sleep(ms, signal) {
    observerMs.push(performance.now() - began);
    say({ polled: observerMs.length });
    if (observerMs.length >= Number(polls)) stop.abort();
    else await systemClock.sleep(ms, signal);
    began = performance.now();
  },
};
await observe(
  { prometheus, alertmanager, inbox: undefined },
  { everyMs: EVERY_MS, clock, signal: stop.signal },
  observations,
);

const transitions: Record<string, number> = {};
for (const { witness, state } of observations.transitions) {
  const kind = `${witness} ${state}`;
  transitions[kind] = (transitions[kind] ?? 0) + 1;
}
const result = {
  clientMs,
  observerMs,
  rssMb: { before, after: rss(), peak: Math.round(process.resourceUsage().maxRSS / 1024) },
  transitions,
  gaps: observations.gaps.length,
  unexpectedSeen: observations.transitions.some(
    ({ witness, alert }) => witness === 'alertmanager' && alert === unexpected,
  ),
};
process.send?.({ result } satisfies FromPoller, undefined, {}, () => process.exit());
