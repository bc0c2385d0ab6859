import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, start } from '../support/cli.js';
import { chattyGrandchild, chattyServer } from '../support/commands.js';
import { expectIdentities } from '../support/identities.js';
import { expectNoProcess, findOne } from '../support/processes.js';
import { scenarioFile } from '../support/scratch.js';

const timeline = [{ ramp: {} }, { hold: '2s' }, { drain: '2s' }];
const echoing = { clients: { connections: 10, echo: { every: '50ms' } } };

describe.concurrent('a command', () => {
  test('is started, watched, and ended with its children; what it printed is kept', async () => {
    const file = scenarioFile({
      target: { command: chattyGrandchild, path: '/echo' },
      populations: echoing,
      timeline,
    });
    const wsherd = start(['run', file, '--allow-saturated']);
    const { code, result, folder, stderr } = await wsherd.finished;
    expect(code, stderr).toBe(0);
    expectIdentities(result);
    expect(result.connections).toMatchObject({ opened: 10, openAtEnd: 10, failed: 0 });
    expect(result.target.counts).toBeNull();
    const { processes } = result.target;
    expect(processes.map(({ command }) => command.split(' ')[0])).toEqual(
      expect.arrayContaining(['sh', chattyServer[0], 'sleep']),
    );
    const server = processes.find(({ command }) => command.startsWith(`${chattyServer[0]} `));
    expect(server?.samples.length).toBeGreaterThanOrEqual(2);
    expect(server?.samples.at(-1)?.rssBytes).toBeGreaterThan(10_000_000);
    const log = readFileSync(join(folder, 'target.log'), 'utf8');
    expect(log.match(/^upgrade \/echo$/gm)).toHaveLength(10);
    await expectNoProcess(wsherd.processes);
  });

  test('gets one row of a file for each connection', async () => {
    const rows = ['token,room'];
    for (let i = 0; i < 10; i++) rows.push(`secret-${i},"room ${i % 3}"`);
    const file = scenarioFile({
      target: { command: chattyServer },
      connect: {
        rows: 'tokens.csv',
        path: '/echo/${index}?token=${row.token}',
        headers: { Authorization: 'Bearer ${row.room}' },
      },
      populations: { clients: { connections: 10, lifetime: { mean: '300ms' } } },
      timeline,
    });
    writeFileSync(join(dirname(file), 'tokens.csv'), rows.join('\n'));
    const { code, folder, stderr, result } = await run(['run', file, '--workers', '2', '--allow-saturated']);
    expect(code, stderr).toBe(0);
    const upgrades = readFileSync(join(folder, 'target.log'), 'utf8').match(/^upgrade .*$/gm) ?? [];
    const wanted = rows.slice(1).map((_, i) => `upgrade /echo/${i}?token=secret-${i} Bearer room ${i % 3}`);
    // A connection keeps its row when it comes again.
    expect([...new Set(upgrades)].sort()).toEqual(wanted);
    expect(upgrades).toHaveLength(result.connections.opened);
    expect(upgrades.length).toBeGreaterThan(10);
  });

  test('that dies under load fails the run as its own doing, and what was measured is kept', async () => {
    const file = scenarioFile({
      target: { command: chattyServer, path: '/echo' },
      populations: echoing,
      timeline: [{ ramp: {} }, { hold: '30s' }, { drain: '2s' }],
    });
    const wsherd = start(['run', file]);
    await wsherd.said(/hold/);
    process.kill(findOne(wsherd.processes(), /chattyServer\.mjs --port/), 'SIGKILL');
    const { code, result, stdout } = await wsherd.finished;
    expect(code).toBe(3);
    expectIdentities(result);
    expect(result.events).toContainEqual(
      expect.objectContaining({ kind: 'target-exit', detail: 'the target ended by SIGKILL' }),
    );
    expect(result.closes).toEqual([
      expect.objectContaining({ initiator: 'server', code: null, cause: 'target-exit', count: 10 }),
    ]);
    expect(stdout).toMatch(/^Failed: the target went down/);
    await expectNoProcess(wsherd.processes);
  });
});

describe.concurrent('a command that cannot be tested ends wsherd with exit 3 and says why', () => {
  const failures: ReadonlyArray<readonly [what: string, target: object, message: RegExp]> = [
    [
      'ends at once',
      { command: ['sh', '-c', 'echo "no licence"; printf "::error::\\033[31mred"; exit 7', 'sh', '${port}'] },
      /^The target's command `sh .*` ended with code 7 before it accepted connections\. Its last output, from .*target\.log:\n {2}\| no licence\n {2}\| ::error::\\x1b\[31mred$/,
    ],
    [
      'is killed',
      { command: ['sh', '-c', 'kill -9 $$', 'sh', '${port}'] },
      /ended by SIGKILL before it accepted connections\. It printed nothing\./,
    ],
    [
      'never listens',
      { command: ['sleep', '1000', '${port}'], ready: '500ms' },
      /did not accept connections on port \d+ within 0\.5 s\. It printed nothing\. Its port is given where the command says \$\{port\}\./,
    ],
    [
      'does not exist',
      { command: ['no-such-program', '${port}'] },
      /^The target's command `no-such-program \d+` could not be started \(spawn no-such-program ENOENT\)\./,
    ],
  ];

  test.each(failures)('%s', async (_what, target, message) => {
    const file = scenarioFile({ target, populations: echoing, timeline });
    const wsherd = start(['run', file]);
    const { code, stdout, stderr } = await wsherd.finished;
    expect(code, stderr).toBe(3);
    expect(stderr.trim()).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    await expectNoProcess(wsherd.processes);
  });
});
