import { z } from 'zod';
import { shown } from './problem.js';

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** Words for what zod found where a field has none of its own. */
export function wording(issue: z.core.$ZodRawIssue): string {
  const example = exampleOf(issue.inst);
  if (issue.input === undefined) return `is missing${example}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}${insteadOf(issue)}${example}`;
    case 'too_small':
      return `must ${bound(issue.origin, issue.minimum, 'at least')}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.maximum, 'at most')}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return issue.keys.map(() => 'is not a known key').join('\n');
    default:
      return `has a form that is not known${example}`;
  }
}

/** Text fields may hold secrets, so what stands in their place is not repeated. */
function insteadOf(issue: { expected: string; input?: unknown }): string {
  if (issue.expected === 'string') return typeof issue.input === 'object' ? '' : ': write it in quotes';
  return `, not ${shown(issue.input)}`;
}

function bound(origin: string, limit: number | bigint, relation: string): string {
  if (origin === 'array' || origin === 'record')
    return `have ${relation} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  if (origin === 'string') return `have ${relation} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `be ${relation} ${limit}`;
}

function exampleOf(schema: unknown): string {
  if (!(schema instanceof z.core.$ZodType)) return '';
  const examples: unknown = z.globalRegistry.get(schema)?.examples;
  if (!Array.isArray(examples) || examples.length === 0) return '';
  const [example]: unknown[] = examples;
  return `, write for example ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}
