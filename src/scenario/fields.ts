import { z } from 'zod';
import { shown } from './problem.js';
import { suggest, suggestFrom } from './suggest.js';
import { baseValue, explain, parsers, patterns, type Quantity } from './units.js';

/** Longer than this and timers overflow: 2^31 ms is 596 h. */
const LONGEST_DURATION = '500h';

interface Bounds {
  readonly least?: string;
  readonly most?: string;
  /** False accepts zero. */
  readonly positive?: boolean;
}

/** A quantity that stays text, in the file's words: `resolve` makes a number of it. */
export function quantity(kind: Quantity, description: string, example: string, bounds: Bounds = {}) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? undefined : explain(kind, issue.input)),
    })
    .check((payload) => {
      const message = checkQuantity(kind, payload.value, example, bounds);
      if (message !== null) payload.issues.push({ code: 'custom', input: payload.value, message });
    })
    .meta({ description, examples: [example], pattern: patterns[kind].source });
}

function checkQuantity(kind: Quantity, text: string, example: string, bounds: Bounds): string | null {
  const { least, most, positive = true } = bounds;
  const parsed = parsers[kind](text);
  if ('problem' in parsed) return parsed.problem;
  if (positive && parsed.value === 0) return `must be more than 0, such as ${example}`;
  if (least !== undefined && parsed.value < baseValue(kind, least)) return `must be at least ${least}`;
  if (most !== undefined && parsed.value > baseValue(kind, most)) return `must be at most ${most}`;
  return null;
}

export function duration(description: string, example: string, bounds: Bounds = {}) {
  return quantity('duration', description, example, { most: LONGEST_DURATION, ...bounds });
}

/** One of a few words. `later` are words of coming releases: refused, but not as typing mistakes. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  description: string,
  later: readonly string[] = [],
) {
  return z
    .enum(words, {
      error: (issue) => {
        if (issue.input === undefined) return undefined;
        if (typeof issue.input !== 'string')
          return `must be one of ${words.join(', ')}, not ${shown(issue.input)}`;
        if (later.includes(issue.input))
          return `${issue.input} is not supported yet: write one of ${words.join(', ')}`;
        return `${shown(issue.input)} is not known${suggest(issue.input, words)}`;
      },
    })
    .meta({ description });
}

/** A program and its arguments. No shell reads them. */
export function commandLine(description: string, example: readonly string[]) {
  const written = example.map((word) => (/^[\w./-]+$/.test(word) ? word : JSON.stringify(word))).join(', ');
  return z
    .array(z.string().min(1), {
      error: (issue) =>
        issue.code === 'invalid_type' && issue.input !== undefined
          ? `must be a list of the program and its arguments, such as [${written}]`
          : undefined,
    })
    .min(1)
    .meta({ description, examples: [example] });
}

export const phaseName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    error: 'must begin with a letter and go on with letters, digits, - and _, such as before',
  })
  .meta({ description: 'Name of the phase, for thresholds and reports', examples: ['before'] });

/** A map that refuses unknown keys, each with a suggestion. */
export function keys<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return mapOf(shape, (key) => `is not a known key${suggest(key, known)}`);
}

/** The same for a map whose `kind` says which keys it has: a key of another kind is refused with those of this one. */
export function keysOfKind<Kind extends string, Shape extends z.core.$ZodLooseShape>(
  kind: Kind,
  shape: Shape,
) {
  const known = Object.keys(shape);
  return mapOf(
    { kind: z.literal(kind).describe('Which one'), ...shape },
    (key) => `is no key of ${kind}${suggestFrom(key, known)}`,
  );
}

function mapOf<Shape extends z.core.$ZodLooseShape>(shape: Shape, refuse: (key: string) => string) {
  return z.strictObject(shape, {
    // One issue stands for all unknown keys of a map; `validate.ts` takes it apart again by lines.
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map(refuse).join('\n') : undefined),
  });
}

/** Checks between the keys of one map run even when some of its values are wrong: all problems at once. */
function acrossKeys(check: (map: Record<string, unknown>, context: z.core.$RefinementCtx) => void) {
  return z.superRefine<unknown>(
    (value, context) => {
      if (isMap(value)) check(value, context);
    },
    { when: () => true },
  );
}

/** Exactly one of these keys says which kind of thing the map is. */
export function exactlyOne(alternatives: readonly string[]) {
  return acrossKeys((map, context) => {
    const present = alternatives.filter((key) => map[key] !== undefined);
    if (present.length === 1 || (present.length === 0 && hasUnknownKeys(context))) return;
    const message =
      present.length === 0
        ? `needs one of ${alternatives.join(', ')}`
        : `has ${present.join(' and ')}: write only one of them`;
    context.addIssue({ code: 'custom', message, path: present.slice(1, 2) });
  });
}

/** A map with none of these keys says nothing. */
export function atLeastOne(alternatives: readonly string[]) {
  return acrossKeys((map, context) => {
    if (alternatives.some((key) => map[key] !== undefined) || hasUnknownKeys(context)) return;
    context.addIssue({ code: 'custom', message: `needs ${alternatives.join(' or ')}`, path: [] });
  });
}

/** `key` means something only beside one of the `partners`. */
export function onlyWith(key: string, ...partners: readonly string[]) {
  return acrossKeys((map, context) => {
    if (map[key] === undefined || partners.some((partner) => map[partner] !== undefined)) return;
    const message = `goes only with ${partners.join(' or ')}: leave it out, or add ${partners[0]}`;
    context.addIssue({ code: 'custom', message, path: [key] });
  });
}

/** `key` means nothing beside `other`. */
export function notWith(key: string, other: string) {
  return acrossKeys((map, context) => {
    if (map[key] === undefined || map[other] === undefined) return;
    context.addIssue({
      code: 'custom',
      message: `does not go with ${other}: leave one of them out`,
      path: [key],
    });
  });
}

/** `key` is not complete without `other`. */
export function needs(key: string, other: string, example: string) {
  return acrossKeys((map, context) => {
    if (map[key] === undefined || map[other] !== undefined) return;
    context.addIssue({
      code: 'custom',
      message: `needs ${other}, such as ${other}: ${example}`,
      path: [key],
    });
  });
}

/** `key` means something only where `other` is `value`. */
export function onlyWhere(key: string, other: string, value: string) {
  return acrossKeys((map, context) => {
    if (map[key] === undefined || map[other] === value) return;
    const message = `goes only with ${other}: ${value}: leave it out, or write ${other}: ${value}`;
    context.addIssue({ code: 'custom', message, path: [key] });
  });
}

/** The rule of `exactlyOne` for editors: exactly one of the keys is required. */
export function oneRequired(alternatives: readonly string[]): { oneOf: { required: string[] }[] } {
  return { oneOf: alternatives.map((key) => ({ required: [key] })) };
}

/** One of them may be the key that is missed. */
function hasUnknownKeys({ issues }: z.core.$RefinementCtx): boolean {
  return issues.some((issue) => issue.code === 'unrecognized_keys');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
