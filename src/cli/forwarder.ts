import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { destinationOf } from '../notify/destination.ts';
import { Forwarder } from '../notify/forwarder.ts';
import { loadTemplate, renderDefault } from '../notify/template.ts';
import { loadConfig } from '../scenario/config.ts';
import { tell } from './terminal.ts';

interface Given {
  forward: string;
  template?: string | undefined;
  config?: string | undefined;
}

/**
 * What forwards notifications as the options say.
 * @throws ChaosError `usage` for a URL that is not allowed, `bad-file` for a configuration or a template that is wrong
 */
export function forwarderTo(given: Given, lab: Lab, signal: AbortSignal): Forwarder {
  const { config, problems } = loadConfig(given.config);
  if (!config) throw new ChaosError('bad-file', 'The configuration cannot be used.', { problems });
  const url = destinationOf(given.forward, lab, config.allow.urls);
  const read =
    given.template === undefined ? { render: renderDefault, problems: [] } : loadTemplate(given.template);
  if (!read.render)
    throw new ChaosError('bad-file', 'Nothing was sent: the template cannot be used.', {
      problems: read.problems,
      hint: 'docs/notifications.md has samples',
    });
  return new Forwarder({ url, render: read.render, clock: systemClock, signal, tell });
}
