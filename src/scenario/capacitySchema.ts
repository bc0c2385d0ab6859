import { z } from 'zod';
import { varied } from './capacitySpec.js';
import { duration, keys, oneOf, quantity } from './fields.js';

/** More than any machine carries, and few enough for every sum to be exact. */
const MOST_LOAD = 1_000_000_000;

const load = (description: string, example: number) =>
  z
    .int({
      error: (issue) =>
        issue.code === 'invalid_type' && issue.input !== undefined
          ? `must be a whole number, such as ${example}`
          : undefined,
    })
    .min(1)
    .max(MOST_LOAD)
    .meta({ description, examples: [example] });

/** What `wsherd capacity` searches for; every key can also be given on the command line, which wins. */
export const capacitySchema = keys({
  vary: oneOf(
    varied,
    'What grows: connections, connects a second, messages a second of all publishers together, or rooms of equal size',
  ),
  from: load('The first level to try: one that is sure to pass', 1000),
  to: load('The last one', 20_000),
  precision: quantity(
    'percentage',
    'How wide the bracket may be, of its lower end; one unit at the least',
    '1%',
    {
      positive: false,
      most: '50%',
    },
  ).default('1%'),
  tries: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .meta({ description: 'How often the two ends of the bracket are tried at the most', examples: [3] }),
  needed: z
    .int()
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Of these, how many must pass; default: more than half', examples: [2] }),
  settle: duration('A hold before the one that measures, named settle', '5s', { positive: false }).optional(),
  measure: duration('Length of the first hold; default: as the timeline says', '15s').optional(),
  coolDown: duration('Rest between two tries; default 1s, and 5s where the target is kept', '1s', {
    positive: false,
  }).optional(),
  target: oneOf(
    ['fresh', 'kept'],
    'Whether each try starts a target of its own; default fresh, and kept for a url',
  ).optional(),
}).meta({
  description: 'The search of wsherd capacity: how much the server holds',
  examples: [{ vary: 'connections', from: 1000, to: 20_000 }],
});

export type CapacityDocument = z.output<typeof capacitySchema>;
