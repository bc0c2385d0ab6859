import { expect, test } from 'vitest';
import { planRun } from '../../src/plan/plan.js';
import { preflight } from '../../src/plan/preflight.js';
import type { Machine } from '../../src/result/types.js';
import type { ConnectSpec, TargetSpec } from '../../src/scenario/scenario.js';
import { byMachine, connect, machine, population, scenario, threads } from './scenarios.js';

const REMOTE: TargetSpec = { kind: 'url', url: 'ws://10.0.0.1:8080/', pid: null };

function problems(
  connections: number,
  on: Partial<Machine>,
  target?: TargetSpec,
  sourceAddresses: ConnectSpec['sourceAddresses'] = 'auto',
): string[] {
  const given = scenario({
    populations: [population('all', connections, { connect: { ...connect, sourceAddresses } })],
    ...(target ? { target } : {}),
  });
  return preflight(given, planRun(given, machine(on), threads(1)), machine(on));
}

const ample = { descriptors: null, ports: 28_232 };
const roomy = { totalBytes: 2 ** 40, availableBytes: 2 ** 40 };

test('a run that fits has no problems', () => {
  expect(problems(10_000, {})).toEqual([]);
  expect(problems(1_000_000, { limits: { descriptors: null, ports: null }, memory: roomy })).toEqual([]);
});

test('too few descriptors: the limit, the command that raises it, and how many connections would do', () => {
  const limits = { descriptors: 1024, ports: 28_232 };
  const [problem, ...more] = problems(2000, { limits }, REMOTE);
  expect(more).toEqual([]);
  expect(problem).toContain('the limit is 1024');
  expect(problem).toContain('--processes 3');
  const needed = Number(/ulimit -n (\d+)/.exec(problem!)?.[1]);
  expect(problems(2000, { limits: { ...limits, descriptors: needed } }, REMOTE)).toEqual([]);
  expect(problems(2000, { limits: { ...limits, descriptors: needed - 1 } }, REMOTE)).toHaveLength(1);
  const possible = Number(/at most (\d+) connections/.exec(problem!)?.[1]);
  expect(problems(possible, { limits }, REMOTE)).toEqual([]);
  expect(problems(possible + 1, { limits }, REMOTE)).toHaveLength(1);
});

test('where no connection at all would fit, none is offered', () => {
  const [problem] = problems(5, { limits: { descriptors: 64, ports: 28_232 } }, REMOTE);
  expect(problem).toContain('the limit is 64');
  expect(problem).not.toContain('at most');
});

test('each instance of a server that is started has descriptors of its own to run out of', () => {
  const limited = machine({ limits: { descriptors: 20_000, ports: 28_232 }, memory: roomy });
  const problemsOf = (connections: number, instances: number): string[] => {
    const given = scenario({
      populations: [population('all', connections)],
      target: { kind: 'server', server: 'echo', options: {}, instances },
    });
    return preflight(given, planRun(given, limited, byMachine), limited);
  };
  expect(problemsOf(19_950, 1)).toEqual([]);
  expect(problemsOf(500_000, 26)).toEqual([]);
  const [problem, ...more] = problemsOf(500_000, 25);
  expect(more).toEqual([]);
  expect(problem).toContain('in each of 25 server processes');
  expect(problem).toContain('target.instances: 26');
  expect(problem).toContain('at most 498750 connections');
});

test('too few ports: how many source addresses to name, or how to widen the range', () => {
  const [problem, ...more] = problems(60_000, { limits: ample, memory: roomy }, REMOTE);
  expect(more).toEqual([]);
  expect(problem).toContain('need 3 source addresses');
  expect(problem).toContain('28232 ports');
  expect(problem).toContain('connect.sourceAddresses');
  expect(problem).toContain('net.ipv4.ip_local_port_range');
  const named = (...addresses: string[]) =>
    problems(60_000, { limits: ample, memory: roomy }, REMOTE, addresses);
  expect(named('10.0.0.2', '10.0.0.3', '10.0.0.4')).toEqual([]);
  expect(named('10.0.0.2', '10.0.0.3')).toHaveLength(1);
});

test('on the loopback interface ports are no problem, unless the user named too few addresses', () => {
  const on = { limits: ample, memory: roomy };
  const url = (text: string): TargetSpec => ({ kind: 'url', url: text, pid: null });
  expect(problems(60_000, on)).toEqual([]);
  expect(problems(60_000, on, url('ws://localhost:8080/'))).toEqual([]);
  expect(problems(60_000, on, url('wss://127.0.0.1/'))).toEqual([]);
  expect(problems(60_000, on, url('ws://127.example.org/'))).toHaveLength(1);
  expect(problems(60_000, on, url('ws://localhost.example.org/'))).toHaveLength(1);
  expect(problems(60_000, on, url('ws://127.0.0.1/'), ['127.0.0.1'])).toHaveLength(1);
});

test('too little memory: how much is needed and how much there is', () => {
  const memory = { totalBytes: 2 ** 30, availableBytes: 200 * 2 ** 20 };
  const [problem, ...more] = problems(19_000, { memory });
  expect(more).toEqual([]);
  expect(problem).toMatch(/need about \d+ MiB/);
  expect(problem).toContain('200 MiB are available');
});

test('all problems are told at once', () => {
  const memory = { totalBytes: 2 ** 30, availableBytes: 2 ** 20 };
  expect(problems(60_000, { limits: { descriptors: 1024, ports: 28_232 }, memory }, REMOTE)).toHaveLength(3);
});

test('through the proxy every connection needs two descriptors more, in the process of the proxy', () => {
  const through = (connections: number): string[] => {
    const given = scenario({ populations: [population('all', connections)], proxied: true });
    const limited = machine({ limits: { descriptors: 20_000, ports: 28_232 } });
    return preflight(given, planRun(given, limited, threads(1)), limited);
  };
  expect(through(9_950)).toEqual([]);
  expect(through(9_951)).toEqual([
    expect.stringContaining('9951 connections through the proxy need 20002 file descriptors in its process'),
  ]);
  expect(through(9_951)[0]).toContain('at most 9950 connections');
});
