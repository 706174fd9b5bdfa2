import { closest, distance } from 'fastest-levenshtein';

/** A word longer than this was not meant to be one of ours, and is slow to compare. */
const LONGEST_WORD = 60;

/** The known word that was probably meant: at most a third of its letters wrong, whatever their case. */
export function meant(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > LONGEST_WORD) return undefined;
  const small = known.map((one) => one.toLowerCase());
  const nearest = closest(word.toLowerCase(), small);
  const found = known[small.indexOf(nearest)]!;
  return distance(word.toLowerCase(), nearest) <= Math.max(1, Math.ceil(found.length / 3))
    ? found
    : undefined;
}

/** `did you mean …?`, or where nothing is near, the known words if they are few. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const found = meant(word, known);
  if (found !== undefined) return `did you mean ${found}?`;
  return known.length > 0 && known.length <= 12 ? `one of: ${known.join(', ')}` : undefined;
}

/** Whether a key is missing only because it is misspelt: that is told where it was made, and once. */
export function isMisspelt(key: string, given: object, known: readonly string[]): boolean {
  return (
    !Object.hasOwn(given, key) &&
    Object.keys(given)
      .slice(0, 100)
      .some((one) => !known.includes(one) && meant(one, known) === key)
  );
}
