import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { systemClock } from '../../src/core/clock.ts';
import { programFile } from '../../src/core/paths.ts';
import { newToken } from '../../src/core/token.ts';
import { Fleet } from '../../src/load/fleet.ts';
import { HubChannel } from '../../src/load/hub-channel.ts';

/** A hub and its agents as processes on this machine; what a Swarm adds to them is only where they run. */
export interface LocalFleet extends AsyncDisposable {
  fleet: Fleet;
  hub: ChildProcess;
  agents: ChildProcess[];
  /** Starts another agent. */
  join(slot: number, environment?: Record<string, string>): ChildProcess;
}

export async function localFleet(
  size: number,
  environment: Record<string, string> = {},
): Promise<LocalFleet> {
  const token = newToken();
  const hub = spawn(process.execPath, [programFile('load/hub')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const stream = Duplex.from({ readable: hub.stdout, writable: hub.stdin });
  const channel = new HubChannel(stream, systemClock);
  channel.open(token, 0);
  while (channel.port === undefined) await systemClock.sleep(10);
  const join = (slot: number, more: Record<string, string> = {}) =>
    spawn(process.execPath, [programFile('load/agent')], {
      stdio: 'inherit',
      env: {
        ...process.env,
        CHAOS_HUB: `127.0.0.1:${channel.port}`,
        CHAOS_TOKEN: token,
        CHAOS_SLOT: String(slot),
        CHAOS_NODE: `node-${slot}`,
        CHAOS_SECONDS: '60',
        ...environment,
        ...more,
      },
    });
  const agents = Array.from({ length: size }, (_, index) => join(index + 1));
  while (channel.members.length < size) await systemClock.sleep(10);
  return {
    fleet: new Fleet(channel, systemClock),
    hub,
    agents,
    join,
    async [Symbol.asyncDispose]() {
      channel.end();
      for (const child of [hub, ...agents]) await ended(child);
    },
  };
}

/** Resolves once a process has ended. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('exit', resolve));
}
