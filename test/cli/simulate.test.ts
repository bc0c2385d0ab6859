import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, start } from '../support/cli.js';
import { expectNoProcess } from '../support/processes.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const two = {
  name: 'two',
  target: { server: 'echo' },
  populations: {
    patient: { connections: 300, reconnect: { policy: 'fixed', base: '1s' } },
    jittered: { connections: 100, reconnect: { policy: 'full-jitter', base: '1s', cap: '4s' } },
  },
  timeline: [
    { ramp: {} },
    { fault: { kind: 'kill-target', down: '2s' } },
    { recover: { until: '99%', within: '30s' } },
    { hold: '1s' },
    { fault: { kind: 'disconnect', share: '50%', how: 'client-close' } },
    { recover: { until: '99%', within: '30s' } },
  ],
};
const file = scenarioFile(two);

describe('simulate', () => {
  test('tells of a million connections what the model says of each fault, and starts nothing', async () => {
    const folder = scratchFolder();
    const million = scenarioFile({
      ...two,
      target: { command: ['touch', join(folder, 'started'), '${port}'] },
    });
    const wsherd = start(['simulate', million, '--connections', '1000000', '--accept-rate', '50000'], {
      cwd: folder,
    });
    const { code, stdout, stderr } = await wsherd.finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^two, 1,000,000 connections: a model, not a measurement$/m);
    expect(stdout).toMatch(/^Storm after fault \(kill-target\): a model, not a measurement$/m);
    expect(stdout).toMatch(/^Storm after fault-2 \(disconnect\): a model, not a measurement$/m);
    expect(stdout).toMatch(/^ +outage +2\.5 s$/m);
    expect(stdout).toMatch(/^ +accepts +50,000\/s, given; 512 wait at the most$/m);
    expect(stdout).toContain('every client has a machine of its own');
    expect(stdout).toMatch(/^ +[\d,]+\/s │.*█/m);
    expect(stdout).toMatch(/open again +50 % \S+ .*, 90 % .*, 99 % .*, all .*/);
    expect(stdout).toMatch(/for each of the 1,000,000 dropped; .*herd factor \d/);
    expect(stdout).toMatch(/patient \(fixed\): 750,000 dropped; 50 % /);
    expect(stdout).toMatch(/jittered \(full-jitter\): 250,000 dropped; 50 % /);
    expect(stdout).toMatch(/for each of the 500,000 dropped/);
    expect(readdirSync(folder)).toEqual([]);
    await expectNoProcess(wsherd.processes);
  });

  test('gives the same as JSON, of the fault and under the assumptions that are asked for', async () => {
    const asked = ['--accept-rate', '500/s', '--accept-queue', '100', '--start-up', '1s', '--fault', '1'];
    const { code, stdout, stderr } = await run(['simulate', file, '--json', ...asked]);
    expect([code, stderr]).toEqual([0, '']);
    const { label, simulations } = JSON.parse(stdout);
    expect(label).toBe('a model, not a measurement');
    expect(simulations).toHaveLength(1);
    expect(simulations[0]).toMatchObject({
      scenario: 'two',
      variant: null,
      phase: 'fault',
      fault: 'kill-target',
      prediction: {
        dropped: 400,
        gaveUp: 0,
        stillOut: 0,
        stopped: null,
        assumptions: {
          outageMs: 3000,
          acceptPerSecond: 500,
          acceptSource: 'given',
          acceptQueue: 100,
          attemptsPerSecond: null,
          refusedPerSecond: null,
        },
      },
    });
    expect(simulations[0].prediction.populations.patient.t50Ms).toBeGreaterThan(3000);
  });

  test('says it of each variant of a matrix', async () => {
    const matrix = { 'populations.patient.reconnect.policy': ['fixed', 'linear'] };
    const { stdout, stderr } = await run(['simulate', scenarioFile({ ...two, matrix }), '--json']);
    expect(stderr).toBe('');
    const variants = JSON.parse(stdout).simulations.map(({ variant }: { variant: string }) => variant);
    expect(variants).toEqual(['fixed', 'fixed', 'linear', 'linear']);
  });

  test('measures how fast the target accepts, and leaves nothing behind', async () => {
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => /^wsherd-\w{6}$/.test(name));
    const before = left();
    const wsherd = start(['simulate', file, '--accept-rate', 'measured', '--json']);
    const { code, stdout, stderr } = await wsherd.finished;
    expect(code, stderr).toBe(0);
    const { assumptions } = JSON.parse(stdout).simulations[0].prediction;
    expect(assumptions.acceptSource).toBe('measured with 200 connections at once');
    expect(assumptions.acceptPerSecond).toBeGreaterThan(50);
    expect(assumptions.acceptPerSecond).toBeLessThan(100_000);
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
    await expectNoProcess(wsherd.processes);
  });

  test('refuses what it cannot simulate, and says how to write it', async () => {
    const calm = scenarioFile({ target: two.target, populations: two.populations, timeline: [{ ramp: {} }] });
    const mistakes: Array<[args: string[], message: RegExp]> = [
      [[calm], /has no fault to simulate: add one to its timeline/],
      [['ws://127.0.0.1:1/'], /has no fault to simulate/],
      [
        [file, '--accept-rate', 'fast'],
        /--accept-rate takes handshakes per second, such as 2000, or measured/,
      ],
      [[file, '--accept-rate', '0'], /--accept-rate takes/],
      [[file, '--connections', '0'], /--connections takes a whole number from 1 to 5,000,000/],
      [[file, '--accept-queue', '1.5'], /--accept-queue takes a whole number/],
      [[file, '--fault', '3'], /--fault takes a whole number from 1 to 2/],
      [[file, '--start-up', '500'], /--start-up: 500 has no unit/],
    ];
    const answers = await Promise.all(mistakes.map(([args]) => run(['simulate', ...args])));
    answers.forEach(({ code, stdout, stderr }, i) => {
      expect([code, stdout], stderr).toEqual([2, '']);
      expect(stderr).toMatch(mistakes[i]![1]);
    });
  });
});

describe('check', () => {
  test('shows what the model says of a fault, every program, and what to look out for', async () => {
    const document = {
      ...two,
      timeline: [
        { ramp: {} },
        { fault: { kind: 'kill-target', down: '2s' } },
        { fault: { kind: 'command', run: ['touch', 'never'] } },
        { recover: { until: '99%', within: '3s' } },
      ],
    };
    const { code, stdout, stderr } = await run(['check', scenarioFile(document)]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^ +programs +the reference server echo, in a process of its own\n +touch never, at fault-2$/m,
    );
    expect(stdout).toMatch(/patient: 300 connections, idle, reconnects by fixed/);
    expect(stdout).toMatch(/^Storm after fault \(kill-target\): a model, not a measurement$/m);
    expect(stdout).toContain('makes 10,000/s attempts at the most, 23,000/s while they are refused');
    expect(stdout).toMatch(
      /^Storm after fault-2 \(command\): the model says nothing about this kind of fault$/m,
    );
    expect(stdout).toMatch(/^Warnings\n {2}No recover phase follows fault: /m);
  });
});
