import { basename, dirname, isAbsolute, join } from 'node:path';
import { parseDuration } from '../core/duration.ts';
import { messageOf, type Problem } from '../core/errors.ts';
import { problemAt, problemIn } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { openSource } from '../core/yaml-source.ts';
import { checkAsked } from '../scenario/check-load.ts';
import { findScenario } from '../scenario/find.ts';
import { keysAt } from '../scenario/keys.ts';
import { checkScenarios } from '../scenario/load.ts';
import { problemsOf } from '../scenario/problems.ts';
import { type Complain, type Known, list, type Rough, rough } from '../scenario/rough.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { background } from '../scenario/to-scenario.ts';
import type { Entry, Schedule } from './schedule.ts';
import { type ScheduleFile, scheduleSchema } from './schema.ts';

const KIND = { called: 'a game day', begins: 'name:' };

interface Read {
  schedule?: Schedule;
  problems: Problem[];
}

/** Reads the file of a game day, and the scenarios that it names; either a schedule or at least one problem comes back. */
export function loadSchedule(file: string, known: Known): Read {
  const read = readText(file, KIND.called);
  return 'text' in read ? readSchedule(read.text, file, known) : { problems: [read.problem] };
}

/** The same of its text. */
export function readSchedule(text: string, file: string, known: Known): Read {
  const { source, plain, problems: broken } = openSource(text, file, KIND);
  if (!plain) return { problems: inOrder(broken) };
  const parsed = scheduleSchema.safeParse(plain);
  const problems = problemsOf(source, plain, parsed.error?.issues ?? [], scheduleSchema);
  const complain: Complain = (path, message, hint) => problems.push(problemIn(source, path, message, hint));
  const scenarios = checkMeaning(plain as Rough, file, known, complain);
  if (parsed.success && problems.length + scenarios.problems.length === 0)
    return { schedule: toSchedule(parsed.data, file, scenarios.found, known), problems: [] };
  if (problems.length + scenarios.problems.length === 0)
    problems.push(problemAt(source, 0, messageOf(parsed.error)));
  return { problems: [...inOrder(problems), ...scenarios.problems] };
}

/** What no schema sees, on a file of any shape; and the scenarios it names, by the words that name them. */
function checkMeaning(plain: Rough, file: string, known: Known, complain: Complain) {
  const called = basename(file).replace(/\.ya?ml$/, '');
  if (typeof plain.name === 'string' && plain.name !== called)
    complain(['name'], `name: ${plain.name} is not the file's name`, `call it ${called}`);
  if (plain.traffic !== undefined)
    checkAsked(
      rough(plain.traffic),
      ['traffic'],
      keysAt(['traffic'], plain, scheduleSchema),
      known,
      complain,
    );
  list(plain.tolerate).forEach((one, index) => {
    const { alert } = rough(one);
    if (typeof alert === 'string' && known.alerts && !known.alerts.includes(alert))
      complain(['tolerate', index, 'alert'], `unknown alert ${alert}`);
  });

  const found = new Map<string, Scenario>();
  const problems: Problem[] = [];
  const entries = list(plain.schedule).map(rough);
  entries.forEach((entry, index) => {
    for (const kind of ['incident', 'decoy'] as const) {
      const word = entry[kind];
      if (typeof word !== 'string' || word === '') continue;
      const at = ['schedule', index, kind];
      const path = fileOf(word, file, (message, hint) => complain(at, message, hint));
      if (path === undefined) continue;
      const read = checkScenarios([path], known);
      const [scenario] = read.scenarios;
      if (!scenario && read.problems.length > 0) complain(at, `${word} is no scenario that can be run`);
      problems.push(...read.problems);
      if (!scenario) continue;
      found.set(word, scenario);
      const wrong = kind === 'incident' ? unfitIncident(scenario) : unfitDecoy(scenario);
      if (wrong) complain(at, `${word} ${wrong}`);
    }
  });
  const incidents = entries.filter(({ incident }) => incident !== undefined).length;
  if (incidents === 0 && entries.length > 0 && !problems.length)
    complain(['schedule'], 'there is no incident in it', 'e.g. - incident: api-outage');
  const { count } = rough(plain.draw);
  if (typeof count === 'number' && count > incidents)
    complain(['draw', 'count'], `there are ${incidents} incidents to draw ${count} from`);
  return { found, problems: [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()] };
}

function fileOf(
  word: string,
  file: string,
  refuse: (message: string, hint?: string) => void,
): string | undefined {
  if (/\.ya?ml$/.test(word)) return isAbsolute(word) ? word : join(dirname(file), word);
  try {
    return findScenario(word);
  } catch (error) {
    const hint = (error as { hint?: string }).hint;
    refuse(messageOf(error), hint);
    return undefined;
  }
}

/** Why a scenario can be no incident. */
function unfitIncident({ timeline, expect }: Scenario): string | undefined {
  if (!timeline.some(({ kind }) => kind === 'fault')) return 'breaks nothing that a team could mend';
  return expect.length === 0 ? 'expects no alert, so nobody could know of it' : undefined;
}

function unfitDecoy({ timeline, expect }: Scenario): string | undefined {
  if (expect.length > 0) return 'expects an alert, and a decoy raises none';
  return timeline.length === 0 ? 'does nothing; write { quiet: … }' : undefined;
}

function toSchedule(
  { traffic, draw, schedule, ...file }: ScheduleFile,
  path: string,
  scenarios: ReadonlyMap<string, Scenario>,
  { allowed = [] }: Known,
): Schedule {
  return {
    ...file,
    file: path,
    ...(traffic ? { traffic: background(traffic, allowed) } : {}),
    ...(draw ? { draw } : {}),
    entries: schedule.map((one): Entry => {
      if ('quiet' in one) return { kind: 'quiet', afterMs: ms(one.quiet) };
      if ('decoy' in one)
        return { kind: 'decoy', afterMs: ms(one.after), scenario: scenarios.get(one.decoy)! };
      const { incident, after, limit, ...rest } = one;
      const scenario = scenarios.get(incident)!;
      return { kind: 'incident', afterMs: ms(after), limitMs: ms(limit), scenario, ...rest };
    }),
  };
}

/** Of a text the schema has already let through. */
function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
