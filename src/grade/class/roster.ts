import { dirname, isAbsolute, join } from 'node:path';
import { ChaosError, messageOf, type Problem } from '../../core/errors.ts';
import { problemAt, problemIn } from '../../core/positions.ts';
import { inOrder } from '../../core/problems.ts';
import { readText } from '../../core/read-file.ts';
import { didYouMean, isMisspelt } from '../../core/suggest.ts';
import { openSource } from '../../core/yaml-source.ts';
import { endpointOf } from '../../docker/endpoint.ts';
import { keysAt } from '../../scenario/keys.ts';
import { problemsOf } from '../../scenario/problems.ts';
import { type Complain, list, type Rough, rough } from '../../scenario/rough.ts';
import { type RosterFile, rosterSchema } from './schema.ts';

/** A Docker engine on which stacks of a class run. */
export interface RosterHost {
  /** As the roster calls it. */
  name: string;
  /** A context's name, or a URL: what `openHost` takes. */
  at: string;
  /** How many of its stacks are graded at once. */
  limit: number;
}

/** A stack of a class. With neither a host nor a URL its files alone are graded. */
export interface RosterEntry {
  name: string;
  /** The folder that was handed in; a path from where we are. */
  dir?: string;
  host?: RosterHost;
  /** Its compose project on that host. */
  project?: string;
  prometheus?: string;
  alertmanager?: string;
}

/** A class: who is graded, where, and by what. */
export interface Roster {
  file: string;
  stacks: RosterEntry[];
  /** A teacher's own rubric; a path from where we are. */
  rubric?: string;
}

/** Says why no engine can be named so, or nothing. */
type Refusal = (at: string) => { message: string; hint?: string | undefined } | undefined;

const KIND = { called: 'a roster', begins: 'stacks:' };

/** Reads the file of a class. @throws ChaosError `bad-file` with every mistake in it */
export function readRoster(file: string): Roster {
  const read = readText(file, KIND.called);
  const { roster, problems } =
    'text' in read
      ? parseRoster(read.text, file, refusalBy(process.env))
      : { roster: undefined, problems: [read.problem] };
  if (roster) return roster;
  throw new ChaosError('bad-file', `${file} is no roster of a class.`, {
    problems,
    hint: 'docs/grading.md shows one',
  });
}

/** The same of its text: either the roster or every mistake in it, each with its place. */
export function parseRoster(
  text: string,
  file: string,
  refusal: Refusal = () => undefined,
): { roster?: Roster; problems: Problem[] } {
  const { source, plain, problems: broken } = openSource(text, file, KIND);
  if (!plain) return { problems: inOrder(broken) };
  const parsed = rosterSchema.safeParse(plain);
  const problems = problemsOf(source, plain, parsed.error?.issues ?? [], rosterSchema);
  checkMeaning(plain as Rough, refusal, (path, message, hint) =>
    problems.push(problemIn(source, path, message, hint)),
  );
  if (parsed.success && problems.length === 0) return { roster: toRoster(parsed.data, file), problems };
  if (problems.length === 0) problems.push(problemAt(source, 0, messageOf(parsed.error)));
  return { problems: inOrder(problems) };
}

/** What no schema sees, on a file of any shape. */
function checkMeaning(plain: Rough, refusal: Refusal, complain: Complain): void {
  const hosts = Object.entries(rough(plain.hosts)).map(([name, one]) => ({ name, at: rough(one).at }));
  hosts.forEach(({ name, at }, index) => {
    if (typeof at !== 'string') return;
    const same = hosts.slice(0, index).find((one) => one.at === at);
    if (same)
      complain(['hosts', name, 'at'], `${same.name} is the same engine, and a limit is for an engine`);
    const refused = refusal(at);
    if (refused) complain(['hosts', name, 'at'], refused.message, refused.hint);
  });
  const known = hosts.map(({ name }) => name);
  const names = new Map<string, string>();
  list(plain.stacks).forEach((one, index) => {
    const stack = rough(one);
    const at = (key: string) => ['stacks', index, key];
    const keys = keysAt(['stacks', index], plain, rosterSchema);
    const absent = (key: string) => stack[key] === undefined && !isMisspelt(key, stack, keys);
    const { name, host, project } = stack;
    if (typeof name === 'string') {
      // Not all file systems tell these apart.
      const plainName = name.normalize('NFC').toLowerCase();
      const taken = names.get(plainName);
      if (taken !== undefined) complain(at('name'), `there is a stack ${taken} already`);
      names.set(plainName, name);
    }
    if (typeof host === 'string' && !known.includes(host))
      complain(at('host'), `unknown host ${host}`, didYouMean(host, known) ?? 'hosts: says where each is');
    if (plain.static !== true && host !== undefined && absent('project'))
      complain(['stacks', index], 'project is missing: the compose project of this stack on its host');
    if (project !== undefined && absent('host'))
      complain(
        at('project'),
        'a project runs on a host, and there is none',
        'host: and its name under hosts:',
      );
    if (!absent('dir')) return;
    if (plain.static === true)
      complain(['stacks', index], 'dir is missing: with static: true files alone are graded');
    else if (absent('host') && absent('prometheus'))
      complain(['stacks', index], 'nothing to grade: dir, host or prometheus says where it is');
  });
}

/** What the docker command line would not take either: a URL that is none, a context that is not there. */
function refusalBy(env: NodeJS.ProcessEnv): Refusal {
  return (at) => {
    try {
      endpointOf(at, env);
      return undefined;
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
      return { message: error.message, hint: error.hint };
    }
  };
}

function toRoster({ hosts, stacks, rubric, static: filesAlone }: RosterFile, file: string): Roster {
  const from = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  return {
    file,
    stacks: stacks.map(({ name, dir, host, ...rest }): RosterEntry => {
      const files = { name, ...(dir === undefined ? {} : { dir: from(dir) }) };
      if (filesAlone) return files;
      return {
        ...files,
        ...given(rest),
        ...(host === undefined ? {} : { host: { name: host, ...hosts[host]! } }),
      };
    }),
    ...(rubric === undefined ? {} : { rubric: from(rubric) }),
  };
}

/** The same class, of which files alone are graded. @throws ChaosError `usage` where somebody has none */
export function filesAlone(roster: Roster): Roster {
  const without = roster.stacks.filter(({ dir }) => dir === undefined).map(({ name }) => name);
  if (without.length > 0)
    throw new ChaosError('usage', `Without a dir: there are no files to grade: ${without.join(', ')}.`, {
      hint: `leave out --static, or give them a dir: in ${roster.file}`,
    });
  return { ...roster, stacks: roster.stacks.map(({ name, dir }) => ({ name, dir: dir! })) };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>;
}
