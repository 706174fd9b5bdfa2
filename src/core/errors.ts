/** What went wrong, in the only terms the command line needs: each kind has one exit code. */
export type ErrorKind =
  | 'usage'
  | 'bad-file'
  | 'not-ready'
  | 'inconclusive'
  | 'stopped'
  | 'interrupted'
  | 'internal';

/** The one table of exit codes. README.md and `--help` are checked against it by a test. */
export const EXIT_CODES = {
  pass: { code: 0, meaning: 'the run passed, or the command did what was asked' },
  fail: {
    code: 1,
    meaning:
      'the run failed: an expected alert was missed, or the score is under the pass mark; for plan: there is a finding; for runbook --once: nothing was restored',
  },
  usage: { code: 2, meaning: 'bad usage or a bad file; nothing was touched' },
  notReady: { code: 3, meaning: 'not ready: Docker, the stack or the baseline' },
  inconclusive: { code: 4, meaning: 'inconclusive: the evidence is not there, so neither pass nor fail' },
  stopped: { code: 5, meaning: 'stopped by a safety stop, undone' },
  interrupted: { code: 130, meaning: 'interrupted by the user, undone' },
} as const;

const EXIT_BY_KIND: Record<ErrorKind, number> = {
  usage: EXIT_CODES.usage.code,
  'bad-file': EXIT_CODES.usage.code,
  'not-ready': EXIT_CODES.notReady.code,
  inconclusive: EXIT_CODES.inconclusive.code,
  stopped: EXIT_CODES.stopped.code,
  interrupted: EXIT_CODES.interrupted.code,
  internal: EXIT_CODES.notReady.code,
};

/** A place in a file, all counted from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** One mistake in a file, with what is needed to find and mend it. */
export interface Problem extends Position {
  message: string;
  /** The offending line of the file, without its line break. */
  source?: string;
  /** What to do instead; for an unknown word, the nearest known one. */
  hint?: string;
}

/**
 * Our own inability to do what was asked. A failure of the system under test is never one of these: it is data.
 */
export class ChaosError extends Error {
  readonly kind: ErrorKind;
  /** One sentence, or one command, that mends it. */
  readonly hint: string | undefined;
  /** Every mistake found in a file, in file order; empty for other kinds. */
  readonly problems: readonly Problem[];
  /** Asking again will not help. */
  readonly lasting: boolean;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { hint?: string; cause?: unknown; problems?: readonly Problem[]; lasting?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ChaosError';
    this.kind = kind;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
    this.lasting = options.lasting ?? false;
  }

  get exitCode(): number {
    return EXIT_BY_KIND[this.kind];
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
