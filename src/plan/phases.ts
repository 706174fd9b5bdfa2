import { type Labels, matches } from '../core/labels.ts';
import type { AlertRule } from '../rules/rule.ts';

/** Something that happens every `everyMs` before and after `at`; milliseconds since the Unix epoch. */
export interface Beat {
  at: number;
  everyMs: number;
}

/** When a Prometheus looks: a scrape of each target, and an evaluation of each rule group. */
export interface Phases {
  targets: (Beat & { job: string; instance: string })[];
  groups: (Beat & { name: string; file: string })[];
}

/** When it looks next, as far as one alert is concerned. */
export interface Looks {
  /** By when every target that may matter has been scraped, from a time on. */
  nextScrape(time: number): number;
  nextEvaluation(time: number): number;
}

/**
 * Prometheus tells when it last began to scrape or evaluate, which on a busy machine is this much after the beat at
 * most; wall milliseconds.
 */
export const JITTER_MS = 250;

/**
 * When a rule is fed and evaluated. Targets count if their job and instance fit the labels that are expected; all of
 * them where those name none.
 * @returns undefined where the phases are not known, its group was never evaluated, or no target was scraped
 */
export function looksOf(
  phases: Phases | null,
  { group, file }: AlertRule,
  labels: Labels,
): Looks | undefined {
  if (!phases) return undefined;
  const evaluation = phases.groups.find((one) => one.name === group && one.file === file);
  const { job, instance } = labels;
  const wanted = { ...(job ? { job } : {}), ...(instance ? { instance } : {}) };
  const fitting = phases.targets.filter((one) => matches({ job: one.job, instance: one.instance }, wanted));
  const targets = fitting.length > 0 ? fitting : phases.targets;
  if (!evaluation || targets.length === 0) return undefined;
  return {
    nextScrape: (time) => Math.max(...targets.map((target) => nextOf(target, time))),
    nextEvaluation: (time) => nextOf(evaluation, time),
  };
}

function nextOf({ at, everyMs }: Beat, time: number): number {
  return at + Math.ceil((time - at) / everyMs) * everyMs;
}
