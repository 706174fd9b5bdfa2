import { EXIT_CODES } from '../core/errors.ts';

/** From the mildest to the worst. */
const WORST = [
  EXIT_CODES.pass,
  EXIT_CODES.inconclusive,
  EXIT_CODES.fail,
  EXIT_CODES.notReady,
  EXIT_CODES.stopped,
  EXIT_CODES.interrupted,
];

/** The exit code of several runs. */
export function worstOf(codes: readonly number[]): number {
  return WORST.findLast(({ code }) => codes.includes(code))?.code ?? EXIT_CODES.pass.code;
}

/** The exit code of a run, by how it ended and then by its verdict. */
export function exitCodeOf({
  status,
  verdict,
}: {
  status: string;
  verdict: 'pass' | 'fail' | 'inconclusive';
}): number {
  if (status === 'interrupted') return EXIT_CODES.interrupted.code;
  if (status === 'stopped') return EXIT_CODES.stopped.code;
  return EXIT_CODES[verdict].code;
}
