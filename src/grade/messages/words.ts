/** The languages that feedback is given in. */
export const LANGS = ['en', 'fr'] as const;
export type Lang = (typeof LANGS)[number];

/** What is wrong and why it costs points, and the smallest change that wins them back. */
export type Words = readonly [message: string, fix: string];

/** A text in every language, made from the same values; the compiler asks for both. */
export function both<Given>(en: (given: Given) => Words, fr: (given: Given) => Words) {
  return { en, fr } satisfies Record<Lang, (given: Given) => Words>;
}
