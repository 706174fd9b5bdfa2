import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { shortened } from '../core/visible.ts';
import type { Submission } from './submission.ts';

/** Milliseconds. It takes a tenth of a second. */
const LONGEST = 20_000;

/**
 * The submission with what the promtool on the PATH has to say of its rule files. Our own reader says it too; this is what
 * a doubter can ask for himself. Without one nothing changes.
 */
export function withPromtool(submission: Submission): Submission {
  const paths = submission.files.filter(({ role }) => role === 'rules').map(({ path }) => path);
  if (paths.length === 0) return submission;
  // Paths as they are, so that none can be taken for an option.
  const files = paths
    .map((path) => join(submission.dir, path))
    .map((path) => (path.startsWith('-') ? `./${path}` : path));
  const { error, status, stderr } = spawnSync('promtool', ['check', 'rules', ...files], {
    encoding: 'utf8',
    timeout: LONGEST,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error || status === null) return submission;
  const found = status === 0 ? [] : complaints(stderr, submission.dir, paths);
  return { ...submission, promtool: true, problems: [...submission.problems, ...found] };
}

/** `dir/rules/slo.yml: 12:9: group "slo", rule 1, …`, for files and lines of which we have not complained ourselves. */
export function complaints(stderr: string, dir: string, paths: readonly string[]): Problem[] {
  return stderr.split('\n').flatMap((text) => {
    const file = paths.find((path) => text.trimStart().startsWith(`${join(dir, path)}: `));
    if (file === undefined) return [];
    const said = text.slice(text.indexOf(': ') + 2);
    const [place, line, column] = /^(\d+):(\d+): /.exec(said) ?? [''];
    const message = shortened(`promtool: ${said.slice(place.length)}`, 300);
    return [{ file, line: Number(line ?? 1), column: Number(column ?? 1), message }];
  });
}
