import { z } from 'zod';
import { faultSchema } from './faultSchema.js';
import { duration, exactlyOne, keys, oneRequired, onlyWith, phaseName, quantity } from './fields.js';

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

const recover = keys({
  until: quantity('percentage', 'Share of the lost connections that is open again', '99%', {
    most: '100%',
  }).default('99%'),
  within: duration('Wait no longer, counted from the start of the fault before it', '60s').default('60s'),
  name: phaseName.optional(),
}).describe('Until the connections that a fault has cost are open again');

const drainFor = () => duration('Longest wait for answers', '5s', { positive: false });
const drain = z
  .union([drainFor(), keys({ for: drainFor(), name: phaseName.optional() })])
  .describe('Stop sending, wait for answers, then close every connection with 1000');

const phases = {
  ramp: ramp.optional(),
  hold: hold.optional(),
  fault: faultSchema.optional(),
  recover: recover.optional(),
  drain: drain.optional(),
};
const kinds = Object.keys(phases);
const phase = keys(phases)
  .check(exactlyOne(kinds))
  .meta({ description: `One phase: ${kinds.join(', ')}`, ...oneRequired(kinds) });

/** The phases of a run, in order. */
export const timelineSchema = z
  .array(phase)
  .min(1)
  .max(1000)
  .meta({ description: 'Phases in order: a ramp first, a drain (default 5s) last' });

export type TimelineDocument = z.output<typeof timelineSchema>;
export type PhaseDocument = TimelineDocument[number];
