import type { Clock } from '../../core/clock.ts';
import { ChaosError, messageOf } from '../../core/errors.ts';
import { baseUrl, type Lab } from '../../core/lab.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Project } from '../../docker/projects.ts';
import { readyLoad } from '../../load/ready.ts';
import { Alertmanager } from '../../observe/alertmanager.ts';
import { statusOf, Unreachable } from '../../observe/http.ts';
import { Prometheus } from '../../observe/prometheus.ts';
import { survey } from '../../observe/survey.ts';
import { SETTLE_LAB_MS } from '../../plan/remembered.ts';
import { wireLoad } from '../../run/wire.ts';
import type { Submission } from '../submission.ts';
import { type Carrying, carryOut } from './carry-out.ts';
import { USUAL } from './incidents.ts';
import { BUSY, metricsAsked, questions, useOver } from './look.ts';
import { type Look, postedBetween } from './posted.ts';
import { heldAgainst } from './resting.ts';
import type { Answer, SeenAlertmanager, SeenPrometheus, Sighting } from './sighting.ts';

/** A stack to be looked at, and all that is needed to do so. */
export interface Looked extends Omit<Carrying, 'lab'> {
  lab: Lab;
  project: Project | undefined;
  engine: Engine;
  clock: Clock;
  signal: AbortSignal;
}

const PAGES = ['/health', '/api/products'];

/** Before it is asked, a stack has had its usual traffic for a minute of its own time, but no shorter than this; wall. */
const REST_LAB_MS = 60_000;
const REST_LEAST_MS = 10_000;
/** What has no answer by then is asked again for so long, in wall milliseconds, and for a few scrapes. */
const AGAIN_MS = 10_000;
const AGAIN_SCRAPES = 4;
const PAUSE_MS = 1000;
/** Over so many scrapes it is seen how busy the machine is. */
const BUSY_SCRAPES = 8;

/**
 * Looks at a stack that runs: at rest, with its usual traffic, and in the lab's incidents, each taken back. What the stack
 * does not answer is data.
 * @throws ChaosError `interrupted`, or `not-ready` where something could not be taken back
 */
export async function see(submission: Submission, looked: Looked): Promise<Sighting> {
  const { lab, project, signal, say } = looked;
  const sighting: Sighting = {
    project: project?.name,
    speed: lab.speed,
    containers: project?.containers ?? [],
    pages: [],
    prometheus: 'it was not asked',
    alertmanager: 'it was not asked',
    incidents: [],
  };
  const prometheus = new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT'));
  const alertmanager = new Alertmanager(baseUrl(lab, 'ALERTMANAGER_PORT'));
  const asked = await heard(prometheus.settings());
  if ('silent' in asked) return { ...sighting, prometheus: asked.silent, alertmanager: asked.silent };

  const first = await heard(lookAt(prometheus, alertmanager, looked.clock));
  say('looking at it at rest, with its usual traffic');
  const load = await readyLoad(wireLoad('traffic', USUAL, lab, lab.speed), looked.clock);
  const running = load.start();
  try {
    const { scrapeMs } = asked.answer;
    await looked.clock.sleep(Math.max(REST_LEAST_MS, REST_LAB_MS / lab.speed, 4 * scrapeMs), signal);
    sighting.pages = await Promise.all(
      PAGES.map(async (path) => ({ path, answer: await statusAt(baseUrl(lab, 'NGINX_PORT') + path) })),
    );
    const seen = await heard(atRest(prometheus, submission, scrapeMs, looked));
    sighting.prometheus = 'silent' in seen ? seen.silent : seen.answer;
  } finally {
    await running.stop();
  }
  const before = await heard(Promise.all([alertmanager.deliveries(), alertmanager.silences()]));
  if (typeof sighting.prometheus !== 'string')
    sighting.incidents = await carryOut(submission, sighting.prometheus, asked.answer, looked);
  const after = await heard(Promise.all([alertmanager.deliveries(), alertmanager.silences()]));
  const last = await heard(lookAt(prometheus, alertmanager, looked.clock));
  const forged =
    'silent' in first || 'silent' in last ? [] : postedBetween(first.answer, last.answer, lab.speed);
  sighting.alertmanager =
    'silent' in before
      ? before.silent
      : 'silent' in after
        ? after.silent
        : { ...managed(alertmanager.url, before.answer, after.answer), forged };
  return sighting;
}

async function lookAt(prometheus: Prometheus, alertmanager: Alertmanager, clock: Clock): Promise<Look> {
  const [managed, live] = await Promise.all([alertmanager.alerts(), prometheus.alerts()]);
  return { at: clock.now(), managed, live };
}

type Asked<T> = { answer: T } | { silent: string };

/** What a server of the stack answered, or why it did not. */
async function heard<T>(asked: Promise<T>): Promise<Asked<T>> {
  try {
    return { answer: await asked };
  } catch (error) {
    if (error instanceof Unreachable) return { silent: error.message };
    throw error;
  }
}

async function statusAt(url: string): Promise<number | string> {
  try {
    return await statusOf({ url, timeout: 5000 });
  } catch (error) {
    return messageOf(error);
  }
}

async function atRest(
  prometheus: Prometheus,
  submission: Submission,
  scrapeMs: number,
  looked: Looked,
): Promise<SeenPrometheus> {
  const { clock, signal } = looked;
  const rules = await prometheus.rules();
  const running = { ...submission, rules: { ...submission.rules, ...rules } };
  const resting = await restingOf(prometheus, running, looked);
  const use = await answerTo(prometheus, useOver(BUSY_SCRAPES * scrapeMs));
  const [targets, failing] = await Promise.all([prometheus.targets(), prometheus.failing()]);
  const answers = new Map<string, Answer>();
  const until = clock.now() + AGAIN_MS + AGAIN_SCRAPES * scrapeMs;
  for (let open = questions(running); open.length > 0; ) {
    // One after the other: the machine has the stack to carry as well.
    for (const expr of open) answers.set(expr, await answerTo(prometheus, expr));
    open = open.filter((expr) => isEmpty(answers.get(expr)));
    if (clock.now() > until) break;
    if (open.length > 0) await clock.sleep(PAUSE_MS, signal);
  }
  return {
    url: prometheus.url,
    targets: targets.map(({ labels, health, lastError }) => ({
      job: labels.job ?? '',
      instance: labels.instance ?? '',
      up: health === 'up',
      why: lastError || 'not scraped yet',
    })),
    rules,
    failing,
    series: await survey(prometheus, [], metricsAsked(running)),
    answers,
    resting,
    busy: 'values' in use && use.values.some((one) => one > BUSY),
  };
}

/** What fires with nothing broken, once what an earlier incident left behind has had its time to go. */
async function restingOf(
  prometheus: Prometheus,
  running: Submission,
  { clock, signal, lab, say }: Looked,
): Promise<SeenPrometheus['resting']> {
  const until = clock.now() + SETTLE_LAB_MS / lab.speed;
  let told = '';
  for (;;) {
    const firing = (await prometheus.alerts()).flatMap(({ state, labels: { alertname = '', ...labels } }) =>
      state === 'firing' ? [{ alert: alertname, labels }] : [],
    );
    const held = heldAgainst(
      firing.map(({ alert }) => alert),
      running,
      lab.speed,
    ).filter(({ always }) => !always);
    if (held.length === 0 || clock.now() > until) return firing;
    const names = held
      .map(({ rule }) => rule.name)
      .sort()
      .join(', ');
    if (names !== told) say(`waiting for quiet: ${names}`);
    told = names;
    await clock.sleep(PAUSE_MS, signal);
  }
}

function isEmpty(answer: Answer | undefined): boolean {
  return !answer || 'refused' in answer || answer.values.every(Number.isNaN);
}

async function answerTo(prometheus: Prometheus, expr: string): Promise<Answer> {
  try {
    return { values: (await prometheus.instant(expr)).map(({ value: [, value] }) => Number(value)) };
  } catch (error) {
    // It answers, but not this: a query that it cannot read, or cannot evaluate.
    if (error instanceof Unreachable && error.status !== undefined) return { refused: error.message };
    if (error instanceof Unreachable) throw error;
    throw error instanceof ChaosError
      ? error
      : new ChaosError('not-ready', messageOf(error), { cause: error });
  }
}

type Deliveries = readonly [{ sent: number; failed: number }, SeenAlertmanager['silences']];

function managed(
  url: string,
  [first, silences]: Deliveries,
  [last, later]: Deliveries,
): Omit<SeenAlertmanager, 'forged'> {
  const known = new Set(silences.map(({ id }) => id));
  return {
    url,
    silences: [...silences, ...later.filter(({ id }) => !known.has(id))],
    sent: last.sent - first.sent,
    failed: last.failed - first.failed,
  };
}
