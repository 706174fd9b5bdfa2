import type { JudgedExpectation } from '../../../verdict/verdict.ts';
import { placeOfRule } from '../../alerts.ts';
import { type Judged, lost, won } from '../../check.ts';
import { noRules } from '../../criteria/rules.ts';
import type { Submission } from '../../submission.ts';
import { WATCHED, type Watched } from '../incidents.ts';
import { isOnTime } from '../on-time.ts';
import type { Sighting } from '../sighting.ts';

/** Whether each of the watched was raised by its incident within its own `for:`. */
export function raised(
  wanted: readonly Watched[],
  running: Submission,
  { incidents, prometheus }: Sighting,
): Judged[] {
  return wanted.map((watched) => {
    const { incident: id, alertOf } = WATCHED[watched];
    const incident = incidents.find((one) => one.id === id);
    const rule = alertOf(running);
    if (!rule) return lost('nothing-raised', { incident: id, watched }, noRules(running));
    const at = placeOfRule(rule);
    const expected = incident?.expected.find((one) => one.watched === watched);
    if (!expected && typeof prometheus !== 'string' && prometheus.busy)
      return lost('busy-machine', { alert: rule.name }, at);
    if (!expected) return lost('fires-anyway', { alert: rule.name, incident: id }, at);
    const { record, why, file, unquiet } = incident!;
    const seen = record?.expectations[incident!.expected.indexOf(expected)];
    if (!seen && unquiet) return lost('undecided', { alert: rule.name, incident: id, why: why ?? '-' }, at);
    if (!seen) return lost('no-incident', { incident: id, why: why ?? '-' }, at);
    return isOnTime(seen)
      ? won(`${rule.name} ${after(seen)}${file === null ? '' : `, ${file}`}`, at)
      : lost(wordFor(seen), { alert: rule.name, incident: id, why: seen.reasons.join(' ') }, at);
  });
}

function wordFor({ outcome, firedAt }: JudgedExpectation) {
  if (outcome === 'late') return 'fired-late';
  if (outcome === 'early') return 'fired-early';
  return outcome === 'inconclusive' && firedAt === null ? 'undecided' : 'not-fired';
}

function after({ effectAt, firedAt }: JudgedExpectation): string {
  if (!effectAt || !firedAt) return '';
  return `+${((Date.parse(firedAt) - Date.parse(effectAt)) / 1000).toFixed(1)} s`;
}
