import * as z from 'zod';

/** A class larger than this is several. */
const MOST_STACKS = 500;
const MOST_AT_ONCE = 64;

const words = (most: number) => z.string().min(1).max(most);
const url = z.string().refine(isUrl, 'must be a URL that begins with http:// or https://');

/** A stack's name is also the name of the file that its grade is kept in. */
const name = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._-]{0,58}[\p{L}\p{M}\p{N}._-])?$/u,
    'must be letters, digits, spaces, dots, dashes and underscores, at most 60, beginning with a letter or digit, and no space at the end',
  );

/** The file of a class, as it is written. */
export const rosterSchema = z.strictObject({
  hosts: z
    .record(words(60), z.strictObject({ at: words(500), limit: z.int().min(1).max(MOST_AT_ONCE).default(1) }))
    .default({}),
  stacks: z
    .array(
      z.strictObject({
        name,
        dir: words(1000).optional(),
        host: words(60).optional(),
        project: z
          .string()
          .regex(
            /^[a-z0-9][a-z0-9_-]{0,62}$/,
            'must be the name of a compose project: small letters, digits, - and _',
          )
          .optional(),
        prometheus: url.optional(),
        alertmanager: url.optional(),
      }),
    )
    .min(1)
    .max(MOST_STACKS),
  rubric: words(1000).optional(),
  static: z.boolean().default(false),
});

export type RosterFile = z.infer<typeof rosterSchema>;

function isUrl(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
