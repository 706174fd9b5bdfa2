import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process, told apart from a later one that was given the same number: its number and when it started, as one word
 * of digits and dashes that can be a part of a file's name.
 */
export type ProcessIdentity = string;

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? `${process.pid}-0`;
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(pidOf(identity)) === identity;
}

export function pidOf(identity: ProcessIdentity): number {
  return Number(identity.split('-')[0]);
}

function identityOf(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    // There is no such process.
    return undefined;
  }
}

/** proc(5): the 22nd field is the start in clock ticks since boot; the boot's id tells two boots apart. */
function fromProc(pid: number): ProcessIdentity | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses, in which anything may stand.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  return `${pid}-${fields[18]}-${boot}`;
}

function fromPs(pid: number): ProcessIdentity | undefined {
  const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return `${pid}-${Date.parse(text)}`;
}
