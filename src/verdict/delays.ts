import type { Delay, JudgedExpectation } from './verdict.ts';

type Times = Pick<
  JudgedExpectation,
  'firstBadSampleAt' | 'activeAt' | 'firedAt' | 'receivedAt' | 'notifiedAt' | 'resolvedAt'
>;

/** The way of an alert from its cause to a person: each stretch, and the setting that governs its length. */
const STRETCHES: { name: Delay['name']; until: keyof Times; setting: string }[] = [
  {
    name: 'first bad sample',
    until: 'firstBadSampleAt',
    setting: 'scrape_interval, and the window of the expression',
  },
  { name: 'pending', until: 'activeAt', setting: 'evaluation_interval' },
  { name: 'firing', until: 'firedAt', setting: 'for, rounded up to the evaluation interval' },
  { name: 'received', until: 'receivedAt', setting: 'none: the way to Alertmanager' },
  {
    name: 'notified',
    until: 'notifiedAt',
    setting: 'group_wait, or group_interval behind an earlier notification',
  },
];

/** What comes after the cause. */
const RECOVERY = 'evaluation_interval, the window of the expression, and keep_firing_for';

/**
 * How long each stretch took, in wall milliseconds, and its share of the whole. A moment that was not seen, or that
 * was seen before the one it follows, adds its stretch to the next. How long the cause lasted is nobody's delay: the
 * last stretch begins where the cause was taken away.
 * @param beganAt the first moment at which the cause could be felt, in milliseconds since the Unix epoch
 * @param goneAt when it was taken away
 */
export function delaysOf(times: Times, beganAt: number | null, goneAt: number | null): Delay[] {
  if (beganAt === null) return [];
  let last = beganAt;
  const stretches = STRETCHES.flatMap(({ name, until, setting }) => {
    const at = times[until] === null ? Number.NaN : Date.parse(times[until]);
    if (!(at >= last)) return [];
    const ms = at - last;
    last = at;
    return [{ name, ms, setting }];
  });
  const resolvedAt = times.resolvedAt === null ? Number.NaN : Date.parse(times.resolvedAt);
  if (goneAt !== null && resolvedAt >= goneAt)
    stretches.push({ name: 'resolved', ms: resolvedAt - goneAt, setting: RECOVERY });
  const whole = stretches.reduce((sum, { ms }) => sum + ms, 0);
  return stretches.map((stretch) => ({
    ...stretch,
    share: whole === 0 ? 0 : Math.round((stretch.ms / whole) * 1000) / 1000,
  }));
}

/** Every stretch there can be, in its order, with what governs it. */
export const SETTINGS: readonly Pick<Delay, 'name' | 'setting'>[] = [
  ...STRETCHES.map(({ name, setting }) => ({ name, setting })),
  { name: 'resolved', setting: RECOVERY },
];
