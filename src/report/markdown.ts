import { humanDuration } from '../core/duration.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import type { RunRecord } from './record.ts';

const SIGNS = { pass: '✅', fail: '❌', inconclusive: '❔' } as const;

/** Runs as Markdown, short enough for the comment of a pull request. Times are lab time. */
export function markdown(records: readonly RunRecord[]): string {
  return `${records.map(one).join('\n\n')}\n`;
}

function one(record: RunRecord): string {
  const { scenario, verdict, score, because, expectations, unexpected, speed } = record;
  const points = score === null ? 'no score' : `score ${score}`;
  const rows = expectations.map(
    ({ alert, labels, outcome, effectAt, firedAt, earliest, deadline, reasons }) => {
      const after = (at: string | null) =>
        effectAt && at ? humanDuration((Date.parse(at) - Date.parse(effectAt)) * speed) : '';
      const due = earliest && deadline ? `${after(earliest)} to ${after(deadline)}` : '';
      return `| ${[text(alertName(alert, labels)), outcome, after(firedAt), due, text(reasons.join(' '))].join(' | ')} |`;
    },
  );
  const table = [
    '| alert | outcome | fired after | due after | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  const others = [...new Set(unexpected.map(({ alert, labels }) => text(alertName(alert, labels))))];
  return [
    `### ${SIGNS[verdict]} ${scenario}: ${verdict}, ${points}`,
    '',
    text(because),
    ...(rows.length > 0 ? ['', ...table] : []),
    ...(others.length > 0 ? ['', `Fired, and nobody asked for it: ${others.join(', ')}`] : []),
  ].join('\n');
}

/** Text that means nothing to Markdown, nor to the HTML it may hold, nor to a table. */
function text(given: string): string {
  return visible(given).replace(/[\\`*_{}[\]()#+!|<>~&@$]/g, (one) =>
    one === '<' || one === '>' || one === '&' ? `&#${one.charCodeAt(0)};` : `\\${one}`,
  );
}
