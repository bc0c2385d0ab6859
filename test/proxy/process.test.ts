import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startProxy } from '../../dist/proxy/start.js';
import { firstLine, isListening, spawnNode } from '../servers/processes.js';
import { scratchFolder } from '../support/scratch.js';
import { aWhile, dialThrough, patiently, proxyBefore, Upstream } from './peers.js';

const START = fileURLToPath(new URL('../../dist/proxy/start.js', import.meta.url));
const SLOW = { kind: 'slow-accept', perSecond: 1, forUs: 60_000_000 } as const;

test('stopped, it listens no more and its connections end', async () => {
  const upstream = await Upstream.start();
  const proxy = await proxyBefore(upstream.port);
  const [client] = await dialThrough(proxy, upstream);
  await proxy.stop();
  expect(await isListening(proxy.port)).toBe(false);
  await expect.poll(() => client.seen, patiently).not.toBe(null);
  await proxy.stop();
});

test.each([
  ['at peace', 'null'],
  ['while it accepts slowly', JSON.stringify(SLOW)],
])('it ends when the process that started it was killed, %s', async (_, fault) => {
  const upstream = await Upstream.start();
  const parent = spawnNode(
    '--input-type=module',
    '--eval',
    `import { startProxy } from ${JSON.stringify(START)};
     const upstream = { address: '127.0.0.1', port: ${upstream.port} };
     const proxy = await startProxy({ upstream, secure: false, logFile: '/dev/null', onExit: () => {} });
     const fault = ${fault};
     if (fault !== null) await proxy.apply(fault);
     console.log(proxy.port);`,
  );
  const port = Number(await firstLine(parent));
  expect(await isListening(port)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isListening(port), patiently).toBe(false);
});

test('killed, it says so once, knows no counts any more and refuses orders', async () => {
  const upstream = await Upstream.start();
  const ends: string[] = [];
  const proxy = await startProxy({
    upstream: { address: '127.0.0.1', port: upstream.port },
    secure: false,
    logFile: join(scratchFolder(), 'proxy.log'),
    onExit: (how) => ends.push(how),
  });
  await proxy.apply(SLOW);
  process.kill(proxy.pid, 'SIGKILL');
  const underWay = proxy.lift(SLOW);
  await expect(underWay).rejects.toThrow('the fault proxy has ended');
  await expect(proxy.apply(SLOW)).rejects.toThrow('the fault proxy has ended');
  await expect(proxy.disconnect({ share: 1, how: 'fin' })).rejects.toThrow('the fault proxy has ended');
  expect(await proxy.counts()).toBe(null);
  await proxy.stop();
  await aWhile(50);
  expect(ends).toEqual(['by SIGKILL']);
});

test('what does not start says why, and where its output is', async () => {
  const logFile = join(scratchFolder(), 'proxy.log');
  const upstream = { address: '127.0.0.1', port: 1 };
  const argument = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = '--no-such-option';
  try {
    await expect(startProxy({ upstream, secure: false, logFile, onExit: () => {} })).rejects.toThrow(
      `The fault proxy did not start: it ended with code 9. Its output is in ${logFile}.`,
    );
  } finally {
    if (argument === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = argument;
  }
});
