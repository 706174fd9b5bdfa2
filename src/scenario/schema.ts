import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { FAULTS } from '../faults/index.ts';

/** Bounds that keep a load on one machine, and a typing mistake from lasting for days. */
const MOST_CONNECTIONS = 1000;
const MOST_STEPS = 200;
const LONGEST_MS = 24 * 3_600_000;

const duration = z
  .string({ error: 'must be a duration such as 30s or 1m30s' })
  .refine((text) => parseDuration(text) !== undefined, 'is no duration; write it like 30s, 5m or 1m30s')
  .refine((text) => (parseDuration(text) ?? 0) <= LONGEST_MS, 'is longer than a day')
  .meta({ description: 'lab time, as Prometheus writes it: 500ms, 30s, 1m30s, 2h' });

const word = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and dashes');
const labels = z
  .record(z.string(), z.string({ error: 'must be text' }))
  .meta({ description: 'labels the alert must carry; others are free' });
const connections = z
  .int('must be a whole number')
  .min(0)
  .max(MOST_CONNECTIONS, `must be at most ${MOST_CONNECTIONS}`);

const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('GET'),
  url: z.string().meta({
    description: 'a path (through nginx), a service of the lab (http://api:5000/…), or a loopback URL',
  }),
  body: z.json().optional().meta({ description: 'sent as JSON' }),
});

const asked = {
  url: z.string().optional().meta({ description: 'the one URL to GET; or use requests' }),
  requests: z
    .array(request)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'asked in turn by every connection' }),
  model: z
    .literal('closed')
    .default('closed')
    .meta({ description: 'closed: each connection waits for its answer before it asks again' }),
};

const stage = z.union(
  [
    z
      .strictObject({ to: connections, over: duration })
      .meta({ description: 'a ramp to a number of connections' }),
    z.strictObject({ hold: duration }).meta({ description: 'a stretch at the last number of connections' }),
  ],
  { error: 'must be { to: <connections>, over: <duration> } or { hold: <duration> }' },
);

const load = z.strictObject({
  ...asked,
  stages: z.array(stage).min(1, 'needs at least one stage').max(MOST_STEPS),
});

/** What every fault has beside its own fields. */
const faultFor = { for: duration.meta({ description: 'how long it stays before it is undone' }) };

const fault = z.discriminatedUnion(
  'type',
  FAULTS.map(({ type, summary, fields }) =>
    (fields as unknown as z.ZodObject)
      .extend({ type: z.literal(type).meta({ description: summary }), ...faultFor })
      .strict(),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
);

const stepBase = {
  id: word
    .optional()
    .meta({ description: 'what because: refers to; by default the type of the fault, or load' }),
  at: duration.default('0s').meta({ description: 'counted from the end of the baseline' }),
};

// One object with both, so that a step with neither, or both, is told in one sentence and not as two failures.
const step = z
  .strictObject({ ...stepBase, load: load.optional(), fault: fault.optional() })
  .refine(
    (one) => (one.load === undefined) !== (one.fault === undefined),
    'a step has either load: or fault:',
  );

const expectation = z.strictObject({
  alert: z.string(),
  labels: labels.default({}),
  because: word
    .optional()
    .meta({ description: 'the id of the step that should raise it; needed where there are several' }),
  within: duration
    .optional()
    .meta({ description: 'lab time from the effect until the condition holds; replaces the computed one' }),
  weight: z.number().positive('must be above 0').max(100).default(1),
  resolves: z
    .boolean()
    .default(true)
    .meta({ description: 'whether it must be gone again once its cause is' }),
});

/** A scenario file, as it is written. Docs: docs/scenarios.md; exported as docs/scenario.schema.json. */
export const scenarioSchema = z
  .strictObject({
    name: word.meta({ description: 'the word behind chaos run; the same as the file name' }),
    title: z.string().min(1).max(120),
    about: z.string().default('').meta({ description: 'what happens, and why these alerts' }),
    traffic: z
      .strictObject({ ...asked, connections: connections.min(1) })
      .optional()
      .meta({ description: 'background load during the whole run' }),
    baseline: duration
      .default('1m')
      .meta({ description: 'how long nothing may be pending or firing before the first step' }),
    timeline: z.array(step).max(MOST_STEPS).default([]),
    expect: z.array(expectation).max(MOST_STEPS).default([]),
    tolerate: z
      .array(z.strictObject({ alert: z.string(), labels: labels.default({}) }))
      .max(MOST_STEPS)
      .default([])
      .meta({ description: 'alerts neither wanted nor held against the run; say why in a comment' }),
    watch: duration
      .optional()
      .meta({ description: 'how long to go on watching at least after the last step' }),
    stop_when: z
      .union([z.string(), z.array(z.string())])
      .default([])
      .meta({ description: 'PromQL; a true answer undoes everything and ends the run with exit 5' }),
    pass: z.number().min(0, 'must be from 0 to 100').max(100, 'must be from 0 to 100').default(70),
  })
  .meta({ title: 'chaos scenario' });

export type ScenarioFile = z.output<typeof scenarioSchema>;
