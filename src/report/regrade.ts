import { ChaosError } from '../core/errors.ts';
import { openJson } from '../core/json-source.ts';
import { jsonText } from '../core/visible.ts';
import type { Evidence } from '../run/record.ts';
import { judge } from '../verdict/judge.ts';
import { chainOf, changedParts, PARTS, type Part } from './chain.ts';
import { evidenceOf, type RunRecord, toRecord } from './record.ts';
import type { SamplesNote } from './samples.ts';

/** A run as it is kept: judged from what is written, so that any later judgement has the same to go by. */
export function recordOf(evidence: Evidence, samples: SamplesNote | null): RunRecord {
  const { chain: _, ...written } = JSON.parse(textOf({ ...toRecord(evidence, judge(evidence)), samples }));
  return sealed(judged(written));
}

/** The record again, from its own evidence. One without a chain gets none. */
export function regrade(record: RunRecord): RunRecord {
  const { chain, ...rest } = record;
  return chain ? sealed(judged(rest)) : judged(rest);
}

/** A run as it would have been under other rules. It has no chain, as it is nobody's record of a run. */
export function replayedRecord(record: RunRecord, evidence: Evidence): RunRecord {
  const { chain: _, ...written } = JSON.parse(textOf({ ...record, ...toRecord(evidence, judge(evidence)) }));
  return judged(written);
}

/** A record as it stands in its file. */
export function textOf(record: object): string {
  return `${jsonText(record)}\n`;
}

/**
 * Refuses a record that is not as it was written. One without a chain cannot be checked, and is let through.
 * @param where its file, for the message
 * @param text of that file, where the places are to be told
 * @throws ChaosError `bad-file`, naming each part that was changed
 */
export function checkChain(record: RunRecord, where: string, text?: string): void {
  if (!record.chain) return;
  const changed = changedParts(record, record.chain);
  if (changed.length === 0) return;
  const said = changed.map((part) => (part === 'chain' ? 'the chain itself' : `${part}${keysOf(part)}`));
  const source = text === undefined ? undefined : openJson(text, where);
  const problems = changed.flatMap((part) => {
    const keys: readonly string[] = part === 'chain' ? [part] : PARTS[part];
    const key = keys.find((one) => Object.hasOwn(record, one));
    return source?.problemIn(key === undefined ? [] : [key], `not as it was written: ${part}`) ?? [];
  });
  throw new ChaosError('bad-file', `${where} was changed after it was written: ${said.join(', ')}.`, {
    problems,
    hint: 'only a record as chaos run wrote it is graded; take it from where it was first kept',
  });
}

function keysOf(part: Part): string {
  const keys = PARTS[part];
  return keys.length > 1 ? ` (one of ${keys.join(', ')})` : '';
}

function judged(record: RunRecord): RunRecord {
  return { ...record, ...judge(evidenceOf(record)) };
}

function sealed(record: RunRecord): RunRecord {
  return { ...record, chain: chainOf(record) };
}
