import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ChaosError } from './errors.ts';
import type { Lab } from './lab.ts';

/** Reads a lab's environment file (`<dir>/.env`); empty where there is none. */
export function readEnvironment(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const variables = Object.entries(parseEnv(readFileSync(file, 'utf8')));
  return Object.fromEntries(variables.map(([key, value]) => [key, String(value)]));
}

/**
 * A password of the lab, for the moment of a connection: never kept in a record or an undo note.
 * @throws ChaosError `not-ready` where the lab has none of that name
 */
export function labPassword(
  lab: Lab,
  name: 'POSTGRES_PASSWORD' | 'APP_DB_PASSWORD' | 'REDIS_PASSWORD' | 'GRAFANA_PASSWORD',
): string {
  const password = readEnvironment(join(lab.dir, '.env'))[name];
  if (password) return password;
  throw new ChaosError('not-ready', `The lab ${lab.name} has no ${name} in its .env.`, {
    hint: `chaos up --name ${lab.name}`,
  });
}
