import { ChaosError } from '../core/errors.ts';
import { matches } from '../core/labels.ts';
import type { FaultStep, Scenario } from '../scenario/scenario.ts';
import { endOf } from './plan.ts';

/**
 * A run whose verdict is known beforehand: with no fault at all, or with one that no expectation is about, nothing that
 * is expected may be detected.
 */
export type Control = 'no-fault' | 'wrong-fault';

/** Exporters whose loss raises InstanceDown for their own job, and nothing else: service and job. */
const BYSTANDERS = [
  ['node-exporter', 'node'],
  ['nginx-exporter', 'nginx'],
  ['redis-exporter', 'redis'],
] as const;

/**
 * The one fault of a control run: none, or a bystander stopped for as long as the scenario's own steps last.
 * @throws ChaosError `usage` for a scenario in which there is nothing to detect, or no bystander
 */
export function controlFault({ name, timeline, expect }: Scenario, control: Control): FaultStep | undefined {
  if (expect.length === 0) {
    throw new ChaosError('usage', `${name} expects no alert, so a control of it says nothing.`, {
      hint: 'it is a control itself',
    });
  }
  if (control === 'no-fault') return undefined;
  const bystander = BYSTANDERS.find(
    ([, job]) =>
      !expect.some(({ alert, labels }) => alert === 'InstanceDown' && matches({ job }, { job, ...labels })),
  );
  if (!bystander) {
    throw new ChaosError(
      'usage',
      `${name} expects InstanceDown of everything, so no fault would be the wrong one.`,
      {
        hint: 'name the job under labels:',
      },
    );
  }
  const atMs = Math.min(...timeline.map((step) => step.atMs));
  const at = timeline[0]!.at;
  return {
    kind: 'fault',
    id: 'control',
    type: 'container-stop',
    fields: { target: bystander[0] },
    atMs,
    forMs: Math.max(...timeline.map(endOf)) - atMs,
    at,
  };
}
