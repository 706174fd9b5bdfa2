import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { systemClock } from '../../src/core/clock.ts';
import { baseUrl, type PortName } from '../../src/core/lab.ts';
import { connectEngine } from '../../src/docker/engine.ts';
import type { UndoNote, World } from '../../src/faults/fault.ts';
import { findFault } from '../../src/faults/index.ts';
import { docker, LAB, lab, start } from './lab.ts';

export const world: World = {
  lab: lab(),
  engine: connectEngine(lab().project, systemClock),
  clock: systemClock,
};

export const inspect = async (service: string, format: string) =>
  (await docker('inspect', '--format', format, `${LAB}-${service}`)).stdout.trim();

/** The ids of the containers that faults have added to the lab, a line each; those that have ended, only with `all`. */
export async function helpers(all = true): Promise<string> {
  const project = `label=com.docker.compose.project=${lab().project}`;
  const listed = await docker(
    'ps',
    all ? '-aq' : '-q',
    '--filter',
    'label=chaos.helper',
    '--filter',
    project,
  );
  return listed.stdout.trim();
}

/** What a request to the shop answers: its status, or how it failed. By default the API itself is asked. */
export async function shop(
  path: string,
  timeout = 1500,
  port: PortName = 'API_PORT',
): Promise<number | string> {
  const url = baseUrl(lab(), port) + path;
  return axios.get(url, { proxy: false, timeout, validateStatus: () => true }).then(
    ({ status }) => status,
    (error: { code?: string }) => error.code ?? 'failed',
  );
}

/** A process of its own that injects a fault, or undoes one that it knows from the note alone. */
export function elsewhere(verb: 'inject' | 'undo', type: string, note: UndoNote) {
  const given = [verb, type, JSON.stringify(note)];
  return start(process.execPath, [fileURLToPath(new URL('./fault-process.js', import.meta.url)), ...given]);
}

/** Undoes a fault from another process, and looks that it says so. */
export async function undoElsewhere(type: string, note: UndoNote): Promise<void> {
  const { code, stdout, stderr } = await elsewhere('undo', type, note).ended;
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { restored: boolean }).restored, true);
}

/**
 * Injects a fault for as long as `during` takes, undoes it twice, and hands over what it told. The second undo is
 * that of a reaper which does not know of the first.
 */
export async function under(
  type: string,
  fields: Record<string, unknown>,
  during: (note: UndoNote) => Promise<void>,
) {
  const fault = findFault(type)!;
  const checked = fault.fields.parse(fields);
  while ((await shop('/health', 5000)) !== 200) await systemClock.sleep(200);
  const began = systemClock.now();
  const note = JSON.parse(JSON.stringify(await fault.prepare(checked, world))) as UndoNote;
  const effect = await fault
    .inject(checked, world, { signal: AbortSignal.timeout(20_000), forMs: 10_000, note })
    .catch(async (error) => {
      await fault.undo(note, world);
      throw error;
    });
  try {
    assert.ok(
      effect.beganAt >= began - 5 && effect.beganAt <= effect.effectiveAt,
      JSON.stringify({ began, ...effect }),
    );
    assert.ok(effect.effectiveAt <= systemClock.now() + 5);
    await during(note);
  } finally {
    const undone = await fault.undo(note, world);
    assert.equal(undone.restored, true, `${type}: restored`);
    assert.equal((await fault.undo(note, world)).restored, true, `${type}: restored when undone again`);
  }
}
