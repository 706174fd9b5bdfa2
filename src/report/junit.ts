import { alertName } from '../core/labels.ts';
import { isDetected } from '../verdict/score.ts';
import type { JudgedExpectation } from '../verdict/verdict.ts';
import { type Html, html } from './html/markup.ts';
import type { RunRecord } from './record.ts';

/**
 * Runs as JUnit XML, a suite each: a case for the verdict, one for each expected alert, and one for what nobody expected.
 * A case fails where its alert was missed or early, and is skipped where the evidence does not tell; a late one is
 * told, and fails the verdict's case where the score does. Times are seconds of wall time.
 */
export function junit(records: readonly RunRecord[]): string {
  const suites = records.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${html`<testsuites name="chaos">${suites}\n</testsuites>`.text}\n`;
}

function suite(record: RunRecord): Html {
  const { scenario, startedAt, endedAt, expectations } = record;
  const cases = [
    verdictCase(record),
    ...expectations.map((one) => alertCase(one, record)),
    silenceCase(record),
  ];
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  const time = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return html`
  <testsuite name="${scenario}" timestamp="${startedAt}" time="${time}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}">${cases.map((one) => written(one, scenario))}
  </testsuite>`;
}

interface Case {
  name: string;
  kind: 'passed' | 'failure' | 'error' | 'skipped';
  message: string;
  seconds: number;
}

function written({ name, kind, message, seconds }: Case, scenario: string): Html {
  const inner = {
    passed: () => (message === '' ? html`` : html`<system-out>${message}</system-out>`),
    failure: () => html`<failure message="${message}"/>`,
    error: () => html`<error message="${message}"/>`,
    skipped: () => html`<skipped message="${message}"/>`,
  };
  return html`
    <testcase classname="chaos.${scenario}" name="${name}" time="${seconds}">${inner[kind]()}</testcase>`;
}

function verdictCase({ verdict, because, score }: RunRecord): Case {
  const kind = { pass: 'passed', fail: 'failure', inconclusive: 'error' } as const;
  const message = score === null ? because : `${because} Score ${score}.`;
  return { name: 'verdict', kind: kind[verdict], message, seconds: 0 };
}

function alertCase(
  { alert, labels, outcome, reasons, effectAt, firedAt }: JudgedExpectation,
  record: RunRecord,
): Case {
  const kind = outcome === 'inconclusive' ? 'skipped' : isDetected(outcome) ? 'passed' : 'failure';
  const seconds = effectAt && firedAt ? Math.max(0, Date.parse(firedAt) - Date.parse(effectAt)) / 1000 : 0;
  const told = outcome === 'on-time' ? reasons : [`${outcome}.`, ...reasons];
  const speed = record.speed === 1 ? '' : ` (at ${record.speed}x)`;
  return {
    name: `${alertName(alert, labels)} fires in time${speed}`,
    kind,
    message: told.join(' '),
    seconds,
  };
}

function silenceCase({ unexpected }: RunRecord): Case {
  const names = [...new Set(unexpected.map(({ alert, labels }) => alertName(alert, labels)))];
  const message = names.length > 0 ? `Fired, and nobody asked for it: ${names.join(', ')}.` : '';
  // It costs points, which the verdict's case counts.
  return { name: 'nothing else fires', kind: 'passed', message, seconds: 0 };
}
