import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from '../../src/report/record.ts';
import { docker, LAB, runScenario, startChaos } from '../support/lab.ts';
import {
  deleteSilence,
  instead,
  postToAlertmanager,
  ROUTES,
  type Sabotage,
  sabotaged,
  scenarioOf,
  TAMPERED,
  tamperedRules,
} from '../support/sabotage.ts';

/** Runs the incident on a changed lab; returns what came of the one expectation. */
async function outcomeOn(change: Sabotage, scenario = scenarioOf('InstanceDown')) {
  const { record, code, stderr } = await sabotaged(change, () => runScenario(scenario));
  return judged(record, code, stderr);
}

function judged(record: RunRecord, code: number | null, stderr = '') {
  const [one] = record.expectations;
  const { outcome, reasons } = one!;
  return { outcome, why: reasons.join(' '), record, code, said: `${outcome} ${reasons}\n${stderr}` };
}

/** Runs the incident and does something in its middle, once the API is gone. */
async function outcomeWith(
  change: Sabotage,
  act: () => Promise<unknown>,
  scenario = scenarioOf('InstanceDown'),
) {
  return await sabotaged(change, async () => {
    const reports = mkdtempSync(join(tmpdir(), 'chaos-'));
    const run = startChaos('run', scenario, '--name', LAB, '--json', '--reports', reports);
    while (!run.output().includes('incident effective')) {
      assert.equal(run.child.exitCode, null, run.output());
      await pause(50);
    }
    await act();
    const { code, stdout, stderr } = await run.ended;
    assert.notEqual(stdout, '', stderr);
    return judged(JSON.parse(stdout) as RunRecord, code, stderr);
  });
}

test('on the lab as it should be an incident is seen on time, and six sabotages beside it are told apart', async (t) => {
  let id = '';
  const scenario = scenarioOf(
    'InstanceDown',
    '2m15s',
    Object.values(TAMPERED).map(({ name }) => name),
  );
  const { record, said, outcome } = await outcomeWith(
    { rules: (text) => text + tamperedRules(), alertmanager: instead(/\nreceivers:/, ROUTES) },
    async () => {
      const answer = await postToAlertmanager('silences', {
        matchers: [{ name: 'alertname', value: TAMPERED.silenced.name, isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 60_000).toISOString(),
        createdBy: 'somebody',
        comment: 'a test',
      });
      id = (answer as { silenceID: string }).silenceID;
    },
    scenario,
  );
  await deleteSilence(id);
  const of = (what: keyof typeof TAMPERED) => {
    const one = record.expectations.find(({ alert }) => alert === TAMPERED[what].name)!;
    return { outcome: one.outcome, why: one.reasons.join(' '), received: one.receivedAt };
  };
  const is = (what: keyof typeof TAMPERED, expected: string, why: RegExp) => {
    assert.equal(of(what).outcome, expected, JSON.stringify(of(what)));
    assert.match(of(what).why, why);
  };

  await t.test('as it should be: on time, and nothing forged', () => {
    assert.equal(outcome, 'on-time', said);
    assert.deepEqual(record.forged, []);
  });
  await t.test('sabotage 1: a longer for: is missed, with the time the condition held', () => {
    is(
      'longerFor',
      'missed',
      /pending, but not for long enough.* held for [12]\d(\.\d)?s at most, and its for: is 24s/,
    );
  });
  await t.test('sabotage 2: a threshold nothing reaches is missed, as its condition never held', () => {
    is('neverTrue', 'missed', /condition never held/);
  });
  await t.test('sabotage 4: a renamed label is missed, with the labels it fired with', () => {
    is('otherLabel', 'missed', /fired with other labels: RedisDown\{.*level="critical"/);
  });
  await t.test('sabotage 5: a receiver without an integration is missed: nobody would be told', () => {
    is('untold', 'missed', /the receiver nobody notifies nobody/);
    assert.ok(of('untold').received, 'Alertmanager had it');
  });
  await t.test(
    'sabotage 6: an alert silenced in the middle is inconclusive, and the silence is listed',
    () => {
      is('silenced', 'inconclusive', new RegExp(`silenced in Alertmanager, by ${id}`));
      assert.deepEqual(
        record.newSilences.map(({ createdBy }) => createdBy),
        ['somebody'],
      );
    },
  );
  await t.test('sabotage 7: an alert that another one inhibits is inconclusive', () => {
    is('inhibited', 'inconclusive', /inhibited in Alertmanager/);
  });
});

test('on the lab as it should be, a slow API is seen on time', async () => {
  const slow = await outcomeOn({}, scenarioOf('SLOLatencyBreach'));
  assert.equal(slow.outcome, 'on-time', slow.said);
});

test('sabotage 3: a deleted rule keeps the run from beginning', async () => {
  await sabotaged({ rules: (text) => text.replace('InstanceDown', 'Other') }, async () => {
    const { code, stderr } = await startChaos('run', scenarioOf('InstanceDown'), '--name', LAB).ended;
    assert.equal(code, 3);
    assert.match(stderr, /no loaded rule is called InstanceDown/);
  });
});

test('sabotage 8: a scrape job that was dropped is inconclusive: there is no sample', async () => {
  const { outcome, why, said, code } = await outcomeOn({
    prometheus: instead(/ {2}- job_name: api\n[\s\S]*?(?= {2}- job_name: nginx)/, ''),
  });
  assert.equal(outcome, 'inconclusive', said);
  assert.match(why, /reads up\{job="api"\}, and Prometheus has no sample of that/);
  assert.equal(code, 4);
});

/** Adds a relabelling of what the API exposes. */
const relabelled = (step: string) =>
  instead(/( {2}- job_name: api\n)/, `$1    metric_relabel_configs:\n      - ${step}\n`);

test('sabotage 9: a bucket that is gone is inconclusive, by its bound', async () => {
  const drop = `{ source_labels: [__name__, le], regex: '.*_bucket;0.3', action: drop }`;
  const { outcome, why, said } = await outcomeOn(
    { prometheus: relabelled(drop) },
    scenarioOf('SLOLatencyBreach'),
  );
  assert.equal(outcome, 'inconclusive', said);
  assert.match(why, /reads http_request_duration_seconds_bucket\{le="0\.3"\}, and/);
});

test('sabotage 10: a renamed metric is inconclusive, by the name that is read', async () => {
  const rename = `{ source_labels: [__name__], regex: 'http_request_duration_seconds_count', target_label: __name__, replacement: http_requests_count }`;
  const { outcome, why, said } = await outcomeOn(
    { prometheus: relabelled(rename) },
    scenarioOf('SLOLatencyBreach'),
  );
  assert.equal(outcome, 'inconclusive', said);
  assert.match(why, /reads http_request_duration_seconds_count, and/);
});

test('sabotage 11: with a slower evaluation the window is wider, by that interval, and the alert on time', async () => {
  const { outcome, said, record } = await outcomeOn(
    { prometheus: instead(/evaluation_interval: \S+/, 'evaluation_interval: 6s') },
    scenarioOf('InstanceDown', '4m30s'),
  );
  assert.equal(outcome, 'on-time', said);
  const terms = Object.fromEntries(record.expectations[0]!.deadlineTerms.map(({ name, ms }) => [name, ms]));
  assert.deepEqual([terms.for, terms.grace], [12_000, 6000]);
});

test('sabotage 12: an alert posted by hand scores nothing, and is listed as forged', async () => {
  const { outcome, record, said, code } = await outcomeWith({ rules: instead('== 0', '< -1') }, async () => {
    await pause(9500);
    await postToAlertmanager('alerts', [
      {
        labels: { alertname: 'InstanceDown', severity: 'critical', job: 'api', instance: 'api:5000' },
        endsAt: new Date(Date.now() + 5000).toISOString(),
      },
    ]);
  });
  assert.equal(outcome, 'missed', said);
  assert.deepEqual(
    record.forged.map(({ alert }) => alert),
    ['InstanceDown'],
  );
  assert.equal(record.scoreParts.find(({ name }) => name === 'detection')?.points, 0);
  assert.equal(code, 1);
});

test('an Alertmanager killed in the middle is inconclusive, not missed', async () => {
  const { outcome, why, said } = await outcomeWith({}, async () => {
    await docker('kill', `${LAB}-alertmanager`);
    await pause(8000);
    await docker('start', `${LAB}-alertmanager`);
  });
  // Prometheus sends again, so that it may have arrived in time all the same.
  assert.ok(outcome === 'inconclusive' || outcome === 'on-time', said);
  if (outcome === 'inconclusive') assert.match(why, /Alertmanager (was restarted|did not answer)/);
  else assert.match(said, /restarted/);
});

test('a Prometheus paused in the middle is inconclusive, not missed', async () => {
  const { outcome, why, said } = await outcomeWith({}, async () => {
    await docker('pause', `${LAB}-prometheus`);
    await pause(20_000);
    await docker('unpause', `${LAB}-prometheus`);
  });
  assert.equal(outcome, 'inconclusive', said);
  assert.match(why, /Prometheus did not answer for/);
});

test('a control with the wrong fault detects nothing, and holds', async () => {
  await sabotaged({}, async () => {
    const { code, stdout, stderr } = await startChaos(
      ...['run', scenarioOf('InstanceDown'), '--control', 'wrong-fault', '--name', LAB, '--json'],
      ...['--reports', mkdtempSync(join(tmpdir(), 'chaos-'))],
    ).ended;
    assert.equal(code, 0, stderr);
    const record = JSON.parse(stdout) as RunRecord;
    assert.equal(record.control, 'wrong-fault');
    assert.equal(record.scoreParts.find(({ name }) => name === 'detection')?.points, 0);
  });
});

test('calibrate counts false verdicts, and shows the spread of every delay', async () => {
  const { code, stdout, stderr } = await sabotaged({}, () => {
    const reports = mkdtempSync(join(tmpdir(), 'chaos-'));
    return startChaos(
      'calibrate',
      scenarioOf('InstanceDown'),
      '--runs',
      '1',
      '--name',
      LAB,
      '--reports',
      reports,
    ).ended;
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /sabotage: 1 runs, 0 of them false fails, 0 inconclusive/);
  assert.match(stdout, /1 controls, 0 of them false passes/);
  assert.match(stdout, /firing.*1m30s/);
});
