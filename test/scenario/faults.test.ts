import { expect, test } from 'vitest';
import type { FaultSpec } from '../../src/scenario/faultSpec.js';
import type { PhaseSpec } from '../../src/scenario/scenario.js';
import { type Given, parse, problemsOf, scenarioText } from './texts.js';

const RECONNECTING = 'populations: { clients: { connections: 10, reconnect: { policy: full-jitter } } }';

/** A scenario whose timeline goes on with these phases after its ramp. */
function storm(phases: string, target = 'server: echo, through: proxy'): string {
  return ['version: 1', `target: { ${target} }`, RECONNECTING, `timeline: [ramp: {}, ${phases}]`].join('\n');
}

function phasesOf(phases: string, given: Given = {}): readonly PhaseSpec[] {
  return parse(storm(phases), given).timeline.slice(1, -1);
}

function faultOf(fault: string, given: Given = {}): FaultSpec | null {
  const [phase] = phasesOf(`fault: { ${fault} }`, given);
  return phase?.kind === 'fault' ? phase.fault : null;
}

/** What is wrong, without its place in the file and the list. */
function mistakes(phases: string, target?: string): readonly string[] {
  return problemsOf(storm(phases, target)).map((problem) => problem.replace(/^\S+ timeline\./, ''));
}

test('every fault that asks for nothing else has its defaults', () => {
  expect(faultOf('kind: kill-target')).toEqual({ kind: 'kill-target', downUs: 1_000_000 });
  expect(faultOf('kind: restart-target')).toEqual({
    kind: 'restart-target',
    downUs: 1_000_000,
    graceUs: 5_000_000,
  });
  expect(faultOf('kind: disconnect')).toEqual({ kind: 'disconnect', share: 1, how: 'reset', code: 1012 });
  expect(faultOf('kind: refuse, for: 5s')).toEqual({ kind: 'refuse', forUs: 5_000_000 });
  for (const kind of ['reset', 'blackhole'])
    expect(faultOf(`kind: ${kind}, for: 5s`)).toEqual({ kind, forUs: 5_000_000, share: 1 });
  expect(faultOf('kind: latency, for: 5s, delay: 100ms')).toEqual({
    kind: 'latency',
    forUs: 5_000_000,
    share: 1,
    delayUs: 100_000,
    jitterUs: 0,
  });
  expect(faultOf('kind: command, run: ["true"]')).toEqual({
    kind: 'command',
    run: ['true'],
    timeoutUs: 30_000_000,
  });
});

test('what a fault says is given in base units', () => {
  expect(faultOf('kind: kill-target, down: 0s')).toMatchObject({ downUs: 0 });
  expect(faultOf('kind: restart-target, down: 3s, grace: 500ms')).toMatchObject({
    downUs: 3_000_000,
    graceUs: 500_000,
  });
  expect(faultOf('kind: disconnect, share: 30%, how: server-close, code: 4000')).toEqual({
    kind: 'disconnect',
    share: 0.3,
    how: 'server-close',
    code: 4000,
  });
  expect(faultOf('kind: latency, for: 5s, share: 50%, delay: 100ms, jitter: 20ms')).toMatchObject({
    share: 0.5,
    jitterUs: 20_000,
  });
  expect(faultOf('kind: bandwidth, for: 5s, rate: 64KiB')).toEqual({
    kind: 'bandwidth',
    forUs: 5_000_000,
    share: 1,
    bytesPerSecond: 65_536,
  });
  expect(faultOf('kind: slow-accept, for: 5s, rate: 30/m')).toEqual({
    kind: 'slow-accept',
    forUs: 5_000_000,
    perSecond: 0.5,
  });
});

test('the command of a fault takes the environment, whose values are secrets', () => {
  const phases = 'fault: { kind: command, run: [restart, "--key=${env.KEY}"], timeout: 5s }';
  const scenario = parse(storm(phases), { env: { KEY: 'tiger-4711' } });
  expect(scenario.timeline[1]).toMatchObject({
    fault: { run: ['restart', '--key=tiger-4711'], timeoutUs: 5_000_000 },
  });
  expect(scenario.secrets).toEqual(['tiger-4711']);
  expect(JSON.stringify([scenario.document, scenario.text])).not.toContain('tiger-4711');
  expect(mistakes(phases)).toEqual([
    '1.fault.run.1: ${env.KEY}: the environment has no KEY, set it before the run',
  ]);
  expect(mistakes('fault: { kind: command, run: [kill, "${port}"] }')).toEqual([
    '1.fault.run.1: ${port} is not filled in here: there are ${env.NAME}',
  ]);
});

test('faults and recoveries are phases with names of their own', () => {
  const kill = 'fault: { kind: kill-target }';
  const phases = phasesOf(
    `${kill}, recover: {}, ${kill}, recover: { until: 90%, within: 5s }, fault: { kind: refuse, for: 1s, name: wall }, recover: { name: back }`,
  );
  expect(phases.map(({ name }) => name)).toEqual([
    'fault',
    'recover',
    'fault-2',
    'recover-2',
    'wall',
    'back',
  ]);
  expect(phases.filter(({ kind }) => kind === 'recover')).toMatchObject([
    { untilShare: 0.99, withinUs: 60_000_000 },
    { untilShare: 0.9, withinUs: 5_000_000 },
    { untilShare: 0.99, withinUs: 60_000_000 },
  ]);
});

test('a fault may come before everybody has arrived', () => {
  const text = storm('fault: { kind: kill-target }, ramp: {}').replace('ramp: {}', 'ramp: { to: 50% }');
  expect(problemsOf(text)).toEqual([]);
});

test('a fault is told which keys its kind has, and an unknown kind which there are', () => {
  const kinds =
    'kill-target, restart-target, disconnect, refuse, reset, blackhole, latency, bandwidth, slow-accept, command';
  const expected = {
    'kind: kill-target, grace: 1s': '.grace: is no key of kill-target: there are down, name',
    'kind: refuse, for: 1s, share: 50%': '.share: is no key of refuse: there are for, name',
    'kind: latency, for: 1s, dely: 1s, delay: 1s':
      '.dely: is no key of latency, did you mean "delay"? There are for, share, delay, jitter, name',
    'kind: blackole, for: 1s': `.kind: no fault is called "blackole", did you mean "blackhole"? There are ${kinds}`,
    'down: 3s': `.kind: is missing: write one of ${kinds}`,
    'kind: 3': `.kind: must be one of ${kinds}, not 3`,
    'kind: refuse': '.for: is missing, write for example 10s',
    'kind: bandwidth, for: 1s, rate: 64KiB/s':
      '.rate: "64KiB/s" is not a size: write one such as 64KiB (units: B, KB, KiB, MB, MiB, GiB)',
    'kind: slow-accept, for: 1s, rate: 0/s': '.rate: must be more than 0, such as 50/s',
    'kind: disconnect, share: 0%': '.share: must be more than 0, such as 30%',
    'kind: command, run: systemctl restart x':
      '.run: must be a list of the program and its arguments, such as [systemctl, restart, my-server]',
    'kind: command, run: []': '.run: must have at least 1 item',
  };
  for (const [fault, problem] of Object.entries(expected))
    expect(mistakes(`fault: { ${fault} }`), fault).toEqual([`1.fault${problem}`]);
  expect(mistakes('fault: kill-target')).toEqual([
    '1.fault: must be a map of keys, not "kill-target", write for example {"kind":"kill-target","down":"3s"}',
  ]);
});

test('a close code is one that a close frame may hold, and goes with a close frame', () => {
  const codeProblems = (fault: string) => mistakes(`fault: { kind: disconnect, ${fault} }`);
  for (const code of [1000, 1003, 1007, 1014, 3000, 4999])
    expect(codeProblems(`how: server-close, code: ${code}`), String(code)).toEqual([]);
  for (const code of [999, 1004, 1005, 1006, 1015, 2999, 5000]) {
    expect(codeProblems(`how: server-close, code: ${code}`), String(code)).toEqual([
      '1.fault.code: may not stand in a close frame: write 1000 to 1003, 1007 to 1014 or 3000 to 4999',
    ]);
  }
  expect(codeProblems('how: fin, code: 1001')).toEqual([
    '1.fault.code: goes only with how: server-close: leave it out, or write how: server-close',
  ]);
});

test('a fault that the target cannot take is refused with what to use instead', () => {
  const url = 'url: ws://127.0.0.1:8080/';
  const command = 'command: [node, server.js, "${port}"]';
  const refused: [fault: string, target: string, problem: string][] = [
    ...['kill-target', 'restart-target'].map((kind): [string, string, string] => [
      `kind: ${kind}`,
      url,
      `kind: ${kind} needs a server that wsherd has started: start it by target.command, or write kind: command with a program that restarts it`,
    ]),
    ...['refuse', 'reset', 'blackhole'].map((kind): [string, string, string] => [
      `kind: ${kind}, for: 5s`,
      'server: echo',
      `kind: ${kind} needs the fault proxy: write through: proxy in the target`,
    ]),
    [
      'kind: disconnect, how: server-close',
      command,
      'how: server-close is what only reference servers do when told to: write how: client-close, or through: proxy in the target and how: reset or fin',
    ],
    [
      'kind: disconnect, how: server-close',
      `${url}, through: proxy`,
      'how: server-close is what only reference servers do when told to: write how: reset, fin or client-close',
    ],
    [
      'kind: disconnect',
      url,
      'how: reset is what only reference servers do when told to: write how: client-close, or through: proxy in the target and how: reset or fin',
    ],
  ];
  for (const [fault, target, problem] of refused)
    expect(mistakes(`fault: { ${fault} }`, target), fault).toEqual([`1.fault.${problem}`]);
});

test('a fault that the target can take is not refused', () => {
  const url = 'url: ws://127.0.0.1:8080/';
  const command = 'command: [node, server.js, "${port}"]';
  const accepted: [fault: string, target: string][] = [
    ['kind: kill-target', command],
    ['kind: restart-target', 'server: echo'],
    ['kind: command, run: ["true"]', url],
    ['kind: disconnect, how: client-close', url],
    ['kind: disconnect, how: fin', `${command}, through: proxy`],
    ['kind: disconnect, how: server-close', 'server: echo'],
    ['kind: disconnect', 'server: echo'],
    ['kind: refuse, for: 500h', `${url}, through: proxy`],
  ];
  for (const [fault, target] of accepted) expect(mistakes(`fault: { ${fault} }`, target), fault).toEqual([]);
});

test('a recovery needs a fault before it, somebody who comes back, and time that is left', () => {
  expect(mistakes('recover: {}, fault: { kind: kill-target }')).toEqual([
    '1.recover: nothing is lost that could recover: put a fault before it',
  ]);
  expect(mistakes('fault: { kind: kill-target }, hold: 1s, recover: {}')).toEqual([]);
  expect(mistakes('fault: { kind: kill-target, down: 3s }, hold: 57s, recover: { within: 60s }')).toEqual([
    '3.recover.within: counts from the start of the fault, and 1m have to pass first: write more',
  ]);
  expect(mistakes('fault: { kind: refuse, for: 20s }, recover: { within: 10s }')).toEqual([
    '2.recover.within: counts from the start of the fault, and 20s have to pass first: write more',
  ]);
  expect(mistakes('fault: { kind: kill-target, down: 3s }, hold: 56s, recover: { within: 60s }')).toEqual([]);
  const nobody = scenarioText(
    'timeline: [ramp: {}, fault: { kind: disconnect, how: client-close }, recover: {}]',
  );
  expect(problemsOf(nobody)).toEqual([
    'my.yaml:4:70 timeline.2.recover: no population comes back: write reconnect in one, such as reconnect: { policy: full-jitter }',
  ]);
  expect(problemsOf(nobody.replace(', recover: {}', ''))).toEqual([]);
});

test('HTTP beside the run asks for a path that can be sent, over a few connections', () => {
  const problems = (beside: string) =>
    problemsOf(scenarioText(`beside: ${beside}`)).map((problem) => problem.replace(/^\S+ /, ''));
  expect(problems('{ http: healthz }')).toEqual(['beside.http: must begin with a slash, such as /chat']);
  expect(problems('{ http: "/${env.X}" }')).toEqual([
    'beside.http: ${env.X}: the environment has no X, set it before the run',
  ]);
  expect(problems('{ http: /, connections: 65 }')).toEqual(['beside.connections: must be at most 64']);
  expect(problems('{}')).toEqual(['beside.http: is missing, write for example /healthz']);
  expect(problems('/healthz')).toEqual([
    'beside: must be a map of keys, not "/healthz", write for example {"http":"/healthz"}',
  ]);
});
