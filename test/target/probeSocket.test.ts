import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readHello, readReport } from '../../dist/target/probeLine.js';
import { ProbeSocket } from '../../dist/target/probeSocket.js';

const PID = 4711;
const report = {
  heapUsedBytes: 5,
  heapTotalBytes: 6,
  externalBytes: 1,
  arrayBuffersBytes: 0,
  rssBytes: 9,
  loopDelayP50Us: 0,
  loopDelayP99Us: 0,
  loopDelayMaxUs: 0,
  loopUtilization: 0.5,
};

let socket: ProbeSocket;
const clients: Socket[] = [];

beforeEach(async () => {
  const opened = await ProbeSocket.open();
  if (opened === null) throw new Error('no socket could be made');
  socket = opened;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await socket.close();
});

async function dial(...lines: string[]): Promise<Socket> {
  const client = connect(socket.path);
  clients.push(client);
  client.on('error', () => {});
  client.resume();
  await once(client, 'connect');
  for (const line of lines) client.write(line);
  return client;
}

async function untilKnown(count: number): Promise<void> {
  await vi.waitFor(() => expect(socket.threadsOf([PID])).toHaveLength(count));
}

const hello = `${JSON.stringify({ pid: PID, thread: 0 })}\n`;

test.each([
  ['no JSON', 'hello\n'],
  ['no object', '17\n'],
  ['no pid', '{"thread":0}\n'],
  ['a pid that is none', '{"pid":-1,"thread":0}\n'],
  ['a fraction', '{"pid":1.5,"thread":0}\n'],
  ['a line without an end', 'x'.repeat(10_000)],
  ['no report', `${hello}{"id":1}\n`],
  ['a report with text in it', `${hello}${JSON.stringify({ id: 1, ...report, rssBytes: '9' })}\n`],
  ['a report below nothing', `${hello}${JSON.stringify({ id: 1, ...report, rssBytes: -9 })}\n`],
])('who says %s is shown out', async (_, text) => {
  const client = await dial(text);
  await once(client, 'close');
  await untilKnown(0);
  expect(await socket.ask([PID], false, 1_000_000)).toEqual([]);
});

test('only processes that are asked about are believed', async () => {
  const client = await dial(hello);
  await untilKnown(1);
  client.on('data', (order: Buffer) => {
    const { id } = JSON.parse(String(order));
    client.write(`${JSON.stringify({ id, ...report })}\n`);
  });
  expect(await socket.ask([PID + 1], false, 1_000_000)).toEqual([]);
  expect(await socket.ask([PID], false, 10_000_000)).toMatchObject([{ pid: PID, thread: 0, ...report }]);
});

test('who does not answer, or goes away meanwhile, is left out', async () => {
  const silent = await dial(hello);
  await untilKnown(1);
  expect(await socket.ask([PID], false, 50_000)).toEqual([]);
  const asked = socket.ask([PID], true, 60_000_000);
  silent.destroy();
  expect(await asked).toEqual([]);
});

test('an answer to nothing is passed over, and lines may come in pieces', async () => {
  const client = await dial(hello.slice(0, 7), hello.slice(7), `${JSON.stringify({ id: 99, ...report })}\n`);
  await untilKnown(1);
  client.once('data', () => {
    const line = `${JSON.stringify({ id: 1, ...report })}\n`;
    for (const character of line) client.write(character);
  });
  expect(await socket.ask([PID], false, 10_000_000)).toHaveLength(1);
});

test('no line whatever makes a reader throw, or gives a figure that is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.anything().map(String)), (line) => {
      const found = readReport(line);
      expect(found === null || Number.isFinite(found.rssBytes)).toBe(true);
      const greeting = readHello(line);
      expect(greeting === null || greeting.pid >= 1).toBe(true);
    }),
  );
});
