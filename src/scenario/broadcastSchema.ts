import { z } from 'zod';
import { ROOMS } from '../dialects/marker.js';
import { duration, exactlyOne, keys, needs, notWith, oneOf, onlyWith, quantity } from './fields.js';

/** One number of a marker's room stands for the one that nobody has to join. */
const MOST_ROOMS = ROOMS - 1;

/** Of a payload that is no file. */
export const PAYLOAD_DEFAULTS = { size: '256B', content: 'text' } as const;

/** Of a population that publishes. */
export const ACKNOWLEDGE_DEFAULTS = { resendAfter: '3s', queue: 1000 } as const;

/** Members come into rooms. */
export const joinSchema = keys({
  rooms: z
    .int()
    .min(1)
    .max(MOST_ROOMS)
    .meta({ description: 'How many rooms there are', examples: [10] }),
  perConnection: z
    .int()
    .min(1)
    .max(MOST_ROOMS)
    .default(1)
    .describe('Connection i joins this many rooms, from room i mod rooms on'),
}).describe('Connections join rooms; without it everybody is in one room');

const size = quantity('size', 'Length of a payload, with its marker of 32 bytes', PAYLOAD_DEFAULTS.size, {
  most: '64MiB',
});

const sizes = z
  .union([
    size,
    z
      .array(
        keys({
          size,
          weight: z.int().min(1).max(1_000_000).default(1).describe('How often it is drawn among the others'),
        }),
      )
      .min(1)
      .max(100),
  ])
  .meta({
    description: 'Length of a payload with its marker, or several of them with their weights',
    examples: [PAYLOAD_DEFAULTS.size, [{ size: PAYLOAD_DEFAULTS.size, weight: 9 }, { size: '16KiB' }]],
  });

const to = z
  .union([
    z.literal('own', { error: 'must be own, or one room such as { room: 3 }' }),
    keys({
      room: z
        .int()
        .min(0)
        .max(MOST_ROOMS - 1)
        .meta({ description: 'Number of the room, from 0 on', examples: [3] }),
    }),
  ])
  .meta({ description: 'Rooms to publish to: own, in turn, or always the same one' });

/** Members publish to rooms. */
export const publishSchema = keys({
  every: duration('Time from one due time of a connection to its next', '1s', { least: '1ms' }),
  size: sizes.optional(),
  file: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'File to publish after a marker, in place of size and content, relative to this file',
      examples: ['payload.json'],
    }),
  content: oneOf(
    ['text', 'noise'],
    'What fills a payload: words, which compress as text does, or noise, which does not; default text',
  ).optional(),
  frames: oneOf(['text', 'binary'], 'Kind of WebSocket frames that carry the messages').default('text'),
  spacing: oneOf(
    ['uniform', 'poisson'],
    'Between due times: always the same, or random with that mean',
  ).default('uniform'),
  offset: oneOf(
    ['uniform', 'aligned'],
    'Where in its period a connection publishes: spread evenly, or all at once (the worst case)',
  ).default('uniform'),
  burst: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .meta({ description: 'Messages at each due time', examples: [10] }),
  to: to.default('own'),
  ownCopy: oneOf(
    ['auto', 'expected', 'excluded'],
    'Whether the server sends publishers their own messages; auto: it does if it ever did',
  ).default('auto'),
})
  .check(notWith('size', 'file'), notWith('content', 'file'))
  .overwrite((value) =>
    value.file === undefined
      ? {
          ...value,
          size: value.size ?? PAYLOAD_DEFAULTS.size,
          content: value.content ?? PAYLOAD_DEFAULTS.content,
        }
      : value,
  )
  .describe('Messages to everybody in a room, from the end of the ramp until the drain');

/** Both ends of a delivery acknowledge. */
export const acknowledgeSchema = keys({
  resendAfter: duration(
    'What a publisher has no acknowledgement for by then is sent again; default 3s',
    '3s',
    { least: '1ms' },
  ).optional(),
  queue: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({
      description:
        'Messages of a publisher that may await their acknowledgement, or its return; default 1000',
      examples: [1000],
    }),
}).describe(
  'Members acknowledge what they receive; publishers send again what the server does not acknowledge',
);

const readings = ['bandwidth', 'pause'] as const;

/** Members that are slow on purpose. */
export const readSchema = keys({
  bandwidth: quantity('bandwidth', 'Bytes that a connection reads per second', '10KB/s').optional(),
  pause: duration('A connection reads nothing for this long', '5s', { least: '1ms' }).optional(),
  every: duration('From the start of one pause to the start of the next', '30s', { least: '1ms' }).optional(),
})
  .check(exactlyOne(readings), onlyWith('every', 'pause'), needs('pause', 'every', '30s'))
  .describe('Reads more slowly than the server may send, from the end of the ramp until the drain');

export type JoinDocument = z.output<typeof joinSchema>;
export type PublishDocument = z.output<typeof publishSchema>;
export type AcknowledgeDocument = z.output<typeof acknowledgeSchema>;
export type ReadDocument = z.output<typeof readSchema>;

interface MayAcknowledge {
  readonly publish?: PublishDocument | undefined;
  readonly acknowledge?: AcknowledgeDocument | undefined;
}

/** A population with the defaults of `acknowledge` that mean something for it. */
export function withAcknowledgeDefaults<Population extends MayAcknowledge>(
  population: Population,
): Population {
  const { publish, acknowledge } = population;
  if (publish === undefined || acknowledge === undefined) return population;
  return { ...population, acknowledge: { ...ACKNOWLEDGE_DEFAULTS, ...acknowledge } };
}
