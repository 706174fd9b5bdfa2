import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readRuleFiles } from '../rules/rule-files.ts';
import type { Known } from './check.ts';

/** The services and alerts of a stack, from its files: nothing has to run. */
export function knownFromStack(stackDir: string): Known {
  const compose = join(stackDir, 'compose.yml');
  const rules = join(stackDir, 'prometheus/rules');
  const services = existsSync(compose)
    ? Object.keys((parse(readFileSync(compose, 'utf8'), { merge: true }) as { services: object }).services)
    : undefined;
  const alerts = existsSync(rules) ? readRuleFiles(rules).alerts.map(({ name }) => name) : undefined;
  return { services, alerts };
}
