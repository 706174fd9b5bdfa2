// Runs every *.test.ts below the folders that are named, as compiled into .build (npm run compile), and adds its
// counts to the file in CHAOS_TEST_COUNTS. Node 20 expands no globs, and would call an empty run a success.
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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
// The lab bears one test at a time, and a browser is much for a machine; unit tests do not mind each other.
const isUnit = folders.every((folder) => folder.startsWith('test/unit') || folder.startsWith('test/fuzz'));
const stream = run(
  isUnit ? { files: together(files), concurrency: 3 } : { files: files.sort(), concurrency: 1 },
);
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

/**
 * A file each that imports the tests of one folder, so that they share a process: to load what is tested takes longer than
 * most tests. Those of load are left alone, as they measure their own process; and they come first, as they wait.
 */
function together(files) {
  const isAlone = (file) => file.includes('/load/');
  const groups = new Map();
  rmSync('.build/together', { recursive: true, force: true });
  mkdirSync('.build/together', { recursive: true });
  for (const file of files.filter((one) => !isAlone(one)).sort())
    groups.set(dirname(file), [...(groups.get(dirname(file)) ?? []), file]);
  return [
    ...files.filter(isAlone).sort(),
    ...[...groups].map(([folder, members]) => {
      const group = join(
        '.build/together',
        `${relative('.build/test', folder).replaceAll('/', '-')}.test.js`,
      );
      const imports = members.map((file) => `import '${relative('.build/together', file)}';\n`);
      writeFileSync(group, imports.join(''));
      return group;
    }),
  ];
}
