import { humanDuration } from '../core/duration.ts';
import { visible } from '../core/visible.ts';
import { CAUSES } from './causes.ts';
import type { EntryResult, Result } from './result.ts';

const took = (ms: number | null) => (ms === null ? 'not' : `after ${humanDuration(ms)}`);

/** `1 hint`, `2 hints`. */
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A blameless review to be filled in, with what is known already, in Markdown. */
export function review(result: Result): string {
  const played = result.entries.filter(({ kind, actedAt }) => kind === 'incident' && actedAt !== null);
  const lines = [
    `# Review: ${result.title}`,
    '',
    `${result.startedAt.slice(0, 10)}, lab ${result.lab} at ${result.speed}x${result.mystery ? ', a mystery' : ''}. ${result.points} of ${result.of} points, ${counted(result.falseAlarms, 'false alarm')}.`,
    '',
    'We look for what made each decision seem right when it was made, and for what would make the next one easier. Nobody is',
    'named as a cause: a person is where a story begins, not where it ends.',
    ...played.flatMap(incident),
    '',
    '## What we take with us',
    '- What surprised us?',
    '- Where were we lucky?',
    '- What did we know that is written down nowhere?',
    '',
    '| what we change | who sees to it | by when | how we notice that it works |',
    '| --- | --- | --- | --- |',
    '| | | | |',
    '',
  ];
  return lines.map(visible).join('\n');
}

function incident({ title, cause, answers, tookMs, alerts, hints, wrong, excuse }: EntryResult): string[] {
  const named = answers.map(({ service, kind }) => `${service}: ${CAUSES[kind]?.says ?? kind}`).join('; or ');
  const silent = alerts.filter(({ outcome }) => outcome === 'missed');
  const others = alerts.filter(({ expected }) => !expected);
  return [
    '',
    `## ${title}`,
    `${cause ?? ''} (${named})`,
    '',
    `- Detected ${took(tookMs.detect)}, acknowledged ${took(tookMs.acknowledge)}, diagnosed ${took(tookMs.diagnose)}, mitigated ${took(tookMs.mitigate)}${excuse ? `; not all of it counts: ${excuse}` : ''}.`,
    `- ${counted(hints, 'hint')}, ${counted(wrong.length, 'wrong name')} of the cause.`,
    `- Should have alerted and did not: ${silent.map(({ alert }) => `\`${alert}\``).join(', ') || 'nothing'}.`,
    `- Alerted beside it: ${others.map(({ alert }) => `\`${alert}\``).join(', ') || 'nothing'}.`,
    '',
    '- What did we see first, and what did we take it for?',
    '- Which alert, graph or runbook helped? Which led us away?',
    '- What did customers notice, and would we have known without them?',
    '- What would have halved the time from the alert to the cause?',
  ];
}
