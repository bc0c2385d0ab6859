import { z } from 'zod';
import { capacitySchema } from './capacitySchema.js';
import { claimsSchema } from './claimsSchema.js';
import { connectSchema } from './connectSchema.js';
import { dialectSchema } from './dialectSchema.js';
import { keys } from './fields.js';
import { matrixSchema } from './matrixSchema.js';
import { populationSchema } from './populationSchema.js';
import { besideSchema, targetSchema } from './targetSchema.js';
import { timelineSchema } from './timelineSchema.js';

const populationName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
  error: 'a population name must begin with a letter and go on with letters, digits, - and _',
});

/** The scenario file in its own words: quantities stay text, defaults are filled in. */
export const scenarioSchema = keys({
  version: z
    .literal(1, {
      error: (issue) => (issue.input === undefined ? 'is missing: write version: 1' : 'must be 1'),
    })
    .describe('Version of this format'),
  name: z
    .string()
    .regex(/^[^/\\\p{Cc}.][^/\\\p{Cc}]{0,99}$/u, {
      error: 'must have 1 to 100 characters, not begin with a dot, and hold no slash or control character',
    })
    .optional()
    .meta({ description: 'Name of the scenario; default: the name of the file', examples: ['quickstart'] }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Everything random follows from it: the same seed does the same again'),
  target: targetSchema,
  beside: besideSchema.optional(),
  connect: connectSchema.prefault({}),
  dialect: dialectSchema.optional(),
  populations: z
    .record(populationName, populationSchema)
    .refine((populations) => Object.keys(populations).length > 0, {
      error: 'needs at least one population, such as clients: { connections: 1000 }',
    })
    .meta({ description: 'Who connects, by name', examples: [{ clients: { connections: 1000 } }] }),
  matrix: matrixSchema.optional(),
  timeline: timelineSchema.prefault([{ ramp: {} }, { hold: '30s' }, { drain: '5s' }]),
  thresholds: z
    .array(z.string())
    .max(1000)
    .default([])
    .meta({
      description:
        'What must hold: [population/]name [pNN|min|mean|max|count] op value [during phase], or a / b op share',
      examples: [['handshake.total p99 < 500ms', 'closes.abnormal == 0']],
    }),
  claims: claimsSchema.optional(),
  capacity: capacitySchema.optional(),
  generator: keys({
    allowSaturated: z
      .boolean()
      .default(false)
      .describe('true accepts a run that wsherd itself was the bottleneck of'),
  })
    .prefault({})
    .describe('How wsherd judges itself'),
}).describe('A wsherd scenario');
