import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import type { Role } from './decide.ts';

/** Who may see what, and where: in a file of its own, as the folder's other files are handed around. */
const ACCESS_FILE = 'access.json';

const access = z.object({
  lab: z.string(),
  port: z.int().min(0).max(65_535),
  team: z.string().min(20).max(100),
  facilitator: z.string().min(20).max(100),
});

export type Access = z.infer<typeof access>;

/** New tokens, of 128 bits each. */
export function newAccess(lab: string, port: number): Access {
  const token = () => randomBytes(16).toString('base64url');
  return { lab, port, team: token(), facilitator: token() };
}

export async function writeAccess(folder: string, given: Access): Promise<void> {
  const handle = await open(join(folder, ACCESS_FILE), 'w', 0o600);
  await handle.writeFile(JSON.stringify(given));
  await handle.sync();
  await handle.close();
}

/** What lets a folder's pages in; undefined where it has none (any more), or none that can be read. */
export async function readAccess(folder: string): Promise<Access | undefined> {
  try {
    return access.safeParse(JSON.parse(await readFile(join(folder, ACCESS_FILE), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Nobody is let in any more. */
export async function endAccess(folder: string): Promise<void> {
  await rm(join(folder, ACCESS_FILE), { force: true });
}

/** Why a request is not answered, as an HTTP status; undefined for one that comes from a page of ours. */
export function refusalOf(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
): number | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Another name that leads here is a page of somebody else's that made it so (DNS rebinding).
  if (!hosts.includes(headers.host ?? '')) return 421;
  if (method !== 'GET' && method !== 'POST') return 405;
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) return 403;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
  // Every browser says where a POST comes from; what is no browser can say it too.
  if (method === 'POST' && origin === undefined) return 403;
  return undefined;
}

/** Whose token a request carries. */
export function roleOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { team, facilitator }: Pick<Access, Role>,
): Role | undefined {
  const given = /^Bearer ([\w-]{1,100})$/.exec(headers.authorization ?? '')?.[1] ?? '';
  // Both are compared, always, so that the time tells nothing.
  const [isTeam, isFacilitator] = [same(given, team), same(given, facilitator)];
  if (isFacilitator) return 'facilitator';
  return isTeam ? 'team' : undefined;
}

function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
