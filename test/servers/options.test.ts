import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { readServerOptions } from '../../src/servers/options.js';
import { startServer } from '../../src/servers/start.js';
import { serve } from './running.js';

const problemsOf = (given: unknown): string => {
  try {
    readServerOptions(given);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('no problem was found');
};

describe('options of a reference server', () => {
  test('have defaults for everything', () => {
    expect(readServerOptions({})).toEqual({
      port: 0,
      host: '127.0.0.1',
      tls: false,
      maxPayloadBytes: 1_048_576,
      perMessageDeflate: false,
      backlog: 511,
      heartbeat: null,
      stall: null,
    });
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
      expect.stringMatching(/^unknown option "prot" \(known: port, host, tls, .*stall\)$/),
    ]);
  });

  test.each([[null], [[]], ['text'], [7]])('must be an object, not %j', (given) => {
    expect(problemsOf(given)).toBe('options must be a JSON object');
  });

  test('leave a server that stalls again and again some time to live', () => {
    const stall = { afterUs: 0, forUs: 1_000_000, everyUs: 1_000_000 };
    expect(problemsOf({ stall })).toMatch(/^stall.everyUs must be a whole number from 1001000 /);
  });
});

test('an unknown server is refused with the names of those there are', async () => {
  await expect(startServer('ecko', {})).rejects.toThrow(
    'unknown server "ecko" (there are echo, heartbeat, closer)',
  );
  await expect(startServer('constructor', {})).rejects.toThrow(UsageError);
});

test('a port in use is named', async () => {
  const { port } = await serve('echo');
  await expect(startServer('echo', { port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
});
