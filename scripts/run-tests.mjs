// Runs every *.test.ts below the folders that are named, as compiled into .build (npm run compile), and adds its
// counts to the file in CHAOS_TEST_COUNTS. Node 20 expands no globs, and would call an empty run a success.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folders = process.argv.slice(2);
const files = folders.flatMap((folder) =>
  readdirSync(join('.build', folder), { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join('.build', folder, name)),
);
if (files.length === 0) {
  console.error(`No test in ${folders.join(', ')}.`);
  process.exit(1);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
// The lab bears one test at a time; unit tests do not mind each other, and some of them wait.
const concurrency = folders.some((folder) => folder.includes('lab')) ? 1 : 3;
const stream = run({ files: files.sort(), concurrency });
const leaf = (event) => event.details?.type !== 'suite';
stream.on('test:pass', (event) => {
  if (leaf(event)) counts[event.skip === undefined && event.todo === undefined ? 'passed' : 'skipped']++;
});
stream.on('test:fail', (event) => {
  if (leaf(event)) counts.failed++;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  const line = `${counts.passed} ${counts.failed} ${counts.skipped}\n`;
  if (process.env.CHAOS_TEST_COUNTS) appendFileSync(process.env.CHAOS_TEST_COUNTS, line);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
});
