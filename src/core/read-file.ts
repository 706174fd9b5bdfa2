import { readFileSync, statSync } from 'node:fs';
import { messageOf, type Problem } from './errors.ts';

/** In bytes: a scenario of this size is none that somebody wrote; it would only be slow to refuse. */
const MOST_BYTES = 1024 * 1024;

/**
 * The text of a file that the user named, or why it cannot be had, as a problem of its first line.
 * @param called what it should be: `a scenario`
 * @param instead what to do where there is no such file
 * @param mostBytes how large such a file may be
 */
export function readText(
  file: string,
  called: string,
  { instead = () => undefined, mostBytes = MOST_BYTES }: ReadOptions = {},
): { text: string } | { problem: Problem } {
  const refuse = (message: string, hint?: string) => ({
    problem: { file, line: 1, column: 1, message, ...(hint ? { hint } : {}) },
  });
  try {
    const stat = statSync(file);
    // Reading a device or a pipe might never end.
    if (!stat.isFile()) return refuse('this is no file');
    if (stat.size > mostBytes)
      return refuse(`${Math.ceil(stat.size / 1024)} KiB; ${called} has at most ${mostBytes / 1024}`);
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'there is no such file' : `this cannot be read: ${messageOf(error)}`;
    return refuse(why, instead());
  }
}

interface ReadOptions {
  instead?: () => string | undefined;
  mostBytes?: number;
}
