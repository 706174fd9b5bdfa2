import type { AlertRule } from '../../src/rules/rule.ts';

/** `up == 0` for 1m, as a lab at 10x runs it. */
export const ruleOf = (over: Partial<AlertRule> = {}): AlertRule => ({
  name: 'A',
  expr: 'up == 0',
  forMs: 6000,
  keepFiringForMs: 0,
  labels: {},
  annotations: {},
  group: 'g',
  intervalMs: 1500,
  ...over,
});

/** Scrapes and evaluations of a lab at 10x. */
export const TENFOLD = { scrapeMs: 1500, scrapeTimeoutMs: 1000, evaluationMs: 1500 };
