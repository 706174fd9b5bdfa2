import { readFileSync } from 'node:fs';

/** Our own version, from the package beside dist/ or src/. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
