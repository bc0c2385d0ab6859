import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { resolveServerOptions } from '../../src/scenario/serverOptions.js';
import { servers } from '../../src/servers/list.js';
import { readServerOptions } from '../../src/servers/options.js';
import { parse, problemsOf } from './texts.js';

const scenarioOf = (server: string, options: string) => `version: 1
target: { server: ${server}, options: ${options} }
populations: { clients: { connections: 1 } }
dialect: echo
`;

/** Options as the process of the server gets them. */
function optionsOf(server: keyof typeof servers, options: string): unknown {
  const { target } = parse(scenarioOf(server, options));
  return target.kind === 'server' ? target.options : null;
}

describe('options of a reference server in a scenario', () => {
  test.each([
    [
      'inject: { lose: 1%, reorder: 0.5%, truncate: 0% }',
      { inject: { lose: 0.01, reorder: 0.005, truncate: 0 } },
    ],
    ['seed: 7', { seed: 7 }],
    ['delay: 20ms, work: 50us', { delayUs: 20_000, workUs: 50 }],
    ['slow: { policy: drop-slow }', { slow: { policy: 'drop-slow' } }],
    ['slow: { policy: none, above: 64KiB }', { slow: { policy: 'none', aboveBytes: 65_536 } }],
    ['bus: between', { bus: 'between' }],
    ['roomSize: 50, announce: false', { roomSize: 50, announce: false }],
    ['token: secret', { token: 'secret' }],
    ['rate: { most: 30/m, burst: 5 }', { rate: { perSecond: 0.5, burst: 5 } }],
    ['rate: { most: 10/s }', { rate: { perSecond: 10 } }],
    ['limit: { connections: 100 }', { limit: { connections: { most: 100 } } }],
    [
      'limit: { connections: 7, how: close, connectRate: 30/m, burst: 2 }',
      { limit: { connections: { most: 7, how: 'close' }, connectRate: { perSecond: 0.5, burst: 2 } } },
    ],
    ['cost: { message: 50us }', { cost: { connectUs: 0, messageUs: 50 } }],
    ['cost: { message: 1ms, connect: 200us }', { cost: { connectUs: 200, messageUs: 1000 } }],
    ['state: 8KiB, leak: 1500B', { stateBytes: 8192, leakBytes: 1500 }],
    ['handshake: { delay: 5ms }', { handshake: { delayUs: 5000 } }],
    ['perMessageDeflate: true', { perMessageDeflate: true }],
  ])('{ %s } reach it in base units, and it takes them', (written, resolved) => {
    const options = optionsOf('chat', `{ ${written} }`);
    expect(options).toEqual(resolved);
    expect(readServerOptions(options, servers.chat.options)).toMatchObject(resolved);
  });

  test('reach the server reliable too', () => {
    const options = optionsOf('reliable', '{ resendAfter: 500ms }');
    expect(readServerOptions(options, servers.reliable.options)).toMatchObject({ resendAfterUs: 500_000 });
  });

  test.each(Object.keys(servers))('are those that the server %s itself takes, and no others', (name) => {
    const oneOfEach = {
      perMessageDeflate: true,
      inject: {},
      bus: 'b',
      roomSize: 1,
      announce: true,
      token: 't',
      resendAfter: '1s',
    };
    for (const [key, value] of Object.entries(oneOfEach)) {
      const options = { [key]: value };
      const taken = problemsOf(scenarioOf(name, JSON.stringify(options))).length === 0;
      const { options: groups } = servers[name as keyof typeof servers];
      const start = () => readServerOptions(resolveServerOptions(options), groups);
      if (taken) expect(start()).toMatchObject(resolveServerOptions(options));
      else expect(start).toThrow(UsageError);
    }
  });

  test.each(Object.keys(servers))('for a known capacity are those of %s too', (name) => {
    const written = '{ limit: { connections: 5 }, cost: { message: 5us }, state: 4KiB, leak: 1KiB }';
    expect(problemsOf(scenarioOf(name, written))).toEqual([]);
  });

  test('that only other servers have are refused where they stand, with the names of those', () => {
    expect(problemsOf(scenarioOf('echo', '{ inject: { lose: 1% }, token: t, tls: true }'))).toEqual([
      'my.yaml:2:36 target.options.inject: is no option of echo, only of broadcast, rooms, chat, reliable, handshake',
      'my.yaml:2:58 target.options.token: is no option of echo, only of chat',
    ]);
  });

  test.each([
    ['inject: { lose: 0.01 }', 'target.options.inject.lose: 0.01 has no unit: write 0.01% (units: %)'],
    ['inject: { lose: 101% }', 'target.options.inject.lose: must be at most 100%'],
    ['inject: { drop: 1% }', 'target.options.inject.drop: is not a known key'],
    ['slow: { above: 1MiB }', 'target.options.slow.policy: '],
    ['slow: { policy: kick }', 'target.options.slow.policy: "kick" is not known'],
    ['rate: { most: 0/s }', 'target.options.rate.most: must be more than 0'],
    ['rate: { burst: 1 }', 'target.options.rate.most: '],
    ['limit: {}', 'target.options.limit: needs connections or connectRate'],
    ['limit: { connection: 5 }', 'target.options.limit.connection: is not a known key'],
    ['limit: { connections: 0 }', 'target.options.limit.connections: must be at least 1'],
    ['limit: { connections: 5, burst: 1 }', 'target.options.limit.burst: goes only with connectRate'],
    ['limit: { connectRate: 5/s, how: close }', 'target.options.limit.how: goes only with connections'],
    ['limit: { connections: 5, how: later }', 'target.options.limit.how: "later" is not known'],
    ['limit: { connectRate: 5 }', 'target.options.limit.connectRate: 5 has no unit'],
    ['cost: {}', 'target.options.cost: needs connect or message'],
    ['cost: { message: 50 }', 'target.options.cost.message: 50 has no unit'],
    ['state: 5KiB', 'target.options.state: must be a multiple of 4KiB'],
    ['state: much', 'target.options.state: "much" is not a size'],
    ['leak: 1GiB', 'target.options.leak: must be at most 64MiB'],
    ['token: ""', 'target.options.token: '],
  ])('{ %s } is refused', (written, problem) => {
    const problems = problemsOf(scenarioOf('chat', `{ ${written} }`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
