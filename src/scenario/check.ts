import { parseDuration } from '../core/duration.ts';
import type { Problem } from '../core/errors.ts';
import { findFault } from '../faults/index.ts';
import { syntaxErrors } from '../rules/promql.ts';
import { didYouMean, problemIn, type Source } from './problems.ts';

/** The words a stack knows; undefined where they are not known, and so not checked. */
export interface Known {
  alerts?: string[] | undefined;
  services?: string[] | undefined;
}

type Path = (string | number)[];
type Rough = Record<string, unknown>;

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/;

/**
 * What no schema can see: ids, references, names of the stack. Works on a file of any shape, so that these
 * problems are told together with those of the schema.
 */
export function checkMeaning(source: Source, file: unknown, known: Known): Problem[] {
  const problems: Problem[] = [];
  const complain = (path: Path, message: string, hint?: string) =>
    problems.push(problemIn(source, path, message, hint));
  const { timeline, expect, tolerate, traffic, watch, stop_when: stopWhen } = file as Rough;
  const steps = list(timeline).map(rough);

  const ids = steps.map(idOf);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) < index) {
      complain(
        ['timeline', index, ...(steps[index]!.id === undefined ? [] : ['id'])],
        `there is a step called ${id} already`,
        'give each an id: of its own',
      );
    }
  });
  steps.forEach((step, index) => {
    const path: Path = ['timeline', index];
    if (step.load !== undefined) checkAsked(rough(step.load), [...path, 'load'], known, complain);
    if (step.fault !== undefined) checkFault(rough(step.fault), [...path, 'fault'], known, complain);
  });
  if (traffic !== undefined) checkAsked(rough(traffic), ['traffic'], known, complain);
  checkOverlaps(steps, complain);

  list(expect)
    .map(rough)
    .forEach(({ alert, because }, index) => {
      checkAlert(alert, ['expect', index, 'alert'], known, complain);
      if (because === undefined && steps.length > 1) {
        complain(['expect', index], 'which step should raise it?', `because: ${ids.join(', or because: ')}`);
      } else if (because === undefined && steps.length === 0) {
        complain(['expect', index], 'there is no step that could raise it');
      } else if (typeof because === 'string' && !ids.includes(because)) {
        complain(['expect', index, 'because'], `no step is called ${because}`, didYouMean(because, ids));
      }
    });
  list(tolerate)
    .map(rough)
    .forEach((one, index) => {
      checkAlert(one.alert, ['tolerate', index, 'alert'], known, complain);
      const twice = list(expect)
        .map(rough)
        .some(
          (other) =>
            other.alert === one.alert &&
            JSON.stringify(other.labels ?? {}) === JSON.stringify(one.labels ?? {}),
        );
      if (twice)
        complain(
          ['tolerate', index],
          `${String(one.alert)} is expected and tolerated at once`,
          'leave one of the two out',
        );
    });
  if (steps.length === 0 && watch === undefined)
    complain(
      ['timeline'],
      'without a step there must be a watch:',
      'e.g. watch: 5m, for a run in which nothing may fire',
    );
  for (const [index, expression] of list(stopWhen ?? []).entries()) {
    if (typeof expression === 'string' && syntaxErrors(expression).length > 0) {
      complain(Array.isArray(stopWhen) ? ['stop_when', index] : ['stop_when'], 'this is no PromQL');
    }
  }
  return problems;
}

type Complain = (path: Path, message: string, hint?: string) => void;

function checkAsked(asked: Rough, path: Path, known: Known, complain: Complain): void {
  if ((asked.url === undefined) === (asked.requests === undefined))
    complain(path, 'needs either url: or requests:');
  checkUrl(asked.url, [...path, 'url'], known, complain);
  list(asked.requests)
    .map(rough)
    .forEach(({ url }, index) => {
      checkUrl(url, [...path, 'requests', index, 'url'], known, complain);
    });
}

function checkUrl(url: unknown, path: Path, { services }: Known, complain: Complain): void {
  if (typeof url !== 'string' || url.startsWith('/') || LOOPBACK.test(url)) return;
  if (!URL.canParse(url) || !url.startsWith('http://')) {
    complain(
      path,
      `${url} is no URL that can be asked`,
      'a path such as /api/products, or http://<service>:<port>/path',
    );
    return;
  }
  const { hostname } = new URL(url);
  if (services && !services.includes(hostname)) {
    complain(
      path,
      `${hostname} is no service of the lab; load goes nowhere else`,
      didYouMean(hostname, services),
    );
  }
}

function checkFault(fault: Rough, path: Path, { services }: Known, complain: Complain): void {
  const { type, for: _for, ...fields } = fault;
  const known = typeof type === 'string' ? findFault(type) : undefined;
  if (!known || !services) return;
  const checked = known.fields.safeParse(fields);
  if (!checked.success) return;
  for (const target of known.targets(checked.data)) {
    if (!services.includes(target))
      complain([...path, 'target'], `unknown container ${target}`, didYouMean(target, services));
  }
}

function checkAlert(alert: unknown, path: Path, { alerts }: Known, complain: Complain): void {
  if (typeof alert === 'string' && alerts && !alerts.includes(alert)) {
    complain(path, `unknown alert ${alert}`, didYouMean(alert, alerts));
  }
}

/** Two faults of one type on one target at the same time would undo each other. */
function checkOverlaps(steps: readonly Rough[], complain: Complain): void {
  const spans = steps.map((step) => {
    const fault = rough(step.fault);
    const start = parseDuration(String(step.at ?? '0s')) ?? 0;
    return {
      key: JSON.stringify([fault.type, fault.target]),
      is: step.fault !== undefined,
      start,
      end: start + (parseDuration(String(fault.for)) ?? 0),
    };
  });
  spans.forEach((one, index) => {
    const other = spans
      .slice(0, index)
      .find(
        ({ key, is, start, end }) => is && one.is && key === one.key && one.start < end && start < one.end,
      );
    if (other)
      complain(['timeline', index], 'the same fault is already in force on this target at that time');
  });
}

function idOf(step: Rough): string {
  return String(step.id ?? rough(step.fault).type ?? 'load');
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function rough(value: unknown): Rough {
  return value !== null && typeof value === 'object' ? (value as Rough) : {};
}
