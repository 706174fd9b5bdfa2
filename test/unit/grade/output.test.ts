import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'parse5';
import { showGrade } from '../../../src/cli/show-grade.ts';
import { csv } from '../../../src/grade/csv.ts';
import type { Grade } from '../../../src/grade/grade.ts';
import { FINDINGS } from '../../../src/grade/messages/index.ts';
import {
  CHECK_TITLES,
  CHECKLIST,
  CRITERION_TITLES,
  LIVE_TITLES,
  REPORT,
} from '../../../src/grade/messages/titles.ts';
import type { Words } from '../../../src/grade/messages/words.ts';
import { gradePage } from '../../../src/grade/page.ts';
import { complaints } from '../../../src/grade/promtool.ts';
import { chaos } from '../../support/chaos.ts';
import { DOCUMENTED, gradeOf, OURS } from '../../support/grade.ts';

const HOSTILE = '=cmd|"<img src=x onerror="alert(1)">,\u001b[2J\n\u202e';

/** A grade in which every text from outside is hostile. */
function hostile(): Grade {
  const grade = gradeOf(DOCUMENTED);
  const [finding] = grade.findings;
  const [first, ...others] = grade.criteria;
  return {
    ...grade,
    dir: HOSTILE,
    criteria: [
      { ...first!, checks: [{ ...first!.checks[0]!, evidence: [HOSTILE] }], evidence: [HOSTILE] },
      ...others,
    ],
    findings: [{ ...finding!, file: HOSTILE, message: HOSTILE, fix: HOSTILE }],
    files: [{ role: 'compose', file: HOSTILE }],
    unread: [HOSTILE],
  };
}

test('nothing from a submission is markup in the page', () => {
  for (const grades of [[hostile()], [hostile(), gradeOf(OURS)]]) {
    const text = gradePage(grades, 'fr');
    assert.ok(!text.includes('<img') && !text.includes('\u001b') && !text.includes('\u202e'));
    assert.ok(text.includes('<html lang="fr">'));
    parse(text, { onParseError: ({ code }) => assert.fail(code) });
  }
});

test('the page asks for nothing, and shows each point and each change', () => {
  const grade = gradeOf(DOCUMENTED);
  const text = gradePage([grade], 'en');
  assert.doesNotMatch(text, /<script|<link|src=|url\(/);
  for (const { line } of grade.findings.slice(0, 20)) assert.ok(text.includes(`:${line}</code>`));
  assert.ok(text.includes('<b>51.4</b> of 100, pass mark 70'));
});

test('a class is a table, in which no name is a formula, a column or a line', () => {
  const [head, first, second, ...rest] = csv([hostile(), gradeOf(OURS)]).split('\r\n');
  assert.equal(head, 'submission,score,pass,passed,stack,metrics,rules,dashboard,slo,documentation,findings');
  assert.match(
    first!,
    /^"'=cmd\|""<img src=x onerror=""alert\(1\)"">,␛\[2J␊�",51\.4,70,no,9\.9,15\.3,13\.8,1,4,7\.4,1$/,
  );
  assert.equal(second, 'it,100,70,yes,20,20,20,20,10,10,0');
  assert.deepEqual(rest, ['']);
  for (const name of ['=1+1', '+1', '-1', '@x', '\tx', ' x'])
    assert.match(csv([{ ...hostile(), dir: name }]), /^'/m);
});

test('nothing from a submission moves the terminal’s cursor', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  const plain = showGrade(hostile()).map((line) => line.replace(/\u001b\[\d+(;\d+)*m/g, ''));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what this is about
  for (const line of plain) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('every finding says what and how in both languages, with what it was given', () => {
  // Whatever a text asks for, it is given its name.
  const given = new Proxy({}, { get: (_, key) => `<${String(key)}>` });
  const said = Object.entries(FINDINGS) as [string, Record<'en' | 'fr', (given: object) => Words>][];
  assert.ok(said.length > 50);
  for (const [id, { en, fr }] of said) {
    const [english, french] = [en(given), fr(given)];
    assert.notEqual(english[0], french[0], id);
    const names = (text: string) =>
      new Set(
        text.match(/<\w+>/g)?.filter((one) => !/<(why|pourquoi|what|quoi|objective|objectif)>/.test(one)),
      );
    assert.deepEqual(names(french.join(' ')), names(english.join(' ')), id);
    for (const text of [...english, ...french]) assert.ok(text.length > 3 && !text.includes('undefined'), id);
  }
  const titles = [CRITERION_TITLES, CHECK_TITLES, LIVE_TITLES, CHECKLIST].flatMap((all) =>
    Object.values<Record<'en' | 'fr', string>>(all),
  );
  for (const { en, fr } of titles) assert.notEqual(en, fr);
  for (const { en, fr } of Object.values(REPORT)) assert.ok(en.length > 0 && fr.length > 0);
});

test('the same submission is worth the same in French', () => {
  const [en, fr] = [gradeOf(DOCUMENTED), gradeOf(DOCUMENTED, 'fr')];
  assert.equal(en.score, fr.score);
  assert.deepEqual(
    fr.findings.map(({ id, file, line, points }) => [id, file, line, points]).sort(),
    en.findings.map(({ id, file, line, points }) => [id, file, line, points]).sort(),
  );
  const english = new Set(en.findings.map(({ message }) => message));
  assert.deepEqual(
    fr.findings.filter(({ message }) => english.has(message)),
    [],
  );
});

test('promtool’s complaints are told of their file and line', () => {
  const said =
    'Checking a/rules/x.yml\n  FAILED:\na/rules/x.yml: 4:9: group "g", rule 1: could not parse\na/rules/x.yml: no rules\nother.yml: 1:1: no';
  const all = complaints(said, 'a', ['rules/x.yml']).map(({ file, line, column, message }) => [
    file,
    line,
    column,
    message,
  ]);
  assert.deepEqual(all, [
    ['rules/x.yml', 4, 9, 'promtool: group "g", rule 1: could not parse'],
    ['rules/x.yml', 1, 1, 'promtool: no rules'],
  ]);
});

test('the command: JSON alone on stdout, the exit by the pass mark, files beside it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-grade-'));
  const page = join(dir, 'class.html');
  const table = join(dir, 'class.csv');
  const both = chaos(
    'grade',
    'stack',
    'test/fixtures/documented',
    '--static',
    '--json',
    '--html',
    page,
    '--csv',
    table,
  );
  assert.equal(both.status, 1, both.stderr);
  const grades = JSON.parse(both.stdout) as Grade[];
  assert.deepEqual(
    grades.map(({ score }) => score),
    [100, 51.4],
  );
  assert.match(readFileSync(table, 'utf8'), /^stack,100,70,yes/m);
  assert.match(readFileSync(page, 'utf8'), /<h1>Grade<\/h1>/);
  const ours = chaos('grade', 'stack', '--static', '--json');
  assert.equal(ours.status, 0, ours.stderr);
  const { mode, score, criteria, findings } = JSON.parse(ours.stdout) as Grade;
  assert.deepEqual([mode, score, criteria.length, findings], ['static', 100, 6, []]);
});

test('the command: a summary for people, in French where that is asked for', () => {
  const { status, stdout } = chaos('grade', 'test/fixtures/documented', '--static', '--lang', 'fr');
  assert.equal(status, 1);
  assert.match(stdout, /non réussi {2}51\.4 sur 100 \(seuil de réussite 70\)/);
  assert.match(stdout, /^ {2}Règles d’alerte pertinentes +█+░+ +13\.8 \/ 20$/m);
  assert.match(
    stdout,
    /slo\.yml:13\n +SLOLatencyBreach ne peut jamais se déclencher.*\n +→ ajouter 0\.3 aux buckets/,
  );
});

test('the command: what is no use is refused with exit 2 and what to do', () => {
  for (const [args, said] of [
    [[], /Nothing to grade/],
    [['--static'], /Nothing to grade/],
    [['stack', '--static', '--prometheus', 'http://127.0.0.1:1'], /takes folders and no servers/],
    [['stack', 'docs', '--compose-project', 'it'], /Several folders cannot be one stack/],
  ] as const) {
    const { status, stdout, stderr } = chaos('grade', ...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, said);
  }
  for (const args of [
    ['nowhere'],
    ['stack/compose.yml'],
    ['stack', '--rubric', 'stack/compose.yml'],
    ['stack', '--lang', 'de'],
  ]) {
    const { status, stdout } = chaos('grade', ...args, '--static');
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
  }
});
