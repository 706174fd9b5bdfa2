import type { SyntaxNode } from '@lezer/common';

export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
}

/** A stretch of a text, and what stands there instead. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** A text with stretches replaced that do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let whole = '';
  let copied = 0;
  for (const { from, to, text: other } of [...edits].sort((a, b) => a.from - b.from)) {
    whole += text.slice(copied, from) + other;
    copied = to;
  }
  return whole + text.slice(copied);
}
