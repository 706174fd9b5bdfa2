import type { Episode } from '../../src/observe/history.ts';
import type { Evidence } from '../../src/run/record.ts';
import type { Surroundings } from '../../src/run/surroundings.ts';
import { ruleOf, TENFOLD } from './rule.ts';

/** Servers that could not be asked about themselves. */
export const NOTHING: Surroundings = {
  rulesHash: null,
  phases: null,
  silences: null,
  routing: null,
  skewMs: { prometheus: null, alertmanager: null },
};

/** A run at 10x in which the API died at 100 s and came back at 118 s; InstanceDown is expected. */
export function evidence(history: Episode[], over: Partial<Evidence> = {}): Evidence {
  return {
    schemaVersion: 2,
    scenario: 'api-outage',
    title: '',
    lab: 'x',
    speed: 10,
    startedAt: new Date(90_000).toISOString(),
    zeroAt: new Date(99_000).toISOString(),
    endedAt: new Date(160_000).toISOString(),
    status: 'completed',
    statusReason: null,
    pass: 70,
    expect: [{ alert: 'InstanceDown', labels: { job: 'api' }, because: 'outage', weight: 1, resolves: true }],
    tolerate: [],
    cadence: TENFOLD,
    rules: {
      alerts: [ruleOf({ name: 'InstanceDown' }), ruleOf({ name: 'Other' })],
      recordings: [],
    },
    steps: [
      {
        id: 'outage',
        kind: 'fault',
        requestedAt: 99_000,
        startedAt: 99_500,
        fullAt: 100_000,
        goneAt: 118_000,
        error: null,
      },
    ],
    faults: [],
    load: [],
    history,
    held: [[{ from: 100_400, to: 118_000 }]],
    absent: [[]],
    observations: {
      transitions: history.flatMap(({ alert, labels, firedAt }) =>
        firedAt === undefined
          ? []
          : [
              {
                at: firedAt + 100,
                witness: 'alertmanager' as const,
                alert,
                labels,
                state: 'active' as const,
              },
            ],
      ),
      notifications: [],
      gaps: [],
    },
    restarted: [],
    surroundings: { before: NOTHING, after: NOTHING },
    inbox: false,
    versions: { chaos: '0', node: '0', prometheus: '0', alertmanager: '0' },
    ...over,
  };
}

/** A stay of the expected alert. */
export const stay = (
  firedAt: number | undefined,
  resolvedAt: number | undefined = 120_000,
  alert = 'InstanceDown',
): Episode => ({
  alert,
  labels: { job: 'api', instance: 'api:5000' },
  activeAt: (firedAt ?? 107_000) - 6000,
  firedAt,
  resolvedAt,
});
