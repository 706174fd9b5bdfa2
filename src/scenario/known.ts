import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { readRuleFiles } from '../rules/rule-files.ts';
import type { Known } from './rough.ts';

/**
 * The services and alerts of a stack, from its files: nothing has to run. What is absent or cannot be read is
 * undefined, and so not checked; `chaos up` tells what is wrong with it. Who has read its rules hands them in.
 */
export function knownFromStack(
  stackDir: string,
  rules = readRuleFiles(join(stackDir, 'prometheus/rules')),
): Known {
  const names = new Set(rules.alerts.map(({ name }) => name));
  return {
    services: servicesOf(join(stackDir, 'compose.yml')),
    alerts: names.size > 0 ? [...names] : undefined,
  };
}

function servicesOf(compose: string): string[] | undefined {
  if (!existsSync(compose)) return undefined;
  const document = parseDocument(readFileSync(compose, 'utf8'), { merge: true });
  const services = isMap(document.contents) ? document.get('services') : undefined;
  return isMap(services) ? services.items.map(({ key }) => String(key)) : undefined;
}
