import { stringify } from 'yaml';
import type { AnyFault } from '../faults/fault.ts';

/** What a new scenario is about. */
export interface Draft {
  name: string;
  fault: AnyFault;
  /** Instead of the one in the fault's example. */
  target?: string | undefined;
  alert?: string | undefined;
  /** Where the JSON schema lies, for editors. */
  schema: string;
}

/** Services that are scraped themselves, by the job that does it: without them, InstanceDown fires for that job. */
const JOBS: Readonly<Record<string, string>> = {
  api: 'api',
  'node-exporter': 'node',
  'nginx-exporter': 'nginx',
  'postgres-exporter': 'postgres',
  'redis-exporter': 'redis',
};

/** A commented scenario with one fault, that can be run as it is. */
export function template({ name, fault, target, alert, schema }: Draft): string {
  const fields = {
    ...fault.example,
    ...(target !== undefined && 'target' in fault.example ? { target } : {}),
  };
  const written = stringify({ type: fault.type, ...fields, for: '3m' })
    .trim()
    .replace(/^/gm, '      ');
  return `# yaml-language-server: $schema=${schema}
#
# Every duration is lab time: a lab at speed 10 takes a tenth of it. All keys: docs/scenarios.md
#   chaos validate ${name}    every mistake of this file at once
#   chaos plan ${name}        what is done when, what is touched, when each alert must fire; touches nothing
#   chaos run ${name}         on the lab that chaos up has brought up
name: ${name}
title: ${JSON.stringify(fault.describe(fields))}
about: >
  What happens, what a customer notices of it, and why these alerts should tell.

# Background load during the whole run: without requests, no rule on rates or latencies has anything to see.
traffic:
  connections: 3
  requests:
    - url: /api/products
    - { method: POST, url: /api/cart }

# So long nothing may be pending or firing before the first step.
baseline: 1m

# Steps, each at a time counted from the end of the baseline. chaos list shows all faults; a load is a step too:
#   - { at: 1m, load: { url: /api/slow, stages: [{ to: 60, over: 30s }, { hold: 5m }] } }
timeline:
  - id: incident
    at: 0s
    # ${fault.summary}
    fault:
${written}

# The alerts that should fire because of it. Any other that fires costs points, unless it stands under tolerate:
${expectation(fault, fields, alert)}
# A true answer undoes everything and ends the run.
# stop_when: 'vector(0) > 1'
# The score from which a run without a missed alert passes.
pass: 70
`;
}

function expectation(fault: AnyFault, fields: Record<string, unknown>, alert: string | undefined): string {
  const job = fault.silences ? JOBS[String(fields.target)] : undefined;
  if (alert !== undefined) return `expect:\n  - alert: ${stringify(alert).trim()}\n`;
  if (job !== undefined) return `expect:\n  - alert: InstanceDown\n    labels: { job: ${job} }\n`;
  return `# until there is one, this run only watches what does.
#   - alert: HighErrorRate
#     labels: { endpoint: /api/products }
expect: []
watch: 5m
`;
}
