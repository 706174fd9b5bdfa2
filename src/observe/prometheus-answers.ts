import * as z from 'zod';

// The shapes of what Prometheus' HTTP API answers, as far as they are read.

export const labels = z.record(z.string(), z.string());
export const answer = <T extends z.ZodType>(data: T) => z.object({ status: z.literal('success'), data });
const sample = z.tuple([z.number(), z.string()]);

const alertRule = z.object({
  type: z.literal('alerting'),
  name: z.string(),
  query: z.string(),
  duration: z.number(),
  keepFiringFor: z.number().default(0),
  labels: labels.default({}),
  annotations: labels.default({}),
});
const recordingRule = z.object({
  type: z.literal('recording'),
  name: z.string(),
  query: z.string(),
  labels: labels.default({}),
});
export const rulesAnswer = answer(
  z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        interval: z.number(),
        lastEvaluation: z.string(),
        rules: z.array(z.discriminatedUnion('type', [alertRule, recordingRule])),
      }),
    ),
  }),
);
export const healthAnswer = answer(
  z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            health: z.string().default('unknown'),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
);
export const numberedAlerts = answer(z.object({ alerts: z.array(z.number()) })).transform(
  ({ data }) => data.alerts,
);
export const alert = z
  .object({ labels, state: z.enum(['pending', 'firing', 'inactive']), activeAt: z.string() })
  .transform((one) => ({ ...one, activeAt: Date.parse(one.activeAt) }));
export const targetsAnswer = answer(
  z.object({
    activeTargets: z.array(
      z.object({
        labels,
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        health: z.enum(['up', 'down', 'unknown']),
        lastError: z.string(),
        lastScrape: z.string(),
        scrapeInterval: z.string().optional(),
      }),
    ),
  }),
);
export const matrixAnswer = answer(
  z.object({ result: z.array(z.object({ metric: labels, values: z.array(sample) })) }),
);
export const scalarAnswer = answer(z.object({ result: sample }));
export const vectorAnswer = answer(
  z.object({ result: z.array(z.object({ metric: labels, value: sample })) }),
);
