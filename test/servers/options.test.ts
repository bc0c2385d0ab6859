import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { servers } from '../../src/servers/list.js';
import { type OptionGroup, readServerOptions } from '../../src/servers/options.js';
import { startServer } from '../../src/servers/start.js';
import { serve } from './running.js';

const everyGroup: readonly OptionGroup[] = ['compression', 'passing', 'rooms', 'entry', 'resend'];

const problemsOf = (given: unknown, groups = everyGroup): string => {
  try {
    readServerOptions(given, groups);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('no problem was found');
};

describe('options of a reference server', () => {
  test('have defaults for everything', () => {
    expect(readServerOptions({}, everyGroup)).toEqual({
      port: 0,
      host: '127.0.0.1',
      tls: false,
      maxPayloadBytes: 1_048_576,
      perMessageDeflate: false,
      backlog: 511,
      heartbeat: null,
      handshake: null,
      stall: null,
      limit: null,
      cost: null,
      stateBytes: 0,
      leakBytes: 0,
      inject: null,
      seed: 1,
      delayUs: 0,
      workUs: 0,
      slow: { policy: 'none', aboveBytes: 1_048_576 },
      bus: null,
      roomSize: null,
      announce: true,
      token: null,
      rate: null,
      resendAfterUs: 3_000_000,
    });
  });

  test('fill in the parts of a group that are left out', () => {
    const given = { inject: { lose: 0.5 }, slow: { policy: 'drop-slow' }, rate: { perSecond: 2.5 } };
    expect(readServerOptions(given, everyGroup)).toMatchObject({
      inject: { lose: 0.5, truncate: 0, corrupt: 0, duplicate: 0, reorder: 0 },
      slow: { policy: 'drop-slow', aboveBytes: 1_048_576 },
      rate: { perSecond: 2.5, burst: 3 },
    });
  });

  test('fill in what is left out of the limits and costs of a server', () => {
    const given = {
      limit: { connections: { most: 5 }, connectRate: { perSecond: 12.5 } },
      cost: { messageUs: 50 },
      stateBytes: 8192,
    };
    expect(readServerOptions(given, [])).toMatchObject({
      limit: { connections: { most: 5, how: 'http' }, connectRate: { perSecond: 12.5, burst: 13 } },
      cost: { messageUs: 50, connectUs: 0 },
      stateBytes: 8192,
    });
  });

  test('of limits and costs are checked as well', () => {
    const given = {
      limit: { connections: { most: 0, how: 'later' }, connectRate: { burst: 1.5 }, descriptors: 9 },
      cost: { messageUs: -1, connectUs: 60_000_001, copyUs: 1 },
      stateBytes: 5000,
      leakBytes: 67_108_865,
    };
    expect(problemsOf(given).split('; ')).toEqual([
      'limit.connections.most must be a whole number from 1 to 1000000, not 0',
      'limit.connections.how must be one of http, close, not "later"',
      'limit.connectRate.perSecond is missing',
      'limit.connectRate.burst must be a whole number from 1 to 1000000, not 1.5',
      'unknown option "limit.descriptors" (known: connections, connectRate)',
      'cost.connectUs must be a whole number from 0 to 60000000, not 60000001',
      'cost.messageUs must be a whole number from 0 to 60000000, not -1',
      'unknown option "cost.copyUs" (known: connectUs, messageUs)',
      'stateBytes must be a multiple of 4096, the size of a page of memory, not 5000',
      'leakBytes must be a whole number from 0 to 67108864, not 67108865',
    ]);
    expect(problemsOf({ limit: 5, cost: [] })).toMatch(
      /^limit must be a JSON object; cost must be a JSON object$/,
    );
  });

  test('of a late handshake are checked as well', () => {
    expect(readServerOptions({ handshake: { delayUs: 5000 } }, [])).toMatchObject({
      handshake: { delayUs: 5000 },
    });
    expect(problemsOf({ handshake: {} })).toBe('handshake.delayUs is missing');
    expect(problemsOf({ handshake: { delayUs: 999 } })).toBe(
      'handshake.delayUs must be a whole number from 1000 to 60000000, not 999',
    );
  });

  test('are all reported at once when they are wrong', () => {
    const given = { port: 70_000, tls: 'yes', host: '', heartbeat: { timeoutUs: 5 }, stall: 1, prot: 1 };
    expect(problemsOf(given).split('; ')).toEqual([
      'port must be a whole number from 0 to 65535, not 70000',
      'host must be a text that is not empty, not ""',
      'tls must be true or false, not "yes"',
      'heartbeat.everyUs is missing',
      'heartbeat.timeoutUs must be a whole number from 1000 to 86400000000, not 5',
      'stall must be a JSON object',
      'stall.afterUs is missing',
      'stall.forUs is missing',
      expect.stringMatching(/^unknown option "prot" \(known: port, host, tls, .*resendAfterUs\)$/),
    ]);
  });

  test.each([[null], [[]], ['text'], [7]])('must be an object, not %j', (given) => {
    expect(problemsOf(given)).toBe('options must be a JSON object');
  });

  test('of servers that pass messages on are checked as well', () => {
    const given = {
      inject: { lose: 1.5, drop: 0.1 },
      seed: -1,
      slow: { policy: 'kick' },
      rate: { burst: 0 },
      roomSize: 0,
      resendAfterUs: 999,
    };
    expect(problemsOf(given).split('; ')).toEqual([
      'inject.lose must be a number from 0 to 1, not 1.5',
      'unknown option "inject.drop" (known: lose, truncate, corrupt, duplicate, reorder)',
      'seed must be a whole number from 0 to 4294967295, not -1',
      'slow.policy must be one of none, drop-slow, disconnect-slow, not "kick"',
      'roomSize must be a whole number from 1 to 1000000, not 0',
      'rate.perSecond is missing',
      'rate.burst must be a whole number from 1 to 1000000, not 0',
      'resendAfterUs must be a whole number from 1000 to 3600000000, not 999',
    ]);
    expect(problemsOf({ slow: {} })).toBe('slow.policy is missing');
  });

  test.each([
    ['echo', 'inject', {}],
    ['closer', 'bus', 'b'],
    ['broadcast', 'roomSize', 10],
    ['rooms', 'token', 't'],
    ['chat', 'resendAfterUs', 1_000_000],
    ['handshake', 'perMessageDeflate', true],
  ] as const)('of other servers are unknown to %s: %s', (name, option, value) => {
    const problems = problemsOf({ [option]: value }, servers[name].options);
    expect(problems).toMatch(new RegExp(`^unknown option "${option}" \\(known: port, `));
  });

  test('leave a server that stalls again and again some time to live', () => {
    const stall = { afterUs: 0, forUs: 1_000_000, everyUs: 1_000_000 };
    expect(problemsOf({ stall })).toMatch(/^stall.everyUs must be a whole number from 1001000 /);
  });
});

test('an unknown server is refused with the names of those there are', async () => {
  await expect(startServer('ecko', {})).rejects.toThrow(
    'unknown server "ecko" (there are echo, heartbeat, closer, broadcast, rooms, chat, reliable, handshake)',
  );
  await expect(startServer('constructor', {})).rejects.toThrow(UsageError);
});

test('a port in use is named', async () => {
  const { port } = await serve('echo');
  await expect(startServer('echo', { port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
});
