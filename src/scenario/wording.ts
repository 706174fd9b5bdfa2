import type { z } from 'zod';

/** What a zod issue says in this program's words; a message written in a schema is taken as it is. */
export function wording(issue: z.core.$ZodIssue): string {
  // zod's own sentences begin so.
  if (!/^(Invalid|Too (small|big)|Unrecognized)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum))}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return 'is not written as it should be';
    default:
      return 'is not what belongs here';
  }
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function amount(of: string, bound: string, count: number): string {
  if (of === 'string') return `have ${bound} ${count} character${count === 1 ? '' : 's'}`;
  if (of === 'array') return `have ${bound} ${count} entr${count === 1 ? 'y' : 'ies'}`;
  return `be ${bound} ${count}`;
}
