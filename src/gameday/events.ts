import * as z from 'zod';

/** Milliseconds since the Unix epoch. */
const at = z.number().min(0).max(8.64e15);
const entry = z.int().min(0).max(1000);
const labels = z.record(z.string(), z.string());
const some = z.string().max(2000);

const episode = z.object({
  alert: some,
  labels,
  activeAt: at,
  firedAt: at.nullable(),
  resolvedAt: at.nullable(),
});

/** Everything that can be in the log of a game day; all that both pages and the report show follows from it. */
const event = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('begun'),
    at,
    name: some,
    lab: some,
    speed: z.number().positive(),
    mystery: z.boolean(),
    /** As the user named it, absolute, so that it is found from anywhere. */
    file: some,
    seed: z.int().min(0).nullable(),
    /** SHA-256 of the day's essence. */
    digest: z.string().max(64),
  }),
  /** Another orchestrator has taken over; what was in force until then is taken back. */
  z.object({ event: z.literal('resumed'), at }),
  /** The orchestrator was asked to leave; what was in force is over, and another may go on. */
  z.object({ event: z.literal('interrupted'), at }),
  z.object({ event: z.literal('steady'), at, ok: z.boolean(), reasons: z.array(some).max(1000) }),
  z.object({
    event: z.literal('alert'),
    at,
    alert: some,
    labels,
    state: z.enum(['pending', 'firing', 'gone']),
  }),
  z.object({
    event: z.literal('notified'),
    at,
    alert: some,
    labels,
    status: z.enum(['firing', 'resolved']),
  }),
  /** Something of the schedule is about to be done. */
  z.object({ event: z.literal('acted'), at, entry }),
  z.object({ event: z.literal('effect'), at, entry, effectAt: at }),
  z.object({ event: z.literal('failed'), at, entry, why: some }),
  /** Written before anything is taken back. */
  z.object({
    event: z.literal('ended'),
    at,
    entry,
    how: z.enum(['mitigated', 'limit', 'over', 'restart', 'interrupted', 'failed', 'stopped']),
    mitigatedAt: at.nullable(),
  }),
  z.object({
    event: z.literal('history'),
    at,
    entry,
    /** Without those of alerts that count for nothing. */
    episodes: z.array(episode).max(5000),
    /** By when each expected alert had to fire, by its place in the scenario. */
    dues: z.array(z.object({ index: z.int().min(0), deadline: at })).max(1000),
  }),
  z.object({ event: z.literal('declared'), at, note: z.string().max(500) }),
  z.object({ event: z.literal('cause'), at, service: some, kind: some }),
  z.object({ event: z.literal('resolve'), at }),
  /** The team's word that all is well again was found true, where no incident was. */
  z.object({ event: z.literal('closed'), at }),
  z.object({ event: z.literal('hint'), at, entry }),
  z.object({ event: z.literal('inject'), at, entry }),
  z.object({ event: z.literal('paused'), at }),
  z.object({ event: z.literal('continued'), at }),
  z.object({
    event: z.literal('over'),
    at,
    how: z.enum(['played', 'ended', 'stopped', 'interrupted', 'failed']),
  }),
]);

export type GameEvent = z.infer<typeof event>;
export type Begun = Extract<GameEvent, { event: 'begun' }>;
export type How = Extract<GameEvent, { event: 'ended' }>['how'];
export type Episode = z.infer<typeof episode>;

export function eventLine(one: GameEvent): string {
  return `${JSON.stringify(one)}\n`;
}

/**
 * The events of a log, and how many of its bytes are whole: a last line that nobody lived to write is none.
 * @returns `wrong` with the number of a line that is no event and not the last, which no crash leaves behind
 */
export function parseLog(text: string): { events: GameEvent[]; bytes: number; wrong?: number } {
  const lines = text.split('\n');
  const events: GameEvent[] = [];
  let bytes = 0;
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const read = readEvent(line);
    const fits = read !== undefined && (read.event === 'begun') === (index === 0);
    if (!fits) return { events, bytes, ...(index < lines.length - 2 ? { wrong: index + 1 } : {}) };
    events.push(read);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { events, bytes };
}

function readEvent(line: string): GameEvent | undefined {
  try {
    return event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
