import { z } from 'zod';
import { type ServerName, servers } from '../servers/list.js';
import type { OptionGroup } from '../servers/options.js';
import { duration, keys, oneOf, quantity } from './fields.js';
import type { Report } from './problem.js';
import type { ServerOptions } from './scenario.js';
import { capacityShape, resolveCapacity } from './serverCapacity.js';
import { baseValue } from './units.js';

const LONGEST = { most: '24h' } as const;
/** What holds up every copy of a message. */
const PER_COPY = { positive: false, most: '1m' } as const;

/** What every reference server takes; what is absent has the server's own default. */
const common = {
  port: z.int().min(0).max(65_535).optional().describe('Port to listen on; default: a free one'),
  tls: z.boolean().optional().describe('Serve wss with a certificate made at start-up; default false'),
  maxPayload: quantity('size', 'Larger messages are answered by close 1009', '64KiB', {
    most: '1GiB',
  }).optional(),
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
  handshake: keys({
    delay: duration('Every upgrade request waits that long for its answer, and the CPU rests', '5ms', {
      least: '1ms',
      most: '1m',
    }),
  })
    .optional()
    .describe('Answer handshakes late on purpose'),
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
  ...capacityShape,
};

/** What only some servers take. */
const groups = {
  compression: {
    perMessageDeflate: z
      .boolean()
      .optional()
      .describe('Accept permessage-deflate when offered; default false'),
  },
  passing: {
    inject: keys({
      lose: share('are not sent'),
      truncate: share('are cut short'),
      corrupt: share('have one character changed'),
      duplicate: share('are sent twice'),
      reorder: share('are held back until the next one has overtaken them'),
    })
      .optional()
      .describe('Spoil copies of messages on purpose, each drawn by itself'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional()
      .describe('Of the draws for inject; default 1'),
    delay: duration('Every copy leaves that long after its message came', '20ms', PER_COPY).optional(),
    work: duration('For so long the CPU is kept busy on every copy', '20us', PER_COPY).optional(),
    slow: keys({
      policy: oneOf(
        ['none', 'drop-slow', 'disconnect-slow'],
        'For clients that read too slowly: nothing, no copies, or close 1013',
      ),
      above: quantity('size', 'Bytes waiting for a client past which it is slow; default 1MiB', '1MiB', {
        most: '1GiB',
      }).optional(),
    })
      .optional()
      .describe('What is done about slow clients; default none: their queues grow without bound'),
    bus: z
      .string()
      .min(1)
      .optional()
      .describe("Servers of one process with the same name here pass each other's messages on"),
  },
  rooms: {
    roomSize: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('Most members of one room but the lobby; who comes later is refused'),
    announce: z
      .boolean()
      .optional()
      .describe('Tell rooms of fewer than 100 members who comes and goes; default true'),
  },
  entry: {
    token: z.string().min(1).optional().describe('What a client has to give as ?token= in its path'),
    rate: keys({
      most: quantity('rate', 'Messages of one connection', '10/s', { least: '1/m', most: '1000000/s' }),
      burst: z
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .describe('How many at once; default: those of a second'),
    })
      .optional()
      .describe('Refuse what a connection sends faster than that'),
  },
  resend: {
    resendAfter: duration('What a member has not acknowledged by then is sent again; default 3s', '3s', {
      least: '1ms',
      most: '1h',
    }).optional(),
  },
} satisfies Record<OptionGroup, object>;

/** Options of all reference servers together; `checkServerOptions` says which of them one server has. */
export const serverOptionsSchema = keys({
  ...common,
  ...groups.compression,
  ...groups.passing,
  ...groups.rooms,
  ...groups.entry,
  ...groups.resend,
}).describe('Options of the reference server');

type ServerOptionsDocument = z.output<typeof serverOptionsSchema>;

/** Reports every option that other servers have, but not this one. */
export function checkServerOptions(server: ServerName, options: ServerOptionsDocument, report: Report): void {
  for (const [group, shape] of Object.entries(groups)) {
    const having = serversWith(group);
    if (having.includes(server)) continue;
    for (const key of Object.keys(shape)) {
      if (!Object.hasOwn(options, key)) continue;
      report(['target', 'options', key], `is no option of ${server}, only of ${having.join(', ')}`, 'key');
    }
  }
}

function serversWith(group: string): string[] {
  const rows: Readonly<Record<string, { readonly options: readonly string[] }>> = servers;
  return Object.keys(rows).filter((name) => rows[name]?.options.includes(group));
}

/** Options in base units, as the server's process takes them. */
export function resolveServerOptions(options: ServerOptionsDocument): ServerOptions {
  const { maxPayload, heartbeat, handshake, stall, inject, delay, work, slow, ...others } = options;
  const { limit, cost, state, leak, rate, resendAfter, ...rest } = others;
  return withoutAbsent({
    ...rest,
    ...resolveCapacity({ limit, cost, state, leak }),
    maxPayloadBytes: maxPayload && baseValue('size', maxPayload),
    heartbeat:
      heartbeat &&
      withoutAbsent({ everyUs: us(heartbeat.every), timeoutUs: heartbeat.timeout && us(heartbeat.timeout) }),
    handshake: handshake && { delayUs: us(handshake.delay) },
    stall:
      stall &&
      withoutAbsent({
        afterUs: us(stall.after),
        forUs: us(stall.for),
        everyUs: stall.every && us(stall.every),
      }),
    inject: inject && sharesIn(inject),
    delayUs: delay && us(delay),
    workUs: work && us(work),
    slow:
      slow && withoutAbsent({ policy: slow.policy, aboveBytes: slow.above && baseValue('size', slow.above) }),
    rate: rate && withoutAbsent({ perSecond: baseValue('rate', rate.most), burst: rate.burst }),
    resendAfterUs: resendAfter && us(resendAfter),
  });
}

function share(whatHappens: string) {
  return quantity('percentage', `Copies that ${whatHappens}`, '1%', {
    positive: false,
    most: '100%',
  }).optional();
}

function sharesIn(percentages: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(percentages).map(([key, text]) => [key, text && baseValue('percentage', text)]),
  );
}

function us(text: string): number {
  return baseValue('duration', text);
}

/** The options cross a process boundary as JSON, where undefined does not exist. */
function withoutAbsent(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
