import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { run } from '../support/cli.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const servers: WebSocketServer[] = [];

afterAll(() => {
  for (const server of servers) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** A server of a protocol of its own: `BEAT 7` is answered by `BEAT 7`, and whoever says something else is shown out. */
async function serveBeats(): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  server.on('connection', (client) => {
    client.on('message', (content) => {
      if (/^BEAT \d+$/.test(String(content))) client.send(String(content));
      else client.close(1003, 'speak properly');
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function serverAt(url: string): WebSocketServer | undefined {
  return servers.find((server) => new URL(url).port === `${(server.address() as AddressInfo).port}`);
}

const BEATS = `export default {
  heartbeat: (sequence) => 'BEAT ' + sequence,
  receive(message, emit) {
    emit.pong(Number(message.split(' ')[1]));
  },
};`;

/** A scenario with a heartbeat of the dialect, and a module beside it. */
function scenarioWith(module: string, url = 'ws://127.0.0.1:9/', name = 'mine.mjs') {
  const file = scenarioFile({
    target: { url },
    dialect: `./${name}`,
    populations: {
      clients: {
        connections: 5,
        heartbeat: { by: 'message', every: '200ms', timeout: '2s', onTimeout: 'count' },
      },
    },
    timeline: [{ ramp: {} }, { hold: '1s' }, { drain: '3s' }],
  });
  const folder = join(file, '..');
  writeFileSync(join(folder, name), module);
  return { file, folder };
}

test.concurrent('a scenario with code in it is read only after it was allowed, and nothing of the code has run', async () => {
  const { file } = scenarioWith('console.log("I ran"); export default { receive() {} };');
  for (const command of ['check', 'run', 'simulate']) {
    const { code, stdout, stderr } = await run([command, file]);
    expect(code, command).toBe(2);
    expect(stderr).toContain('"./mine.mjs" is a program that the scenario wants to run on this machine');
    expect(stderr).toContain('--allow-code');
    expect(stdout).not.toContain('I ran');
  }
});

test.concurrent('code that was allowed is loaded by check, whose plan names it', async () => {
  const { file, folder } = scenarioWith(BEATS, undefined, 'my #1 dialect, 100% mine.mjs');
  const { code, stdout, stderr } = await run(['check', file, '--allow-code']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain(`dialect ${join(folder, 'my #1 dialect, 100% mine.mjs')}`);
});

test.concurrent.each([
  ['throw new Error("no licence");', 'cannot be loaded: no licence'],
  ['export default {{', 'shows where'],
  ['import "not-installed-anywhere";', "Cannot find package 'not-installed-anywhere'"],
  ['export default {};', 'lacks receive(message, emit)'],
  ['export default { receive() {} };', 'lacks heartbeat(sequence), which the scenario needs: add it'],
])('a module that reads %s cannot be used, and check says why', async (module, problem) => {
  const { file } = scenarioWith(module);
  const { code, stderr } = await run(['check', file, '--allow-code']);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});

test.concurrent('nothing is started when a module cannot be used', async () => {
  const url = await serveBeats();
  const { file } = scenarioWith('export default { receive() {} };', url);
  let connections = 0;
  serverAt(url)?.on('connection', () => connections++);
  expect((await run(['run', file, '--allow-code'])).code).toBe(2);
  expect(connections).toBe(0);
});

test.concurrent('a dialect of the command line takes the place of the one in the scenario', async () => {
  const { file } = scenarioWith(BEATS);
  const { code, stdout } = await run(['check', file, '--dialect', 'chat-b']);
  expect(code).toBe(0);
  expect(stdout).toContain('dialect chat-b');
  const unknown = await run(['check', file, '--dialect', 'chat-d']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('--dialect: no dialect is called "chat-d", did you mean "chat-b"?');
});

test.concurrent('a module of the command line needs no leave, and is looked for where wsherd was called', async () => {
  const { file, folder } = scenarioWith(BEATS);
  const missing = await run(['check', file, '--dialect', './mine.mjs'], { cwd: scratchFolder() });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('cannot be loaded: there is no such file.');
  const { code, stdout } = await run(['check', file, '--dialect', './mine.mjs'], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toContain(`dialect ${join(folder, 'mine.mjs')}`);
});

test.concurrent('a run speaks the dialect of a module, in every worker', async () => {
  const { file } = scenarioWith(BEATS, await serveBeats());
  const { code, stderr, result } = await run([
    'run',
    file,
    '--allow-code',
    '--workers',
    '2',
    '--allow-saturated',
  ]);
  expect(stderr).not.toContain('rror');
  expect(code).toBe(0);
  expect(result.connections).toMatchObject({ opened: 5, dropped: 0 });
  const { 'heartbeat.sent': sent, 'heartbeat.answered': answered } = result.metrics;
  expect(answered).toEqual(sent);
  expect(sent).toMatchObject({ kind: 'counter', value: expect.toSatisfy((value: number) => value >= 20) });
});

test.concurrent('so does a run without a scenario', async () => {
  const { folder } = scenarioWith('export default { open(emit) { emit.send("BEAT 1"); }, receive() {} };');
  const url = await serveBeats();
  const args = ['run', url, '-c', '3', '-d', '1s', '--dialect', './mine.mjs', '--allow-saturated'];
  const { code, result } = await run(args, { cwd: folder });
  expect(code).toBe(0);
  expect(result.metrics).toMatchObject({ 'messages.received': { value: 3 } });
});

test.concurrent('a dialect whose functions throw ends no run, and is counted', async () => {
  const failing = `export default {
    heartbeat: (sequence) => 'BEAT ' + sequence,
    receive() { throw new Error('oops'); },
  };`;
  const { file } = scenarioWith(failing, await serveBeats());
  const { code, result } = await run(['run', file, '--allow-code', '--allow-saturated']);
  expect(code).toBe(0);
  const { 'heartbeat.sent': sent, 'dialect.errors': errors } = result.metrics;
  expect(errors).toEqual(sent);
});
