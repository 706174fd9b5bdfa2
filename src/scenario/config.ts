import { existsSync } from 'node:fs';
import * as z from 'zod';
import { messageOf, type Problem } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { problemAt } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { openSource } from '../core/yaml-source.ts';
import { problemsOf } from './problems.ts';
import { MOST_ENTRIES } from './schema.ts';

/** Looked for in the working directory, and nowhere else. */
export const CONFIG_FILE = 'chaos.config.yaml';

const KIND = { called: 'a configuration', begins: 'allow:' };

/** Why a text is no origin that can be allowed; undefined for one that is. */
function wrongOrigin(text: string): string | undefined {
  if (text.includes('*'))
    return 'has a wildcard; name each origin, so that one reads here what may be reached';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Load is not sent over https, whatever stands here: see check-load.ts. Notifications are.
  if (!/^https?:$/.test(url?.protocol ?? '') || !/^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text))
    return 'is no origin; write it like http://shop.staging.internal:8080';
  if (isLoopback(url!.hostname)) return 'is this machine, to which anything may go anyway';
  return undefined;
}

const origin = z
  .string()
  .max(300)
  .superRefine((text, context) => {
    const message = wrongOrigin(text);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .transform((text) => new URL(text).origin)
  .meta({ pattern: '^https?://[^/?#@*\\s]+/?$' });

/** The configuration file, as it is written. Docs: docs/config.md; exported as docs/config.schema.json. */
export const configSchema = z
  .strictObject({
    allow: z
      .strictObject({
        urls: z.array(origin).max(MOST_ENTRIES).default([]).meta({
          description:
            'origins that load (http) and forwarded notifications may go to: scheme, host and port, matched exactly',
        }),
      })
      .default({ urls: [] })
      .meta({ description: 'what may be touched beside the lab and this machine' }),
  })
  .meta({ title: 'chaos configuration' });

export type Config = z.output<typeof configSchema>;

/** Reads a configuration's text; either a configuration or at least one problem comes back. */
export function readConfig(text: string, file: string): { config?: Config; problems: Problem[] } {
  const { source, plain, problems: broken } = openSource(text, file, KIND);
  if (!plain) return { problems: inOrder(broken) };
  const parsed = configSchema.safeParse(plain);
  if (parsed.success) return { config: parsed.data, problems: [] };
  const problems = problemsOf(source, plain, parsed.error.issues, configSchema);
  if (problems.length === 0) problems.push(problemAt(source, 0, messageOf(parsed.error)));
  return { problems: inOrder(problems) };
}

/**
 * The configuration of a run.
 * @param file as the user named it; without it that of the working directory, if there is one
 */
export function loadConfig(file?: string): { config?: Config; problems: Problem[] } {
  if (file === undefined && !existsSync(CONFIG_FILE)) return { config: configSchema.parse({}), problems: [] };
  const named = file ?? CONFIG_FILE;
  const read = readText(named, KIND.called);
  return 'text' in read ? readConfig(read.text, named) : { problems: [read.problem] };
}
