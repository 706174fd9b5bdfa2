import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import { replay } from '../replay/replay.ts';
import { readRulesDir, rulesAtSpeed } from '../replay/rules.ts';
import { startServer } from '../replay/server.ts';
import { type RecordFile, readSamplesOf } from '../report/read-records.ts';
import { evidenceOf, type RunRecord } from '../report/record.ts';
import { replayedRecord } from '../report/regrade.ts';
import { summary } from '../report/summary.ts';
import type { RawSamples } from '../run/samples.ts';
import { exitCodeOf, worstOf } from './exit-codes.ts';
import { paint } from './paint.ts';
import { showProgress } from './progress.ts';
import { check, print } from './show-regrade.ts';
import { say } from './terminal.ts';

/**
 * Grades recorded runs under other rules, shows what comes of it, and returns the exit code of the worst.
 * @throws ChaosError `bad-file` for a record that was changed, or has no samples, or rules with mistakes
 */
export async function replayAll(files: readonly RecordFile[], dir: string, json: boolean): Promise<number> {
  const written = readRulesDir(dir);
  const runs = files.map((file) => {
    check(file);
    const evidence = evidenceOf(file.record);
    return { file, evidence, samples: samplesOf(file), rules: rulesAtSpeed(written, evidence) };
  });
  const graded: RunRecord[] = [];
  const progress = showProgress(process.stderr, systemClock);
  try {
    for (const { file, evidence, samples, rules } of runs) {
      progress.say(`evaluating ${dir} on ${file.record.scenario}`);
      const server = await startServer(systemClock);
      try {
        graded.push(
          replayedRecord(file.record, await replay(server, evidence, samples, { rules, from: dir })),
        );
      } finally {
        await server.end();
      }
    }
  } finally {
    progress.end();
  }
  if (json) print(graded);
  else for (const [i, record] of graded.entries()) tell(files[i]!, record);
  return worstOf(graded.map(exitCodeOf));
}

/** @throws ChaosError `bad-file` for a record without them */
export function samplesOf(file: RecordFile): RawSamples {
  const samples = readSamplesOf(file);
  if (samples) return samples;
  throw new ChaosError(
    'bad-file',
    `There are no samples beside ${file.file}, so no other rule can be tried on it.`,
    { hint: 'chaos run writes samples.json.gz beside run.json: take it along, or run the scenario again' },
  );
}

function tell({ file, record: before }: RecordFile, record: RunRecord): void {
  for (const line of summary(record)) say(paint(line, process.stdout.columns));
  say();
  const was = before.score === null ? before.verdict : `${before.verdict}, score ${before.score}`;
  say(`Under its own rules: ${was}. Record: ${file}`);
  for (const change of changes(before, record)) say(change);
  for (const limit of record.replayed?.limits ?? []) say(visible(limit));
  say();
}

/** What the other rules changed of the alerts, a line each. */
function changes(before: RunRecord, after: RunRecord): string[] {
  const outcomes = after.expectations.flatMap(({ alert, labels, outcome }, i) => {
    const was = before.expectations[i]?.outcome;
    return was && was !== outcome ? [`${alertName(alert, labels)}: ${was} → ${outcome}`] : [];
  });
  const fired = (record: RunRecord) => new Set(record.unexpected.map(({ alert }) => alert));
  const more = [...fired(after)].filter((alert) => !fired(before).has(alert));
  const fewer = [...fired(before)].filter((alert) => !fired(after).has(alert));
  return [
    ...outcomes,
    ...more.map((alert) => `${visible(alert)}: fires unexpectedly now`),
    ...fewer.map((alert) => `${visible(alert)}: does not fire unexpectedly any more`),
  ];
}
