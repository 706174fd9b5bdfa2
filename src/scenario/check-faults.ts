import { parseDuration } from '../core/duration.ts';
import type { Path } from '../core/positions.ts';
import { didYouMean } from '../core/suggest.ts';
import { findFault } from '../faults/index.ts';
import { type Complain, type Known, type Rough, rough } from './rough.ts';

/** The containers a fault touches must be those of the stack. */
export function checkTargets(given: Rough, path: Path, { services }: Known, complain: Complain): void {
  if (!services) return;
  for (const target of targetsOf(given) ?? []) {
    if (services.includes(target)) continue;
    const field = Object.keys(given).find((key) => given[key] === target);
    complain(field ? [...path, field] : path, `unknown container ${target}`, didYouMean(target, services));
  }
}

/**
 * Two faults of one type on one target at the same time would undo each other; and so would two of one that acts on
 * the host, which has no target.
 */
export function checkOverlaps(steps: readonly Rough[], complain: Complain): void {
  const spans = steps.map((step) => {
    const fault = rough(step.fault);
    const from = ms(step.at ?? '0s');
    return { type: fault.type, targets: targetsOf(fault), from, to: from + ms(fault.for) };
  });
  spans.forEach((one, index) => {
    const other = spans
      .slice(0, index)
      .find(
        ({ type, targets, from, to }) =>
          type === one.type &&
          targets &&
          one.targets &&
          (targets.some((target) => one.targets?.includes(target)) ||
            targets.length + one.targets.length === 0) &&
          one.from < to &&
          from < one.to,
      );
    if (other)
      complain(['timeline', index], 'the same fault is already in force on this target at that time');
  });
}

/** The targets of a fault, also where keys it does not have or a wrong duration stand beside them. */
function targetsOf(given: Rough): string[] | undefined {
  const fault = typeof given.type === 'string' ? findFault(given.type) : undefined;
  if (!fault) return undefined;
  const shape = (fault.fields as { shape?: object }).shape ?? {};
  const own = Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(shape, key)));
  const fields = fault.fields.safeParse(own);
  return fields.success ? fault.targets(fields.data) : undefined;
}

function ms(text: unknown): number {
  return typeof text === 'string' ? (parseDuration(text) ?? 0) : 0;
}
