import { EXIT_CODES } from '../core/errors.ts';
import type { RunRecord } from '../report/record.ts';
import { controlHolds } from '../verdict/score.ts';

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

/** The exit code of a run, by how it ended and then by its verdict; of a control, by whether it held. */
export function exitCodeOf(
  record: Pick<RunRecord, 'status' | 'verdict' | 'control' | 'expectations'>,
): number {
  const { status, verdict, control } = record;
  if (status === 'interrupted') return EXIT_CODES.interrupted.code;
  if (status === 'stopped') return EXIT_CODES.stopped.code;
  if (control && verdict !== 'inconclusive') return EXIT_CODES[controlHolds(record) ? 'pass' : 'fail'].code;
  return EXIT_CODES[verdict].code;
}
