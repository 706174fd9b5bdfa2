import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTemplate, renderDefault } from '../../../src/notify/template.ts';
import { viewOf } from '../../../src/notify/view.ts';
import { templates } from '../../support/fuzz-seeds.ts';
import { HOSTILE, notification } from './support.ts';

const places = (text: string) =>
  readTemplate(text, 't.json').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
const rendered = (text: string, ...labels: Record<string, string>[]) => {
  const { render, problems } = readTemplate(text, 't.json');
  assert.deepEqual(problems, []);
  return JSON.parse(render!(viewOf(notification(...labels))));
};

test('what an alert says stays text in the JSON, whatever it is', () => {
  const template = '{"a": "{{#alerts}}{{labels.job}}{{/alerts}}", "b": ["{{alertname}}"], "n": {{more}}}';
  assert.deepEqual(rendered(template, { alertname: HOSTILE, job: HOSTILE }), {
    a: HOSTILE,
    b: [HOSTILE],
    n: 0,
  });
});

test('the samples of the document are templates', () => {
  const [discord, pager, ...others] = templates();
  assert.deepEqual(others, []);
  const labels = { alertname: HOSTILE };
  assert.deepEqual(rendered(discord!, labels).allowed_mentions, { parse: [] });
  assert.equal(rendered(pager!, labels).event_action, 'trigger');
  assert.equal(rendered(pager!, labels).dedup_key, '{}:{}');
});

test('the default is what Slack takes, and mentions nobody', () => {
  const body = JSON.parse(
    renderDefault(viewOf(notification({ alertname: 'A', job: '<!channel> &' }, { alertname: 'B' }))),
  );
  assert.deepEqual(Object.keys(body), ['text']);
  assert.equal(body.text, '*firing* A{job="&lt;!channel&gt; &amp;"}: a summary\n*firing* B: a summary');
});

test('labels with names of JavaScript are labels, and those that are absent are empty', () => {
  const template =
    '{"a": "{{#alerts}}{{labels.constructor}}{{labels.__proto__}}{{labels.toString}}{{/alerts}}"}';
  assert.deepEqual(rendered(template, { alertname: 'A', constructor: 'x' }), { a: 'x' });
  assert.deepEqual(rendered(template, { alertname: 'A' }), { a: '' });
});

test('of a notification with more than a hundred alerts the rest is counted', () => {
  const many = Array.from({ length: 130 }, () => ({ alertname: 'A' }));
  const template = '{"n": [{{#alerts}}1{{^last}},{{/last}}{{/alerts}}], "more": {{more}}}';
  const { n, more } = rendered(template, ...many);
  assert.deepEqual([n.length, more], [100, 30]);
});

test('a template that could send anything else than JSON is refused, with its place', () => {
  assert.deepEqual(places('{\n  "a": "{{{status}}}",\n  "b": "{{& status}}"\n}'), [
    '2:9 {{{status}}} would be put in as it is',
    '3:9 {{{status}}} would be put in as it is',
  ]);
  assert.deepEqual(places('{"a": "{{> other}}"}'), ['1:8 a template includes no others']);
  assert.deepEqual(places('{\n  "a": "{{status}"\n}'), ['3:1 no valid Mustache: Unclosed tag']);
  assert.deepEqual(places('{\n  "s": "{{status}}",\n  "a": {{alertname}}\n}'), [
    '3:8 does not give JSON: no valid JSON',
  ]);
  // A comma that stands after the last one too.
  assert.match(
    places('{"a": [\n{{#alerts}}\n"{{name}}",\n{{/alerts}}\n]}')[0] ?? '',
    /^5:1 does not give JSON/,
  );
  assert.match(places('')[0] ?? '', /^1:1 does not give JSON/);
  assert.match(places('{"a": {{labels.job}}}')[0] ?? '', /^1:\d+ does not give JSON/);
});

test('a template that would render without end is refused', () => {
  const nested = `${'{{#alerts}}'.repeat(8)}x${'{{/alerts}}'.repeat(8)}`;
  assert.equal(places(`{"a": "${nested}"}`)[0], '1:19 a section of alerts inside another one');
  const deep = `${'{{#firing}}'.repeat(500)}x${'{{/firing}}'.repeat(500)}`;
  assert.match(places(`{"a": "${deep}"}`)[0] ?? '', /nested too deeply/);
});
