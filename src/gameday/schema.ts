import * as z from 'zod';
import { duration, MOST_ENTRIES, positive, text, tolerated, traffic, word } from '../scenario/schema.ts';

const after = duration('how long nothing may be wrong before it begins').default('2m');
const scenario = text('a scenario by its name, or its file, from the folder of this one');

const incident = z
  .strictObject({
    incident: scenario,
    after,
    limit: positive('after so long it is taken back, and counts as not mitigated').default('15m'),
    cause: text('what was broken and how it is mended, for the report'),
    hints: z
      .array(text('one more than the one before it gives away'))
      .max(10)
      .default([])
      .meta({ description: 'what the facilitator may tell, one after the other' }),
  })
  .meta({ description: 'something is broken until the team has mended it' });

const decoy = z
  .strictObject({ decoy: scenario, after })
  .meta({ description: 'something harmless, by a scenario that expects no alert' });

const quiet = z
  .strictObject({ quiet: positive('how long nothing happens') })
  .meta({ description: 'a stretch in which nothing is done' });

/** The file of a game day, as it is written. Docs: docs/gameday.md; exported as docs/gameday.schema.json. */
export const scheduleSchema = z
  .strictObject({
    name: word.meta({ description: 'the word behind chaos gameday; the same as the file name' }),
    title: z.string().min(1).max(120).meta({ description: 'one line for people' }),
    about: z.string().default('').meta({ description: 'for the facilitator' }),
    traffic: traffic.optional().meta({ description: 'background load during the whole day' }),
    tolerate: tolerated
      .default([])
      .meta({ description: 'alerts that count for nothing the whole day; say why in a comment' }),
    draw: z
      .strictObject({
        count: z
          .int('must be a whole number')
          .min(1, 'must be at least 1')
          .max(MOST_ENTRIES)
          .optional()
          .meta({ description: 'how many of the incidents; all by default' }),
        seed: z
          .int('must be a whole number')
          .min(0, 'must be at least 0')
          .max(2 ** 32 - 1)
          .meta({ description: 'the same seed draws the same day' }),
      })
      .optional()
      .meta({ description: 'the order is drawn, and of the incidents only some' }),
    schedule: z
      .array(
        z.union([incident, decoy, quiet], {
          error: 'must be { incident: … }, { decoy: … } or { quiet: … }',
        }),
      )
      .min(1, 'needs at least one entry')
      .max(MOST_ENTRIES)
      .meta({ description: 'what happens, one after the other' }),
  })
  .meta({ title: 'chaos game day' });

export type ScheduleFile = z.output<typeof scheduleSchema>;
