import { z } from 'zod';
import { atLeastOne, duration, keys, oneOf, onlyWith, quantity } from './fields.js';
import { baseValue } from './units.js';

const PAGE_BYTES = 4096;
const COST = { positive: false, most: '1m' } as const;
const HELD = { most: '64MiB' } as const;

/** Options that give any reference server a capacity that is known beforehand. */
export const capacityShape = {
  limit: keys({
    connections: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('Most connections that are open at a time, in each process of the server'),
    how: oneOf(
      ['http', 'close'],
      'Who comes beyond them is refused by HTTP 503, or let in and closed with 1013; default http',
    ).optional(),
    connectRate: quantity(
      'rate',
      'Most upgrades of all clients together; faster ones are refused by HTTP 503',
      '50/s',
      { least: '1/m', most: '1000000/s' },
    ).optional(),
    burst: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How many upgrades at once; default: those of a second'),
  })
    .check(
      atLeastOne(['connections', 'connectRate']),
      onlyWith('how', 'connections'),
      onlyWith('burst', 'connectRate'),
    )
    .optional()
    .describe('Turn away what is beyond a known limit'),
  cost: keys({
    connect: duration(
      'For so long the CPU is kept busy on every connection that opens',
      '200us',
      COST,
    ).optional(),
    message: duration(
      'For so long the CPU is kept busy on every message that comes in',
      '50us',
      COST,
    ).optional(),
  })
    .check(atLeastOne(['connect', 'message']))
    .optional()
    .describe('A known cost, of what comes in; of what goes out it is work'),
  state: quantity('size', 'Memory held for every open connection, a multiple of 4KiB', '4KiB', HELD)
    .refine((text) => bytes(text) % PAGE_BYTES === 0, {
      error: 'must be a multiple of 4KiB: memory comes and goes in pages of that size',
    })
    .optional(),
  leak: quantity('size', 'Memory of every connection that is never given back', '16KiB', HELD).optional(),
};

const capacityDocument = z.object(capacityShape);

/** The same in base units; undefined for what is absent. */
export function resolveCapacity({ limit, cost, state, leak }: z.output<typeof capacityDocument>) {
  return {
    limit: limit && resolveLimit(limit),
    cost: cost && {
      connectUs: us(cost.connect ?? '0s'),
      messageUs: us(cost.message ?? '0s'),
    },
    stateBytes: state && bytes(state),
    leakBytes: leak && bytes(leak),
  };
}

type LimitDocument = NonNullable<z.output<typeof capacityDocument>['limit']>;

function resolveLimit({ connections, how, connectRate, burst }: LimitDocument) {
  return {
    ...(connections === undefined ? {} : { connections: { most: connections, ...(how && { how }) } }),
    ...(connectRate === undefined
      ? {}
      : { connectRate: { perSecond: baseValue('rate', connectRate), ...(burst && { burst }) } }),
  };
}

function us(text: string): number {
  return baseValue('duration', text);
}

function bytes(text: string): number {
  return baseValue('size', text);
}
