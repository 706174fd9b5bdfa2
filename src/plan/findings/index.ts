import { alreadyHolds } from './already-holds.ts';
import { emptyInOutage } from './empty-in-outage.ts';
import type { Finder, Finding, Subject } from './finding.ts';
import { inhibited } from './inhibited.ts';
import { loadTooSmall } from './load-too-small.ts';
import { missingBucket } from './missing-bucket.ts';
import { noRule } from './no-rule.ts';
import { routedNowhere } from './routed-nowhere.ts';
import { tooShort } from './too-short.ts';
import { unknownLabel } from './unknown-label.ts';
import { unknownMetric } from './unknown-metric.ts';
import { unseenIncident } from './unseen-incident.ts';

/** Every kind of finding there is; each is described in docs/plan.md. */
export const FINDERS: Readonly<Record<string, Finder>> = {
  'no-rule': noRule,
  'too-short': tooShort,
  'load-too-small': loadTooSmall,
  'unknown-metric': unknownMetric,
  'unknown-label': unknownLabel,
  'missing-bucket': missingBucket,
  'already-holds': alreadyHolds,
  'unseen-incident': unseenIncident,
  'empty-in-outage': emptyInOutage,
  inhibited,
  'routed-nowhere': routedNowhere,
};

/** What keeps a scenario from coming out as it says, by kind; each finding once. */
export function findingsOf(subject: Subject): Finding[] {
  const all = Object.values(FINDERS).flatMap((finder) => finder(subject));
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

/** One text per finding: several expectations, or scenarios, may lead to the same. */
export function keyOf({ kind, file, line, column, message }: Finding): string {
  return `${file}:${line}:${column}:${kind}:${message}`;
}
