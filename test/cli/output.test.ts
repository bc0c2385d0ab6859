import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CliRun, run, start } from '../support/cli.js';
import { expectNoProcess, isListening } from '../support/processes.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const COLOR = /\u001b\[\d+m/;

const small = scenarioFile({
  name: 'small',
  target: { server: 'echo' },
  populations: { clients: { connections: 12, echo: { every: '50ms' } } },
  timeline: [{ ramp: {} }, { hold: '1s' }, { drain: '1s' }],
});

describe('run', () => {
  let told: CliRun;
  let asJson: CliRun;
  let quiet: CliRun;
  let failing: CliRun;

  beforeAll(async () => {
    const args = ['run', small, '--allow-saturated'];
    [told, asJson, quiet, failing] = await Promise.all([
      run(args),
      run([...args, '--json']),
      run([...args, '--quiet', '--reporter', 'json']),
      run([...args, '--set', 'thresholds=["echo.answered == 0", "connections.opened == 12"]']),
    ]);
  });

  test('tells the result on stdout, and on stderr how it goes and, last, where the report is', () => {
    expect(told.code, told.stderr).toBe(0);
    expect(told.stdout).toMatch(/12 of 12 open at most/);
    expect(told.stderr).toMatch(/^ +\d+ s {2}ramp .*12 open/m);
    expect(told.stderr.trimEnd().split('\n').at(-1)).toBe(`Report: ${join(told.folder, 'report.html')}`);
    expect(told.stdout + told.stderr).not.toMatch(COLOR);
    expect(readdirSync(told.folder).sort()).toEqual([
      'intervals.ndjson',
      'report.html',
      'result.json',
      'summary.json',
      'target.log',
    ]);
  });

  test('with --json prints the summary alone on stdout', () => {
    expect(asJson.code, asJson.stderr).toBe(0);
    const summary = JSON.parse(asJson.stdout);
    expect(summary).toEqual(JSON.parse(readFileSync(join(asJson.folder, 'summary.json'), 'utf8')));
    expect(summary).toMatchObject({ scenario: 'small', connections: { opened: 12 }, booksBalanced: true });
    expect(asJson.stderr).toBe(`Report: ${join(asJson.folder, 'report.html')}\n`);
  });

  test('with --quiet says nothing of its progress, and makes no report but those asked for', () => {
    expect(quiet.code, quiet.stderr).toBe(0);
    expect(quiet.stdout).toBe('');
    expect(quiet.stderr).toBe(`Report: ${join(quiet.folder, 'result.json')}\n`);
    expect(existsSync(join(quiet.folder, 'report.html'))).toBe(false);
  });

  test('leaves a record from which report makes the same reports anew', async () => {
    const again = await run(['report', told.folder]);
    expect(again.stdout).toBe(told.stdout);
    const elsewhere = scratchFolder();
    const moved = await run(['report', join(told.folder, 'result.json'), '--out', elsewhere]);
    expect(moved.code, moved.stderr).toBe(0);
    for (const name of ['report.html', 'summary.json']) {
      expect(readFileSync(join(elsewhere, name), 'utf8')).toBe(readFileSync(join(told.folder, name), 'utf8'));
    }
  });

  test('is coloured on a terminal, and not where NO_COLOR is set', () => {
    const onTerminal = (env: Record<string, string>): string =>
      execFileSync(
        'script',
        ['-qec', `'${process.execPath}' '${MAIN}' report '${told.folder}'`, '/dev/null'],
        {
          env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env },
          encoding: 'utf8',
        },
      );
    expect(onTerminal({})).toMatch(COLOR);
    expect(onTerminal({ NO_COLOR: '1' })).not.toMatch(COLOR);
  });

  test('says which thresholds failed, with exit 99', () => {
    const { code, stdout, stderr } = failing;
    expect(code, stderr).toBe(99);
    expect(stdout).toMatch(/^ +FAILED echo\.answered == 0: /m);
    expect(stdout).toMatch(/^ +ok +connections\.opened == 12: 12$/m);
  });

  test('is not disturbed by a reader that has seen enough', () => {
    const report = `'${process.execPath}' '${MAIN}' report '${told.folder}'`;
    const said = execFileSync('sh', ['-c', `{ { ${report}; echo "code $?" >&2; } | true; } 2>&1`], {
      encoding: 'utf8',
    });
    expect(said).toBe(`Report: ${join(told.folder, 'report.html')}\ncode 0\n`);
  });
});

describe('check', () => {
  test('shows the plan and starts nothing', async () => {
    const folder = scratchFolder();
    const file = scenarioFile({
      target: { command: ['touch', join(folder, 'started'), '${port}'] },
      populations: {
        many: { connections: 1500, arrive: { over: '10s' }, heartbeat: {} },
        few: { connections: 10, echo: { every: '1s' } },
      },
      timeline: [{ ramp: {} }, { hold: '20s' }, { drain: '5s' }],
      thresholds: ['heartbeat.response p99 < 250ms'],
    });
    const wsherd = start(['check', file], { cwd: folder });
    const { code, stdout, stderr } = await wsherd.finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/1,510 connections, about 35\.0 s/);
    expect(stdout).toMatch(/1,510 │.*█/);
    expect(stdout).toMatch(/hold +from 10\.0 s for 20\.0 s/);
    expect(stdout).toMatch(/many: 1,500 connections, heartbeat; dialect echo, engine fast/);
    expect(stdout).toMatch(/descriptors +1,\d{3} of/);
    expect(stdout).toMatch(/programs +touch \S+started \$\{port\}/);
    expect(stdout).toContain('heartbeat.response p99 < 250ms');
    expect(readdirSync(folder)).toEqual([]);
    await expectNoProcess(wsherd.processes);
  });
});

describe.concurrent('serve', () => {
  test('serves until Ctrl-C, and tells its clients that it goes away', async () => {
    const wsherd = start(['serve', 'heartbeat', '--port', '0']);
    const url = await wsherd.said(/(ws:\S+) {2}http:\S+\/stats\n/);
    const port = Number(new URL(url).port);
    const tested = start(['run', url, '-c', '3', '-d', '20s']);
    await tested.said(/hold/);
    wsherd.ctrlC();
    expect((await wsherd.finished).code).toBe(0);
    expect(await isListening(port)).toBe(false);
    tested.ctrlC();
    const { result } = await tested.finished;
    expect(result.closes).toMatchObject([
      { initiator: 'server', code: 1001, cause: 'close-frame', count: 3 },
    ]);
    await expectNoProcess(wsherd.processes);
  });

  test('leaves no server behind, however it ends', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const wsherd = start(['serve', 'echo', '--port', '0']);
      await wsherd.said(/stats/);
      expect(wsherd.processes()).toHaveLength(1);
      process.kill(wsherd.pid, signal);
      await expectNoProcess(wsherd.processes);
    }
  });
});

test('doctor says what the machine can carry', async () => {
  const folder = scratchFolder();
  const { code, stdout } = await run(['doctor'], { cwd: folder });
  expect(code).toBe(0);
  for (const line of ['Node', 'Processors', 'Memory', 'Descriptors', 'Ports']) {
    expect(stdout).toMatch(new RegExp(`^${line} +\\S`, 'm'));
  }
  expect(stdout).toContain('not measured: wsherd doctor --floor');
  rmSync(folder, { recursive: true });
});

test('help and version are no mistakes', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  for (const command of ['run', 'check', 'report', 'serve', 'doctor', 'completion']) {
    expect(stdout).toContain(`wsherd ${command}`);
  }
  const version = await run(['--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
