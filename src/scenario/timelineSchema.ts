import { z } from 'zod';
import { duration, exactlyOne, keys, oneRequired, onlyWith, quantity } from './fields.js';

const phaseName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    error: 'must begin with a letter and go on with letters, digits, - and _, such as before',
  })
  .meta({ description: 'Name of the phase, for thresholds and reports', examples: ['before'] });

const ramp = keys({
  to: quantity('percentage', 'Share of every population that has arrived at its end', '50%', {
    most: '100%',
  }).default('100%'),
  steps: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .meta({ description: 'In how many equal parts', examples: [8] }),
  settle: duration('Wait after each part, for measuring memory; default 2s', '2s', {
    positive: false,
  }).optional(),
  name: phaseName.optional(),
})
  .check(onlyWith('settle', 'steps'))
  .overwrite((value) => (value.steps === undefined ? value : { ...value, settle: value.settle ?? '2s' }))
  .describe('Until every population has arrived');

const holdFor = () => duration('How long', '20s');
const hold = z
  .union([holdFor(), keys({ for: holdFor(), name: phaseName.optional() })])
  .describe('Keep everything as it is');

const drainFor = () => duration('Longest wait for answers', '5s', { positive: false });
const drain = z
  .union([drainFor(), keys({ for: drainFor(), name: phaseName.optional() })])
  .describe('Stop sending, wait for answers, then close every connection with 1000');

const kinds = ['ramp', 'hold', 'drain'] as const;
const phase = keys({ ramp: ramp.optional(), hold: hold.optional(), drain: drain.optional() }, [
  'fault',
  'recover',
])
  .check(exactlyOne(kinds))
  .meta({ description: 'One phase: ramp, hold or drain', ...oneRequired(kinds) });

/** The phases of a run, in order. */
export const timelineSchema = z
  .array(phase)
  .min(1)
  .max(1000)
  .meta({ description: 'Phases in order: a ramp first, a drain (default 5s) last' });

export type TimelineDocument = z.output<typeof timelineSchema>;
export type PhaseDocument = TimelineDocument[number];
