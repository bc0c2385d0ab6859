import { z } from 'zod';
import { keys, oneOf } from './fields.js';
import type { Report } from './problem.js';
import type { MemoryClaim, PhaseSpec } from './scenario.js';
import { baseValue, parseSize } from './units.js';

/** A lone size is meant roughly: so much more or less of it still holds. */
const ABOUT = 0.25;

/** With the plateau without connections, as many as a slope needs. */
const LEAST_STEPS = 4;

const claimed = z
  .string({
    error: (issue) =>
      issue.input === undefined ? undefined : 'must be a size or a range, such as 8KB or 11KB to 15KB',
  })
  .check((payload) => {
    const message = checkRange(payload.value);
    if (message !== null) payload.issues.push({ code: 'custom', input: payload.value, message });
  })
  .meta({ description: 'A size, meant roughly, or a range', examples: ['8KB', '11KB to 15KB'] });

/** What somebody says of the target's memory, to be held against what is measured. */
export const claimsSchema = keys({
  memory: z
    .array(
      keys({
        what: z
          .string()
          .min(1)
          .max(100)
          .meta({ description: 'In words, for the report', examples: ['ws object'] }),
        claimed,
        is: oneOf(
          ['kernel', 'heap', 'resident', 'total'],
          'What it is held against: one end of the kernel’s memory, the heap after a collection, resident memory, or resident and kernel memory together',
        ),
        connections: z
          .int()
          .min(1)
          .default(1)
          .describe('Of how many connections together; default 1: of each'),
      }),
    )
    .min(1)
    .max(100)
    .meta({
      description: 'Row by row',
      examples: [[{ what: 'together', claimed: '11KB to 15KB', is: 'total' }]],
    }),
}).meta({
  description: 'What is said of the target’s memory, held against what is measured: needs a ramp with steps',
  examples: [{ memory: [{ what: 'together', claimed: '11KB to 15KB', is: 'total' }] }],
});

export type ClaimsDocument = z.output<typeof claimsSchema>;

/** Claims in bytes. */
export function resolveClaims({ memory }: ClaimsDocument): MemoryClaim[] {
  return memory.map(({ what, is, claimed: text, connections }) => {
    const [low = '', high] = text.split(' to ');
    const lowBytes = baseValue('size', low);
    const range =
      high === undefined
        ? { lowBytes: lowBytes * (1 - ABOUT), highBytes: lowBytes * (1 + ABOUT) }
        : { lowBytes, highBytes: baseValue('size', high) };
    return { what, is, claimed: text, connections, ...range };
  });
}

/** Nothing is measured that claims could be held against, unless the ramp has plateaus. */
export function checkClaims(timeline: readonly PhaseSpec[], report: Report): void {
  const plateaus = timeline.reduce(
    (sum, phase) => sum + (phase.kind === 'ramp' && phase.steps > 1 ? phase.steps : 0),
    0,
  );
  if (plateaus >= LEAST_STEPS) return;
  report(['claims'], `need a ramp in at least ${LEAST_STEPS} steps, such as ramp: { steps: 8 }`, 'key');
}

function checkRange(text: string): string | null {
  const ends = text.split(' to ');
  if (ends.length > 2) return 'has more than two ends: write a range such as 11KB to 15KB';
  const sizes: number[] = [];
  for (const end of ends) {
    const size = parseSize(end);
    if ('problem' in size) return size.problem;
    sizes.push(size.value);
  }
  const [low = 0, high] = sizes;
  if (high !== undefined && high <= low) return `ends below where it begins: write ${ends[1]} to ${ends[0]}`;
  return high === undefined && low === 0 ? 'must be more than 0B' : null;
}
