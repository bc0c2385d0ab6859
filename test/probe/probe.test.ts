import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ProbeSocket } from '../../dist/target/probeSocket.js';
import { scratchFile, scratchFolder } from '../support/scratch.js';
import { startProgram } from './programs.js';

const MIB = 2 ** 20;
const ANSWER_US = 20_000_000;

const sockets: ProbeSocket[] = [];

afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

async function openSocket(): Promise<ProbeSocket> {
  const socket = await ProbeSocket.open();
  if (socket === null) throw new Error('no socket could be made');
  sockets.push(socket);
  return socket;
}

async function whenThere(socket: ProbeSocket, pids: () => readonly number[], threads: number): Promise<void> {
  const there = () => expect(socket.threadsOf(pids())).toHaveLength(threads);
  await vi.waitFor(there, { timeout: 20_000, interval: 20 });
}

/** Keeps 16 MiB, has let go of 48, and waits for the end of stdin. */
const holding = {
  'server.cjs': `const net = require('node:net');
    let lost = Buffer.alloc(48 * 1024 * 1024, 1); lost = null;
    globalThis.kept = Buffer.alloc(16 * 1024 * 1024, 1);
    process.stdin.resume();`,
  'server.mjs': `import net from 'node:net';
    let lost = Buffer.alloc(48 * 1024 * 1024, 1); lost = null;
    globalThis.kept = Buffer.alloc(16 * 1024 * 1024, 1);
    process.stdin.resume();`,
} as const;

test.each(['server.cjs', 'server.mjs'] as const)(
  'a %s with the probe tells its heap and collects garbage when asked',
  async (name) => {
    const socket = await openSocket();
    // By the name under which users load it.
    const { pid, child, over } = startProgram(name, holding[name], socket.path, 'wsherd/probe');
    await whenThere(socket, () => [pid], 1);

    const [collected] = await socket.ask([pid], true, ANSWER_US);
    expect(collected).toMatchObject({ pid, thread: 0 });
    expect(collected?.externalBytes).toBeGreaterThan(16 * MIB);
    expect(collected?.externalBytes).toBeLessThan(32 * MIB);
    expect(collected?.arrayBuffersBytes).toBeGreaterThan(16 * MIB);
    expect(collected?.heapUsedBytes).toBeGreaterThan(1 * MIB);
    expect(collected?.heapTotalBytes).toBeGreaterThanOrEqual(collected?.heapUsedBytes ?? Number.NaN);
    expect(collected?.rssBytes).toBeGreaterThan(collected?.heapUsedBytes ?? Number.NaN);

    const [report] = await socket.ask([pid], false, ANSWER_US);
    expect(report?.loopUtilization).toBeLessThanOrEqual(1);
    expect(report?.loopDelayP50Us).toBeLessThanOrEqual(report?.loopDelayMaxUs ?? Number.NaN);
    child.stdin?.end();
    expect(await over).toEqual({ code: 0, stdout: '', stderr: '' });
  },
);

test('a blocked event loop shows as a delay of about its length', async () => {
  const socket = await openSocket();
  const source = `process.stdin.once('data', () => { const until = Date.now() + 400; while (Date.now() < until); });`;
  const { pid, child } = startProgram('blocking.mjs', source, socket.path);
  await whenThere(socket, () => [pid], 1);
  await socket.ask([pid], false, ANSWER_US);
  // The probe has to look once before it can tell what was late.
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.stdin?.write('now\n');
  await new Promise((resolve) => setTimeout(resolve, 600));
  const [report] = await socket.ask([pid], false, ANSWER_US);
  expect(report?.loopDelayMaxUs).toBeGreaterThan(300_000);
  expect(report?.loopUtilization).toBeGreaterThan(0.2);
});

test('without wsherd, and with it, a program prints, takes and exits as it does without the probe', async () => {
  const socket = await openSocket();
  const source = `console.log('done'); process.exitCode = 7;
    console.log(typeof gc, require('node:vm').runInNewContext('typeof gc'));`;
  const paths = [null, '', join(scratchFolder(), 'nothing'), '/dev/null', socket.path];
  const outcomes = paths.map((path) => startProgram('program.cjs', source, path).over);
  for (const outcome of await Promise.all(outcomes)) {
    expect(outcome).toEqual({ code: 7, stdout: 'done\nundefined undefined\n', stderr: '' });
  }
});

test('the program goes on when wsherd has gone, and gets no gc of its own from the probe', async () => {
  const socket = await openSocket();
  const source = `process.stdin.on('data', () => console.log(require('node:vm').runInNewContext('typeof gc')));`;
  const { pid, child, over } = startProgram('lasting.cjs', source, socket.path);
  await whenThere(socket, () => [pid], 1);
  expect(await socket.ask([pid], true, ANSWER_US)).toHaveLength(1);
  await socket.close();
  sockets.length = 0;
  child.stdin?.end('still there?\n');
  expect(await over).toEqual({ code: 0, stdout: 'undefined\n', stderr: '' });
});

test('orders that make no sense do the program no harm', async () => {
  const path = join(scratchFolder(), 'socket');
  const nonsense = [
    '\n',
    'null\n',
    '{}\n',
    '[1]\n',
    '{"id":"x","collect":1}\n',
    '\x00\xff\n',
    'x'.repeat(5000),
  ];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.write(nonsense.join(''));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const source = `setTimeout(() => console.log('well'), 500);`;
  expect(await startProgram('program.mjs', source, path).over).toEqual({
    code: 0,
    stdout: 'well\n',
    stderr: '',
  });
  await new Promise((resolve) => server.close(resolve));
});

test('children of a cluster and threads connect by themselves', async () => {
  const socket = await openSocket();
  const source = `import cluster from 'node:cluster'; import { Worker } from 'node:worker_threads';
    if (cluster.isPrimary) { const all = [cluster.fork(), cluster.fork()]; process.stdin.resume();
      console.log(all.map((one) => one.process.pid).join(' '));
      process.stdin.on('end', () => { for (const one of all) one.kill(); }); }
    else { new Worker(${JSON.stringify(scratchFile('thread.cjs', 'setInterval(() => {}, 1000);'))}); }`;
  const { pid, child } = startProgram('cluster.mjs', source, socket.path);
  const children = await new Promise<number[]>((resolve) => {
    child.stdout?.once('data', (text: string) => resolve(text.trim().split(' ').map(Number)));
  });
  const pids = [pid, ...children];
  await whenThere(socket, () => pids, 5);
  expect(socket.threadsOf([pid])).toEqual([{ pid, thread: 0 }]);
  for (const worker of children) {
    expect(socket.threadsOf([worker]).map(({ thread }) => thread)).toEqual([0, 1]);
  }
  expect(await socket.ask(pids, true, ANSWER_US)).toHaveLength(5);
  child.stdin?.end();
});

test('nobody else may enter the folder of the socket, and nothing is left of it', async () => {
  const socket = await openSocket();
  const folder = dirname(socket.path);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await socket.close();
  sockets.length = 0;
  expect(existsSync(folder)).toBe(false);
});
