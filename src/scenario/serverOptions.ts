import { z } from 'zod';
import { duration, keys, quantity } from './fields.js';
import type { ServerOptions } from './scenario.js';
import { baseValue } from './units.js';

const LONGEST = { most: '24h' } as const;

/** What every reference server takes; what is absent has the server's own default. */
export const serverOptionsSchema = keys({
  port: z.int().min(0).max(65_535).optional().describe('Port to listen on; default: a free one'),
  tls: z.boolean().optional().describe('Serve wss with a certificate made at start-up; default false'),
  maxPayload: quantity('size', 'Larger messages are answered by close 1009', '64KiB', {
    most: '1GiB',
  }).optional(),
  perMessageDeflate: z.boolean().optional().describe('Accept permessage-deflate when offered; default false'),
  backlog: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe('Length of the accept queue asked of the kernel'),
  heartbeat: keys({
    every: duration('Time between two pings to a client', '30s', { least: '1ms', ...LONGEST }),
    timeout: duration('A client that has not answered by then is dropped', '10s', {
      least: '1ms',
      ...LONGEST,
    }).optional(),
  })
    .optional()
    .describe('Ping every client and drop the silent ones'),
  stall: keys({
    after: duration('From the first connection to the first stall', '5s', { positive: false, ...LONGEST }),
    for: duration('How long the server does nothing', '1s', { least: '1ms', ...LONGEST }),
    every: duration('From the start of a stall to the start of the next', '10s', {
      least: '1ms',
      ...LONGEST,
    }).optional(),
  })
    .refine((stall) => stall.every === undefined || us(stall.every) >= us(stall.for) + 1000, {
      path: ['every'],
      error: 'must be at least 1ms longer than for: between two stalls the server has to run',
    })
    .optional()
    .describe('Block the server on purpose'),
}).describe('Options of the reference server');

type ServerOptionsDocument = z.output<typeof serverOptionsSchema>;

/** Options in base units, as the server's process takes them. */
export function resolveServerOptions(options: ServerOptionsDocument): ServerOptions {
  const { maxPayload, heartbeat, stall, ...rest } = options;
  return withoutAbsent({
    ...rest,
    maxPayloadBytes: maxPayload && baseValue('size', maxPayload),
    heartbeat:
      heartbeat &&
      withoutAbsent({ everyUs: us(heartbeat.every), timeoutUs: heartbeat.timeout && us(heartbeat.timeout) }),
    stall:
      stall &&
      withoutAbsent({
        afterUs: us(stall.after),
        forUs: us(stall.for),
        everyUs: stall.every && us(stall.every),
      }),
  });
}

function us(text: string): number {
  return baseValue('duration', text);
}

/** The options cross a process boundary as JSON, where undefined does not exist. */
function withoutAbsent(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
