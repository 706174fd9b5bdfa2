import * as z from 'zod';
import type { JudgedExpectation, Outcome } from '../verdict/verdict.ts';

export const word = z.string().max(1000);
export const text = z.string().max(100_000);
export const labels = z.record(word, text);
const amount = z.number().min(-1e15).max(1e15);
/** As we write times ourselves. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be a time like 2026-01-31T12:00:00.000Z')
  .refine((one) => Number.isFinite(Date.parse(one)), 'must be a time');
const MOMENTS = [
  'earliest',
  'deadline',
  'resolveDeadline',
  'effectAt',
  'firstBadSampleAt',
  'activeAt',
  'firedAt',
  'receivedAt',
  'notifiedAt',
  'resolvedAt',
] as const satisfies (keyof JudgedExpectation)[];

const OUTCOMES = [
  'on-time',
  'late',
  'early',
  'missed',
  'unresolved',
  'inconclusive',
] as const satisfies Outcome[];

/** What a record says was concluded: shown and compared, and concluded anew by whoever grades it. */
export const verdictShape = {
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  because: text,
  score: z.number().min(0).max(100).nullable(),
  scoreParts: z.array(z.looseObject({ name: word, of: amount, points: amount, how: text })).max(100),
  expectations: z
    .array(
      z.looseObject({
        alert: word,
        labels,
        because: word,
        weight: amount,
        outcome: z.enum(OUTCOMES),
        reasons: z.array(text).max(1000),
        ...Object.fromEntries(MOMENTS.map((name) => [name, time.nullable()])),
        deadlineTerms: z.array(z.looseObject({ name: word, ms: amount, source: text })).max(100),
        delays: z.array(z.looseObject({ name: word, ms: amount, share: amount, setting: text })).max(100),
      }),
    )
    .max(1000),
  unexpected: z.array(z.looseObject({ alert: word, labels, firedAt: time })),
  forged: z.array(z.looseObject({ alert: word, labels, seenAt: time })),
  newSilences: z.array(
    z.looseObject({
      id: word,
      createdBy: word,
      matchers: z.array(z.looseObject({ name: word, value: text })),
    }),
  ),
};
