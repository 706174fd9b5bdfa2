import * as z from 'zod';
import { parseDuration } from '../core/duration.ts';
import { FAULTS } from '../faults/index.ts';

/** Bounds that keep a load on one machine, and a typing mistake from lasting for days. */
export const MOST_CONNECTIONS = 1000;
const MOST_PER_SECOND = 10_000;
/** Of steps, stages, expectations and tolerations. */
export const MOST_ENTRIES = 200;
export const LONGEST_MS = 24 * 3_600_000;

/** A text that must be there. */
export const text = (description: string) => z.string().min(1).max(1000).meta({ description });

const EXAMPLE = 'write it like 30s, 5m or 1m30s';
const anyDuration = z
  .string({ error: `is no duration; ${EXAMPLE}` })
  .refine((given) => parseDuration(given) !== undefined, `is no duration; ${EXAMPLE}`)
  .refine((given) => (parseDuration(given) ?? 0) <= LONGEST_MS, 'is longer than a day');
/** Lab time, which may be none. */
export const duration = (description: string) => anyDuration.meta({ description });
/** Lab time, and not none. */
export const positive = (description: string) =>
  anyDuration.refine((given) => parseDuration(given) !== 0, 'must be longer than 0s').meta({ description });

/** What names something of ours. */
export const word = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and dashes');
const labels = z
  .record(z.string(), z.string())
  .meta({ description: 'labels the alert must carry; others are free' });
const alert = text('name of the rule, e.g. InstanceDown');
const connections = z
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(MOST_CONNECTIONS, `must be at most ${MOST_CONNECTIONS}`);

const request = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('GET').meta({ description: 'the HTTP method' }),
    url: text('a path (through nginx), a service of the lab (http://api:5000/…), or a loopback URL'),
    body: z.json('must be a plain value, as JSON has them').optional().meta({ description: 'sent as JSON' }),
  })
  .meta({ description: 'one request' });

const asked = {
  url: text('the one URL to GET; or use requests').optional(),
  requests: z
    .array(request)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'asked in turn by every connection' }),
};

const stage = z.union(
  [
    z
      .strictObject({
        to: z
          .int('must be a whole number')
          .min(0, 'must be at least 0')
          .max(MOST_PER_SECOND, `must be at most ${MOST_PER_SECOND}`)
          .meta({
            description: 'connections at its end; in the open model, requests per second of wall time',
          }),
        over: duration('how long it takes; 0s is a jump'),
      })
      .meta({ description: 'a ramp to a number of connections, or to a rate' }),
    z
      .strictObject({ hold: positive('how long the last number of connections, or rate, stays') })
      .meta({ description: 'a stretch at the last number of connections, or rate' }),
  ],
  { error: 'must be { to: <connections>, over: <duration> } or { hold: <duration> }' },
);

const load = z
  .strictObject({
    ...asked,
    model: z.enum(['closed', 'open']).default('closed').meta({
      description:
        'closed: each connection waits for its answer before it asks again; open: requests are sent when they are due',
    }),
    arrivals: z
      .enum(['constant', 'poisson'])
      .optional()
      .meta({ description: 'open model: evenly spaced (the default), or at random as from many customers' }),
    max_in_flight: z
      .int('must be a whole number')
      .min(1)
      .max(MOST_CONNECTIONS)
      .optional()
      .meta({
        description: `open model: requests without an answer beyond which more are dropped; ${MOST_CONNECTIONS} by default`,
      }),
    stages: z
      .array(stage)
      .min(1, 'needs at least one stage')
      .max(MOST_ENTRIES)
      .meta({ description: 'ramps and holds, one after the other' }),
  })
  .meta({ description: 'load that comes and goes' });

/** What every fault has beside its own fields. */
const faultFor = { for: positive('how long it stays before it is undone') };

const fault = z
  .discriminatedUnion(
    'type',
    FAULTS.map(({ type, summary, fields }) =>
      (fields as unknown as z.ZodObject)
        .extend({ type: z.literal(type).meta({ description: summary }), ...faultFor })
        .strict(),
    ) as unknown as [z.ZodObject, ...z.ZodObject[]],
  )
  .meta({ description: 'something that is broken, and mended again' });

// That a step has exactly one of the two is checked in check.ts: zod would tell it only once all else is right.
const step = z.strictObject({
  id: word
    .optional()
    .meta({ description: 'what because: refers to; by default the type of the fault, or load' }),
  at: duration('counted from the end of the baseline').default('0s'),
  load: load.optional(),
  fault: fault.optional(),
});

const expectation = z.strictObject({
  alert,
  labels: labels.default({}),
  because: word
    .optional()
    .meta({ description: 'the id of the step that should raise it; needed where there are several' }),
  within: positive(
    'lab time from the effect until the condition holds; replaces the computed one',
  ).optional(),
  weight: z
    .number()
    .positive('must be above 0')
    .max(100)
    .default(1)
    .meta({ description: 'how much it counts, beside the others' }),
  resolves: z
    .boolean()
    .default(true)
    .meta({ description: 'whether it must be gone again once its cause is' }),
});

/** Load that is there all the time. */
export const traffic = z.strictObject({
  ...asked,
  connections: connections.min(1, 'must be at least 1').meta({ description: 'how many are kept busy' }),
});

/** Alerts neither wanted nor held against anybody. */
export const tolerated = z.array(z.strictObject({ alert, labels: labels.default({}) })).max(MOST_ENTRIES);

/** A scenario file, as it is written. Docs: docs/scenarios.md; exported as docs/scenario.schema.json. */
export const scenarioSchema = z
  .strictObject({
    name: word.meta({ description: 'the word behind chaos run; the same as the file name' }),
    title: z.string().min(1).max(120).meta({ description: 'one line for people' }),
    about: z.string().default('').meta({ description: 'what happens, and why these alerts' }),
    traffic: traffic.optional().meta({ description: 'background load during the whole run' }),
    baseline: duration('how long nothing may be pending or firing before the first step').default('1m'),
    timeline: z
      .array(step)
      .max(MOST_ENTRIES)
      .default([])
      .meta({ description: 'what is done to the lab, and when' }),
    expect: z
      .array(expectation)
      .max(MOST_ENTRIES)
      .default([])
      .meta({ description: 'alerts that should fire; where there is none, watch: is needed' }),
    tolerate: tolerated.default([]).meta({
      description: 'alerts neither wanted nor held against the run; say why in a comment',
    }),
    watch: positive('how long to go on watching at least after the last step').optional(),
    stop_when: z
      .union([z.string(), z.array(z.string()).max(MOST_ENTRIES)], {
        error: 'must be PromQL, or a list of it',
      })
      .default([])
      .meta({ description: 'PromQL; a true answer undoes everything and ends the run with exit 5' }),
    time_limit: positive(
      'lab time after which everything is undone and the run ends with exit 5; by default an hour more than twice what it takes',
    ).optional(),
    pass: z
      .number()
      .min(0, 'must be from 0 to 100')
      .max(100, 'must be from 0 to 100')
      .default(70)
      .meta({ description: 'the score from which a run without a missed alert passes' }),
  })
  .meta({ title: 'chaos scenario' });

export type ScenarioFile = z.output<typeof scenarioSchema>;
