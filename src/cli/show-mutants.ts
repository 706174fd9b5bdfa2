import chalk from 'chalk';
import Table from 'cli-table3';
import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { visible } from '../core/visible.ts';
import { limitsOf } from '../replay/limits.ts';
import { type Fate, type Mutant, MutantJudge, mutantsOf } from '../replay/mutants.ts';
import { type MutationReport, mutationReport } from '../replay/mutation-score.ts';
import { readRulesDir, rulesAtSpeed } from '../replay/rules.ts';
import { startServer } from '../replay/server.ts';
import { newestOfEach } from '../report/coverage.ts';
import { type RecordFile, readRecordAt, readRecordFiles } from '../report/read-records.ts';
import { evidenceOf } from '../report/record.ts';
import type { Evidence } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { showProgress } from './progress.ts';
import { check } from './show-regrade.ts';
import { samplesOf } from './show-replay.ts';
import { say, sayJson } from './terminal.ts';

interface Request {
  /** Of the records; none means the newest of each scenario below `reports`. */
  paths: readonly string[];
  rules: string | undefined;
  reports: string;
  json: boolean;
}

interface Run {
  scenario: string;
  verdict: Verdict['verdict'];
  evidence: Evidence;
  samples: RawSamples;
  rules: Evidence['rules'];
}

/**
 * Grades recorded runs under every mutant of every rule, and shows which of them nobody would notice.
 * @throws ChaosError `bad-file` for a record that was changed or has no samples, `usage` where there is none
 */
export async function showMutants({ paths, rules, reports, json }: Request): Promise<void> {
  const limits: string[] = [];
  const runs = filesOf(paths, reports, limits).map((file) => runOf(file, rules));
  const progress = showProgress(process.stderr, systemClock);
  const judged: { scenario: string; fates: { mutant: Mutant; fate: Fate }[] }[] = [];
  try {
    for (const run of runs) {
      const say = (done: string) =>
        progress.say(`${judged.length + 1} of ${runs.length}, ${run.scenario}: ${done}`);
      judged.push({ scenario: run.scenario, fates: await fatesIn(run, limits, say) });
    }
  } finally {
    progress.end();
  }
  const report = mutationReport(judged, [...new Set(limits)]);
  if (json) sayJson(report);
  else print(report);
}

/** The records to go by. One that was named must have samples; of those in a folder, the ones that have them count. */
function filesOf(paths: readonly string[], reports: string, limits: string[]): RecordFile[] {
  if (paths.length > 0) return paths.map(readRecordAt);
  const newest = newestOfEach(readRecordFiles(reports), ({ record }) => record);
  const without = newest.filter(({ record }) => !record.samples);
  if (without.length > 0)
    limits.push(`Without samples, and left out: ${without.map(({ record }) => record.scenario).join(', ')}.`);
  const files = newest.filter(({ record }) => record.samples);
  if (files.length > 0) return files;
  throw new ChaosError('usage', `No completed run with samples is in ${reports}.`, { hint: 'chaos run all' });
}

function runOf(file: RecordFile, dir: string | undefined): Run {
  check(file);
  const evidence = evidenceOf(file.record);
  const rules = dir === undefined ? evidence.rules : rulesAtSpeed(readRulesDir(dir), evidence);
  const { scenario, verdict } = file.record;
  return { scenario, verdict, evidence, samples: samplesOf(file), rules };
}

async function fatesIn(
  { scenario, verdict, evidence, samples, rules }: Run,
  limits: string[],
  say: (done: string) => void,
) {
  say('loading its samples');
  const server = await startServer(systemClock);
  try {
    limits.push(...limitsOf(evidence, samples, rules, server.version));
    const judge = await MutantJudge.load(server, evidence, samples, rules);
    if (judge.verdict.verdict !== verdict)
      limits.push(
        `The run of ${scenario} was ${verdict}; evaluated again without a change it is ${judge.verdict.verdict}, which mutants are held against.`,
      );
    const mutants = mutantsOf(rules, evidence.speed);
    const fates: { mutant: Mutant; fate: Fate }[] = [];
    for (const mutant of mutants) {
      if (fates.length % 20 === 0) say(`${fates.length} of ${mutants.length} mutants`);
      fates.push({ mutant, fate: await judge.fateOf(mutant) });
    }
    return fates;
  } finally {
    await server.end();
  }
}

function print({ scenarios, rules, killed, all, score, limits }: MutationReport): void {
  const percent = (share: number | null) => (share === null ? '' : `${Math.round(share * 100)} %`);
  const table = new Table({
    head: ['rule', 'mutants', 'killed', 'score'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: ['bold'], border: ['dim'], compact: true },
  });
  for (const one of rules) table.push([visible(one.rule), one.all, one.killed, percent(one.score)]);
  say(table.toString());
  const listed = (fate: string, title: string, paint: (text: string) => string) => {
    const lines = rules.flatMap(({ rule, mutants }) =>
      mutants
        .filter((one) => one.fate === fate)
        .map(
          ({ kind, before, after }) =>
            `  ${paint(visible(rule))}  ${kind}: ${visible(`${before} → ${after}`)}`,
        ),
    );
    if (lines.length > 0) say([``, title, ...lines].join('\n'));
  };
  listed('survived', 'No run would notice:', chalk.yellow);
  listed('unknown', 'Nobody knows, since the runs were over too soon:', chalk.dim);
  listed('refused', 'Prometheus evaluates none of these, so they do not count:', chalk.dim);
  say();
  say(`Mutation score: ${killed} of ${all}, ${percent(score)}, by ${scenarios.join(', ')}.`);
  for (const limit of limits) say(visible(limit));
}
