import { readScenario } from '../../../src/scenario/load.ts';

export const KNOWN = { alerts: ['InstanceDown', 'ProbeFailed'], services: ['api', 'nginx', 'postgres'] };

export const STOP = '  - fault: { type: container-stop, target: api, for: 1m }';
export const load = (url: string, stages = '[{ to: 5, over: 1m }]') =>
  `  - load: { url: ${url}, stages: ${stages} }`;

/** A scenario called x whose steps begin at line 4; what follows the expectation begins below them. */
export const file = (steps: string, rest = '') =>
  `name: x\ntitle: t\ntimeline:\n${steps}\nexpect:\n  - alert: InstanceDown\n${rest}`;

/** `line:column message | hint` of every problem in a text. */
export function problems(text: string, name = 'x.yaml'): string[] {
  return readScenario(text, name, KNOWN).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );
}
