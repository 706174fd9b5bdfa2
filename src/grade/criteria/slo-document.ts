import { type Judged, lost, type Place, won } from '../check.ts';
import type { Submission } from '../submission.ts';

const NO_DOCUMENT: Place = { file: 'docs/slo.md', line: 1 };

/** An objective's name and its figure, in the same line or paragraph. */
const OBJECTIVES = [
  {
    objective: 'availability',
    objectif: 'disponibilité',
    figure: '99.5 %',
    name: /avail|disponib/i,
    says: /99[.,]5\s*%/,
  },
  {
    objective: 'latency',
    objectif: 'latence',
    figure: '95 % < 300 ms',
    name: /laten|p95/i,
    says: /300\s*ms|0[.,]3\s*s/i,
  },
  {
    objective: 'error rate',
    objectif: 'taux d’erreur',
    figure: '< 1 %',
    name: /err/i,
    says: /(^|[^\d.,])1\s*%/,
  },
] as const;

/** Whether the document gives each objective. */
export function objectives({ slo }: Submission): Judged[] {
  if (!slo) return [lost('no-slo-document', {}, NO_DOCUMENT)];
  const lines = slo.text.split('\n');
  return OBJECTIVES.map(({ objective, objectif, figure, name, says }) => {
    // Plain text or a table: a line with both; a list: the figure within three lines of the name.
    const at = lines.findIndex((line, i) => name.test(line) && says.test(lines.slice(i, i + 4).join(' ')));
    return at < 0
      ? lost('no-objective', { objective, objectif, figure }, { file: slo.path, line: 1 })
      : won(`${objective}: ${figure}`, { file: slo.path, line: at + 1 });
  });
}

/** A heading, words in bold, or the head of a table's column, that promise reasons. */
const REASONS = /^(#+ .*|\|.*|[-*\s]*\*\*.*)\b(why|reason|rationale|justif|pourquoi|raison|motiv)/i;
/** As many words as make a sentence for each of three objectives. */
const LEAST_WORDS = 20;

/** Whether it gives reasons. How good they are is for a reader to say. */
export function reasons({ slo }: Submission): Judged[] {
  if (!slo) return [lost('no-slo-document', {}, NO_DOCUMENT)];
  const lines = slo.text.split('\n');
  const at = lines.findIndex((line) => REASONS.test(line));
  // Words in bold may have theirs in the same line.
  const after = at < 0 ? [] : lines.slice(at);
  const end = after.findIndex((line, i) => i > 0 && /^#/.test(line));
  const said = after.slice(0, end < 0 ? undefined : end).join(' ');
  const words = said.split(/\s+/).filter((one) => /\p{L}{2}/u.test(one)).length;
  return words >= LEAST_WORDS
    ? [won(lines[at]!.trim(), { file: slo.path, line: at + 1 })]
    : [lost('no-reasons', {}, { file: slo.path, line: Math.max(1, at + 1) })];
}
