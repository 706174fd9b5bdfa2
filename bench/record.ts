import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { readRecordAt } from '../src/report/read-records.ts';
import { writeRecord } from '../src/report/record-file.ts';
import { recordOf } from '../src/report/regrade.ts';
import { packSamples, SAMPLES_FILE } from '../src/report/samples.ts';
import { summary } from '../src/report/summary.ts';
import { startChaos } from '../test/support/lab.ts';
import { longRun } from './long-run.ts';
import { against, median, round } from './tools.ts';

const MOST_MB = 20;
const MOST_S = 3;

/** Whatever is made of a record; a report that is added to chaos is added here. */
const RENDERINGS: Record<string, (file: string) => Promise<unknown> | unknown> = {
  'chaos regrade, with its summary': (file) => chaos('regrade', file),
  'chaos regrade --json': (file) => chaos('regrade', file, '--json'),
  'chaos report, its page': (file) => chaos('report', file),
  'reading it and its summary alone': (file) => summary(readRecordAt(file).record),
};

/** A record of two hours of lab time: how large it is, and how long it takes to make something of it. */
export async function record(rounds: number): Promise<string> {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  try {
    const { evidence, samples } = longRun();
    const began = performance.now();
    const { bytes, note } = packSamples(samples);
    const made = recordOf(evidence, note);
    const file = await writeRecord(reports, made, bytes);
    const writtenS = (performance.now() - began) / 1000;
    const mb = (name: string) => statSync(name).size / 1024 ** 2;
    const sizes = { run: mb(file), samples: mb(join(dirname(file), SAMPLES_FILE)) };
    const { transitions, notifications } = made.observations;
    const figures = [
      { name: 'run.json', value: round(sizes.run, 1), unit: 'MB' },
      { name: SAMPLES_FILE, value: round(sizes.samples, 1), unit: 'MB' },
      { name: 'both', value: round(sizes.run + sizes.samples, 1), unit: 'MB', most: MOST_MB },
      { name: 'judging and writing it', value: round(writtenS, 2), unit: 's' },
    ];
    for (const [name, render] of Object.entries(RENDERINGS)) {
      const times: number[] = [];
      for (let turn = 0; turn < rounds; turn++) {
        const from = systemClock.now();
        await render(file);
        times.push((systemClock.now() - from) / 1000);
      }
      figures.push({ name, value: round(median(times), 2), unit: 's', most: MOST_S });
    }
    const loads = made.load.map(({ seconds }) => seconds.length);
    return against(
      `A record of two hours at 1x: ${note.series} series of ${note.points} samples, ${transitions.length} transitions, ` +
        `${notifications.length} notifications, loads of ${loads.join(', ')} s, verdict ${made.verdict}; medians of ${rounds}`,
      figures,
    );
  } finally {
    rmSync(reports, { recursive: true });
  }
}

async function chaos(...args: string[]): Promise<void> {
  const { code, stderr } = await startChaos(...args).ended;
  if (code === 2 || code === 3) throw new Error(`npm run build first? chaos ${args[0]}: ${stderr}`);
}
