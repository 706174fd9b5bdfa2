import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { readAssets } from '../../../src/report/html/assets.ts';
import { comparePage } from '../../../src/report/html/compare-page.ts';
import { page } from '../../../src/report/html/page.ts';
import { junit } from '../../../src/report/junit.ts';
import { markdown } from '../../../src/report/markdown.ts';
import { writeIndex, writePage } from '../../../src/report/pages.ts';
import { readRecordAt } from '../../../src/report/read-records.ts';
import type { RunRecord } from '../../../src/report/record.ts';

const FOLDER = join(PACKAGE_DIR, 'test/fixtures/record');
const { record } = readRecordAt(FOLDER);
const HOSTILE = '</script><img src=x onerror="alert(1)">]]>&\'`|*\u0000\u001b[2J\u202e\ud800\nend';

const isInert = (text: string) => !/[\p{Cc}\p{Surrogate}\u202e\ufffe\uffff]/u.test(text.replaceAll('\n', ''));

type Node = DefaultTreeAdapterTypes.Node;
const childrenOf = (node: Node): Node[] =>
  'childNodes' in node ? node.childNodes.flatMap((one) => [one, ...childrenOf(one)]) : [];
const elements = (text: string) =>
  childrenOf(parse(text)).filter((node): node is DefaultTreeAdapterTypes.Element => 'tagName' in node);
const textOf = (text: string) =>
  childrenOf(parse(text))
    .flatMap((node) => ('value' in node ? [node.value] : []))
    .join(' ');

/** The record with every word in it that is anybody's choice replaced. */
function poisoned(value: unknown, key = ''): unknown {
  const times =
    /At$|^at$|^from$|^to$|deadline|Deadline|earliest|startsAt|^kind$|^state$|^status$|^outcome$|^verdict$|^model$|^witness$|^op$|^control$|^scenario$|^file$|^expr$|^restarted$|^histogram$/;
  if (typeof value === 'string') return times.test(key) ? value : HOSTILE;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (value === null || typeof value !== 'object') return value;
  const word = ['labels', 'annotations', 'statuses', 'errors'].includes(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, one], i) => [word && i === 0 ? HOSTILE : name, poisoned(one, name)]),
  );
}

test('the page tells verdict, score, each alert and each load, and asks for nothing', () => {
  const text = page(record, readAssets());
  const words = textOf(text);
  for (const word of [record.verdict, String(record.score), record.because, record.scenario])
    assert.ok(words.includes(word), word);
  for (const { alert } of [...record.expectations, ...record.unexpected])
    assert.ok(words.includes(alert), alert);
  for (const { name } of record.load) assert.ok(words.includes(name), name);
  for (const { attrs, tagName } of elements(text))
    for (const { name, value } of attrs)
      assert.doesNotMatch(`${name}=${value}`, /^(src|href|action|srcset)=(?!#)/, tagName);
  assert.doesNotMatch(text.replace(readAssets().style, ''), /url\(|@import/);
});

test('hostile words are text in the page, in JUnit and in Markdown', () => {
  const bad = poisoned(record) as RunRecord;
  const text = page(bad, { script: '', style: '' });
  const plain = page(record, { script: '', style: '' });
  const kinds = (of: string) => [...new Set(elements(of).map(({ tagName }) => tagName))].sort();
  assert.deepEqual(
    kinds(text).filter((kind) => !kinds(plain).includes(kind) && kind !== 'p'),
    [],
  );
  assert.ok(elements(text).every(({ attrs }) => attrs.every(({ name }) => !name.startsWith('on'))));
  assert.ok(isInert(text));
  assert.ok(textOf(text).includes('<img src=x onerror="alert(1)">'));

  const xml = junit([bad, record]);
  assert.equal(XMLValidator.validate(xml), true);
  assert.ok(isInert(xml));

  const summary = markdown([bad]);
  assert.doesNotMatch(summary, /<img/);
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
  const rows = summary.split('\n').filter((line) => line.startsWith('|'));
  assert.equal(new Set(rows.map(cells)).size, 1);
});

test('two runs side by side: outcomes, times, loads and the rules that differ', () => {
  const [first] = record.expectations;
  const later = new Date(Date.parse(first!.firedAt!) + 1000).toISOString();
  const other = structuredClone(record);
  Object.assign(other.expectations[0]!, { outcome: 'late', firedAt: later });
  Object.assign(other.rules.alerts.find(({ name }) => name === first!.alert)!, { forMs: 12_000 });
  const words = textOf(comparePage(record, other)).replace(/\s+/g, ' ');
  assert.match(words, /on-time\s+late/);
  assert.match(words, /\+10s/);
  assert.match(words, /for 1m\s.*for 2m/);
  assert.doesNotMatch(textOf(comparePage(record, record)), /not expected|not loaded/);
  assert.match(textOf(comparePage(record, record)), /the same alerting rules/);
  const bad = poisoned(record) as RunRecord;
  assert.ok(isInert(comparePage(bad, record)));
  assert.ok(!elements(comparePage(bad, bad)).some(({ tagName }) => tagName === 'img'));
});

test('JUnit says what failed, and what cannot be known', () => {
  const [first] = record.expectations;
  const missed = { ...first!, outcome: 'missed' as const, reasons: ['It never fired.'], firedAt: null };
  const unsure = { ...first!, outcome: 'inconclusive' as const, reasons: ['Nobody knows.'] };
  const xml = junit([{ ...record, verdict: 'fail', score: 0, expectations: [missed, unsure] }]);
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml);
  const { failures, skipped, tests, testcase } = testsuites.testsuite;
  assert.deepEqual([tests, failures, skipped], ['4', '2', '1']);
  assert.equal(testcase[1].failure.message, 'missed. It never fired.');
  assert.equal(testcase[2].skipped.message, 'inconclusive. Nobody knows.');
});

test('pages are written beside their records, and the index leads to them', async () => {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-pages-'));
  const files = ['one', 'two'].map((name) => ({ file: join(reports, name, 'run.json'), text: '', record }));
  await assert.rejects(writePage(files[0]!), { kind: 'not-ready', message: /could not be written/ });
  const index = await writeIndex(reports, files);
  const hrefs = elements(readFileSync(index, 'utf8')).flatMap(({ attrs }) =>
    attrs.filter(({ name }) => name === 'href').map(({ value }) => value),
  );
  assert.deepEqual(hrefs, ['one/report.html', 'two/report.html']);
});
