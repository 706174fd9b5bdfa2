import * as z from 'zod';
import { parseDuration } from '../core/duration.ts';
import type { Problem } from '../core/errors.ts';
import type { Matcher } from './expression.ts';
import { type Config, parseConfig, readConfigFile } from './yaml-source.ts';

/** One node of the routing tree. */
export interface Route {
  line: number;
  /** Inherited from the node above where the file leaves it out. */
  receiver: string;
  matchers: Matcher[];
  /** Whether the nodes after it are tried as well. */
  goesOn: boolean;
  /** The labels that make a group, inherited as well; `...` stands for all of them. */
  groupBy: string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  routes: Route[];
}

export interface InhibitRule {
  line: number;
  source: Matcher[];
  target: Matcher[];
  equal: string[];
}

/** What is known from an alertmanager.yml. */
export interface AlertmanagerConfig {
  file: string;
  route: Route;
  inhibits: InhibitRule[];
  /** Receivers with at least one integration. */
  reaching: Set<string>;
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text).nullish();
// Alertmanager takes a list; a lone string is a common slip, which amtool refuses as well.
const matchers = z
  .array(
    z
      .string()
      .refine((one) => parseMatchers(one) !== undefined, 'is no matcher; write it like severity="critical"'),
  )
  .nullish();
const matching = { matchers, match: texts, match_re: texts };
const route: z.ZodType<RawRoute> = z.looseObject({
  receiver: z.string().nullish(),
  continue: z.boolean().nullish(),
  group_by: z.array(z.string()).nullish(),
  group_wait: z.string().nullish(),
  group_interval: z.string().nullish(),
  ...matching,
  get routes() {
    return z.array(route).nullish();
  },
}) as never;
const schema = z.looseObject({
  route: route,
  inhibit_rules: z
    .array(
      z.looseObject({
        source_matchers: matchers,
        source_match: texts,
        source_match_re: texts,
        target_matchers: matchers,
        target_match: texts,
        target_match_re: texts,
        equal: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  receivers: z.array(z.looseObject({ name: z.string() })).nullish(),
});

const KIND = { called: 'an alertmanager.yml', begins: 'route:' };

interface RawRoute extends RawMatching {
  receiver?: string | null | undefined;
  continue?: boolean | null | undefined;
  group_by?: string[] | null | undefined;
  group_wait?: string | null | undefined;
  group_interval?: string | null | undefined;
  routes?: RawRoute[] | null | undefined;
}
interface RawMatching {
  matchers?: string[] | null | undefined;
  match?: Record<string, string> | null | undefined;
  match_re?: Record<string, string> | null | undefined;
}

/** What a route takes from the one above it where it says nothing itself; Alertmanager's own for the uppermost. */
type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs'>;
const DEFAULTS: Inherited = { receiver: '', groupBy: [], groupWaitMs: 30_000, groupIntervalMs: 300_000 };

type Read = { config?: AlertmanagerConfig; problems: Problem[] };

/** Reads an alertmanager.yml, as far as a plan needs it. */
export function readAlertmanagerConfig(file: string): Read {
  return toConfig(file, readConfigFile(file, schema, KIND));
}

/** The same from a text, such as a live Alertmanager's own. */
export function parseAlertmanagerConfig(text: string, file: string): Read {
  return toConfig(file, parseConfig(text, file, schema, KIND));
}

function toConfig(file: string, { value, problems, placeOf }: Config<z.infer<typeof schema>>): Read {
  if (!value) return { problems };
  const reaching = (value.receivers ?? []).filter((receiver) =>
    Object.entries(receiver).some(
      ([key, list]) => /_configs$/.test(key) && Array.isArray(list) && list.length > 0,
    ),
  );
  const toRoute = (raw: RawRoute, path: PropertyKey[], above: Inherited): Route => {
    const own: Inherited = {
      receiver: raw.receiver ?? above.receiver,
      groupBy: raw.group_by ?? above.groupBy,
      groupWaitMs: parseDuration(raw.group_wait ?? '') ?? above.groupWaitMs,
      groupIntervalMs: parseDuration(raw.group_interval ?? '') ?? above.groupIntervalMs,
    };
    return {
      line: placeOf(path).line,
      ...own,
      matchers: matchersOf(raw),
      goesOn: raw.continue ?? false,
      routes: (raw.routes ?? []).map((one, i) => toRoute(one, [...path, 'routes', i], own)),
    };
  };
  const inhibits = (value.inhibit_rules ?? []).map((rule, i) => ({
    line: placeOf(['inhibit_rules', i]).line,
    source: matchersOf({
      matchers: rule.source_matchers,
      match: rule.source_match,
      match_re: rule.source_match_re,
    }),
    target: matchersOf({
      matchers: rule.target_matchers,
      match: rule.target_match,
      match_re: rule.target_match_re,
    }),
    equal: rule.equal ?? [],
  }));
  return {
    config: {
      file,
      route: toRoute(value.route, ['route'], DEFAULTS),
      inhibits,
      reaching: new Set(reaching.map(({ name }) => name)),
    },
    problems,
  };
}

function matchersOf({ matchers, match, match_re }: RawMatching): Matcher[] {
  const pairs = (map: Record<string, string> | null | undefined, op: Matcher['op']) =>
    Object.entries(map ?? {}).map(([label, value]) => ({ label, op, value }));
  const written = (matchers ?? []).flatMap((one) => parseMatchers(one) ?? []);
  return [...written, ...pairs(match, '='), ...pairs(match_re, '=~')];
}

/** One matcher or several, `severity="critical", team=~"a|b"`, in braces or not; values may go without quotes. */
export function parseMatchers(text: string): Matcher[] | undefined {
  const inner = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const found: Matcher[] = [];
  let rest = inner.trim();
  while (rest !== '') {
    const match = /^"?([a-zA-Z_][\w.:]*)"?\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^",\s{}]*)\s*(,\s*|$)/.exec(
      rest,
    );
    if (!match) return undefined;
    const [whole, label, op, value] = match;
    const plain = value!.startsWith('"') ? value!.slice(1, -1).replace(/\\(["\\])/g, '$1') : value!;
    found.push({ label: label!, op: op as Matcher['op'], value: plain });
    rest = rest.slice(whole.length);
  }
  return found;
}
