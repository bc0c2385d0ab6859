import { z } from 'zod';
import {
  acknowledgeSchema,
  joinSchema,
  publishSchema,
  readSchema,
  withAcknowledgeDefaults,
} from './broadcastSchema.js';
import { connectOverrideSchema } from './connectSchema.js';
import { duration, exactlyOne, keys, oneOf, oneRequired, onlyWith, quantity } from './fields.js';
import { reconnectSchema } from './reconnectSchema.js';

const offset = (example: string) =>
  oneOf(
    ['uniform', 'aligned'],
    `Where in its period a connection ${example}: spread evenly, or all at once (the worst case)`,
  );

const arrivals = ['over', 'rate', 'at'] as const;
const arrive = keys({
  over: duration('All arrive within this time, evenly', '5s').optional(),
  rate: quantity('rate', 'Arrivals per second or minute', '200/s', { most: '1000000/s' }).optional(),
  spacing: oneOf(
    ['uniform', 'poisson'],
    'Between arrivals of a rate: always the same, or random; default uniform',
  ).optional(),
  at: oneOf(['once'], 'All at the same time').optional(),
})
  .check(exactlyOne(arrivals), onlyWith('spacing', 'rate'))
  .overwrite((value) =>
    value.rate === undefined ? value : { ...value, spacing: value.spacing ?? 'uniform' },
  )
  .meta({
    description: 'When connections open: over a time, at a rate, or all at once',
    ...oneRequired(arrivals),
  });

const heartbeat = keys({
  by: oneOf(['ping', 'message'], 'A WebSocket ping, or a message of the dialect', ['server']).default('ping'),
  every: duration('Time from one heartbeat of a connection to its next', '25s', { least: '1ms' }).default(
    '25s',
  ),
  timeout: duration('A heartbeat not answered by then counts as unanswered', '10s', { least: '1ms' }).default(
    '10s',
  ),
  offset: offset('beats').default('uniform'),
  onTimeout: oneOf(['close', 'count'], 'What to do about a connection that did not answer').default('close'),
}).describe('Every connection says regularly that it is alive, from ready on');

const paces = ['every', 'pace'] as const;
const echo = keys({
  every: duration('Time from one message of a connection to its next', '100ms', {
    least: '100us',
  }).optional(),
  pace: oneOf(
    ['answered'],
    'The next message as soon as the last was answered: a closed loop, for throughput',
  ).optional(),
  size: quantity('size', 'Length of a message, with room for its sequence number', '20B', {
    least: '8B',
    most: '64MiB',
  }).default('20B'),
  offset: offset('sends').optional(),
  timeout: duration('A message not answered by then counts as unanswered', '10s', { least: '1ms' }).default(
    '10s',
  ),
})
  .check(exactlyOne(paces), onlyWith('offset', 'every'))
  .overwrite((value) => (value.every === undefined ? value : { ...value, offset: value.offset ?? 'uniform' }))
  .meta({
    description: 'Messages that the server sends back, from the end of the ramp on',
    ...oneRequired(paces),
  });

/** One population: how many, how they arrive, what they do. */
export const populationSchema = keys({
  connections: z
    .int()
    .min(1)
    .max(10_000_000)
    .meta({ description: 'How many connections', examples: [1000] }),
  arrive: arrive.prefault({ over: '1s' }),
  lifetime: keys({
    mean: duration('Mean of the exponentially distributed time that a connection stays', '10m', {
      least: '10ms',
    }),
  })
    .optional()
    .describe('Churn: connections leave after a while and come again; without it they stay'),
  connect: connectOverrideSchema.optional(),
  heartbeat: heartbeat.optional(),
  echo: echo.optional(),
  join: joinSchema.optional(),
  publish: publishSchema.optional(),
  acknowledge: acknowledgeSchema.optional(),
  read: readSchema.optional(),
  reconnect: reconnectSchema.optional(),
})
  .overwrite(withAcknowledgeDefaults)
  .describe('Connections that behave alike');

export type PopulationDocument = z.output<typeof populationSchema>;
export type ArriveDocument = PopulationDocument['arrive'];
export type HeartbeatDocument = z.output<typeof heartbeat>;
export type EchoDocument = z.output<typeof echo>;
