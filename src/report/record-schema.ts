import * as z from 'zod';
import { tangled, unreadable } from '../rules/bounds.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import { SCHEMA_VERSION } from '../run/record.ts';
import { SAMPLES_FILE } from './samples.ts';
import { labels, text, time, verdictShape, word } from './verdict-schema.ts';

/**
 * What must be true of a record's text, so that nothing that reads it fails on it: every key that is read, of the type
 * and within the bounds that a run can have. Keys of a later version are let through. Nobody's hash chain is trusted
 * for this, as anyone can make one.
 */

const DAY_MS = 86_400_000;
const LONGEST_RUN_MS = 7 * DAY_MS;
/** A century: whatever durations add up to, from a time in a record that is a date. */
const LONGEST_MS = 100 * 365 * DAY_MS;
/** Nobody evaluates or scrapes more often; each evaluation of a run may be computed again. */
const SHORTEST_MS = 10;

const ms = z.number().min(0).max(LONGEST_MS);
const every = z.number().min(SHORTEST_MS).max(LONGEST_MS);
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** As a server wrote them. */
const served = z.iso.datetime({ offset: true, error: 'must be a time' });

const rule = {
  expr: z.string().superRefine((expr, context) => {
    const message = unreadable(expr);
    if (message) context.addIssue({ code: 'custom', message });
  }),
  group: word,
  intervalMs: every.optional(),
  file: word.optional(),
};
const rules = z
  .looseObject({
    alerts: z
      .array(
        z.looseObject({ ...rule, name: word, forMs: ms, keepFiringForMs: ms, labels, annotations: labels }),
      )
      .max(10_000),
    recordings: z.array(z.looseObject({ ...rule, record: word, labels: labels.optional() })).max(10_000),
  })
  .superRefine(({ alerts, recordings }, context) => {
    const whole = [...alerts, ...recordings] as (AlertRule | RecordingRule)[];
    for (const one of tangled(alerts as AlertRule[], recordings as RecordingRule[]).slice(0, 1)) {
      const at = whole.indexOf(one);
      const path = at < alerts.length ? ['alerts', at] : ['recordings', at - alerts.length];
      context.addIssue({ code: 'custom', path, message: 'reads too many recording rules' });
    }
  });

const step = z.looseObject({
  id: word,
  kind: z.enum(['fault', 'load']),
  requestedAt: time,
  startedAt: time.nullable(),
  fullAt: time.nullable(),
  goneAt: time.nullable(),
  error: text.nullable(),
});
const fault = z.looseObject({
  id: word,
  type: word,
  target: word,
  effectiveAt: time.nullable(),
  undoneAt: time.nullable(),
  restored: z.boolean(),
});
const latency = z.looseObject({ p50: count, p95: count, p99: count, max: count });
const second = z.looseObject({
  second: z
    .int()
    .min(0)
    .max(LONGEST_RUN_MS / 1000),
  sent: count,
  completed: count,
  failed: count,
  errors: count,
  dropped: count,
  latencyMs: latency,
});
const load = z.looseObject({
  name: word,
  model: z.enum(['closed', 'open']),
  startedAt: time,
  endedAt: time,
  intended: count,
  delivered: count,
  sent: count,
  completed: count,
  statuses: z.record(word, count),
  errors: z.record(word, count),
  dropped: count,
  achievedRate: count,
  latencyMs: latency,
  seconds: z.array(second).max(LONGEST_RUN_MS / 1000),
  generator: z.looseObject({ cores: count, lagMs: z.looseObject({ max: count }) }),
  generators: z
    .array(
      z.looseObject({ slot: count, node: word, sent: count, roundTripMs: count, error: text.nullable() }),
    )
    .max(1000)
    .optional(),
  error: text.nullable(),
});
const stretch = z.looseObject({ from: time, to: time });
const episode = z.looseObject({
  alert: word,
  labels,
  activeAt: time,
  firedAt: time.optional(),
  resolvedAt: time.optional(),
});

const transition = z.looseObject({
  at: time,
  witness: z.enum(['prometheus', 'alertmanager']),
  alert: word,
  labels,
  state: z.enum(['pending', 'firing', 'active', 'suppressed', 'gone']),
  startsAt: served.optional(),
  arrivedAt: served.optional(),
  suppressedBy: z.array(word).optional(),
  silenced: z.boolean().optional(),
});
const observations = z.looseObject({
  transitions: z.array(transition),
  notifications: z.array(
    z.looseObject({ labels, status: z.enum(['firing', 'resolved']), receivedAt: served, startsAt: served }),
  ),
  gaps: z.array(
    z.looseObject({
      witness: z.enum(['prometheus', 'alertmanager', 'inbox']),
      from: time,
      to: time,
      reason: text,
    }),
  ),
});

const beat = { at: z.number().min(-LONGEST_MS).max(LONGEST_MS), everyMs: every };
interface WrittenRoute {
  routes: WrittenRoute[];
}
const route: z.ZodType<WrittenRoute> = z.looseObject({
  receiver: word,
  groupBy: z.array(word),
  groupWaitMs: ms,
  groupIntervalMs: ms,
  matchers: z.array(z.looseObject({ label: word, op: z.enum(['=', '!=', '=~', '!~']), value: text })),
  goesOn: z.boolean(),
  get routes() {
    return z.array(route);
  },
}) as never;
const silence = z.looseObject({
  id: word,
  matchers: z.array(z.looseObject({ name: word, value: text, isRegex: z.boolean(), isEqual: z.boolean() })),
  startsAt: served,
  endsAt: served,
  createdBy: word,
});
const surroundings = z.looseObject({
  rulesHash: word.nullable(),
  phases: z
    .looseObject({
      targets: z.array(z.looseObject({ ...beat, job: word, instance: word })),
      groups: z.array(z.looseObject({ ...beat, name: word, file: word })),
    })
    .nullable(),
  silences: z.array(silence).nullable(),
  routing: z.looseObject({ route, reaching: z.array(word) }).nullable(),
  skewMs: z.looseObject({ prometheus: z.number().nullable(), alertmanager: z.number().nullable() }),
});

/** A run record, as it stands in run.json. */
export const recordSchema = z
  .looseObject({
    schemaVersion: z.literal(SCHEMA_VERSION),
    scenario: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be the name of a scenario'),
    title: word,
    lab: word,
    speed: z.number().min(0.01).max(1000),
    startedAt: time,
    zeroAt: time,
    endedAt: time,
    status: z.enum(['completed', 'stopped', 'interrupted']),
    statusReason: text.nullable(),
    control: z.enum(['no-fault', 'wrong-fault']).optional(),
    pass: z.number().min(0).max(100),
    expect: z
      .array(
        z.looseObject({
          alert: word,
          labels,
          because: word,
          withinMs: ms.optional(),
          weight: z.number().positive().max(100),
          resolves: z.boolean(),
        }),
      )
      .max(1000),
    tolerate: z.array(z.looseObject({ alert: word, labels })).max(1000),
    cadence: z.looseObject({ scrapeMs: every, scrapeTimeoutMs: every, evaluationMs: every }),
    rules,
    steps: z.array(step).max(1000),
    faults: z.array(fault).max(1000),
    load: z.array(load).max(1000),
    history: z.array(episode).nullable(),
    held: z.array(z.array(stretch).nullable()),
    absent: z.array(z.array(text).nullable()),
    observations,
    restarted: z.array(z.enum(['prometheus', 'alertmanager'])),
    surroundings: z.looseObject({ before: surroundings, after: surroundings }),
    inbox: z.boolean(),
    versions: z.looseObject({ chaos: word, node: word, prometheus: word, alertmanager: word }),
    replayed: z.looseObject({ rules: word, prometheus: word, limits: z.array(text) }).optional(),
    ...verdictShape,
    samples: z
      .looseObject({ file: z.literal(SAMPLES_FILE), sha256: word, series: count, points: count })
      .nullish(),
    chain: z
      .array(z.looseObject({ part: word, sha256: word }))
      .max(100)
      .optional(),
  })
  .superRefine(({ startedAt, zeroAt, endedAt }, context) => {
    const [started, zero, ended] = [startedAt, zeroAt, endedAt].map((one) => Date.parse(one));
    if (!(started! <= zero! && zero! <= ended! && ended! - started! <= LONGEST_RUN_MS))
      context.addIssue({
        code: 'custom',
        path: ['endedAt'],
        message: 'no run ends before it begins, or lasts so long',
      });
  });
