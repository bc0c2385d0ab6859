import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  entry,
  exitOf,
  firstLine,
  forkReady,
  forkServer,
  isListening,
  spawnNode,
  spawnServer,
} from './processes.js';
import { connectClient, endOf, openClient, patiently, serve, statsOf } from './running.js';

describe('the process of a reference server', () => {
  test('says to whoever forked it where it listens', async () => {
    const { port, scheme, ca } = await forkReady('heartbeat', {});
    expect({ scheme, ca }).toEqual({ scheme: 'ws', ca: null });
    const stats = await statsOf({ port });
    expect(stats).toMatchObject({ server: 'heartbeat', openNow: 0, pingRounds: 0 });
  });

  test('started by hand prints where it listens, and ends on Ctrl-C', async () => {
    const child = spawnServer('echo', '{"heartbeat":{"everyUs":1000000}}');
    const line = await firstLine(child);
    expect(line).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ {2}http:\/\/127\.0\.0\.1:\d+\/stats$/);
    const response = await fetch(line.split('  ')[1] ?? '');
    expect(await response.json()).toMatchObject({ server: 'echo' });
    child.kill('SIGINT');
    expect(await exitOf(child)).toEqual({ code: 0, stderr: '' });
  });

  test('closes everybody with 1001 on SIGTERM, and does not wait for the silent for ever', async () => {
    const { child, ...server } = await forkReady('closer');
    const polite = await openClient(server, '/stay');
    const silent = await openClient(server, '/silence?after=0');
    const ends = Promise.all([endOf(polite), endOf(silent), exitOf(child)]);
    child.kill('SIGTERM');
    expect(await ends).toMatchObject([{ code: 1001 }, { code: 1001 }, { code: 0 }]);
  });

  test('ends at once on the second signal', async () => {
    const { child, ...server } = await forkReady('closer');
    const silent = await openClient(server, '/silence?after=0');
    const exit = exitOf(child);
    child.kill('SIGTERM');
    await expect.poll(() => silent.readyState, patiently).toBe(silent.CLOSING);
    const before = performance.now();
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
    expect(performance.now() - before).toBeLessThan(900);
  });

  test('leaves Ctrl-C to whoever forked it', async () => {
    const { child, port } = await forkReady('echo');
    child.kill('SIGINT');
    for (let i = 0; i < 5; i++) expect(await statsOf({ port })).toMatchObject({ openNow: 0 });
  });

  test('ends when the process that forked it was killed', async () => {
    const parent = spawnNode(
      '--input-type=module',
      '--eval',
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(entry)}, ['echo'], { execArgv: [] });
       child.on('message', ({ port }) => console.log(port));`,
    );
    const port = Number(await firstLine(parent));
    expect(await isListening(port)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isListening(port), patiently).toBe(false);
  });
});

describe('a reference server that cannot start says why in one line', () => {
  test.each([
    ['an unknown name', ['ecko'], 2, /^unknown server "ecko" \(there are echo, heartbeat, closer, .*\)\n$/],
    ['no name', [], 2, /^unknown server "" \(.*\n$/],
    ['options that are not JSON', ['echo', '{port:1}'], 2, /^the options are not JSON: "\{port:1\}"\n$/],
    [
      'wrong options',
      ['echo', '{"tls":1,"x":2}'],
      2,
      /^tls must be true or false, not 1; unknown option "x".*\n$/,
    ],
    [
      'an address of another machine',
      ['echo', '{"host":"192.0.2.1"}'],
      3,
      /^cannot listen on .* EADDRNOTAVAIL.*\n$/,
    ],
  ])('%s', async (_, args, code, line) => {
    const exit = await exitOf(spawnServer(...args));
    expect(exit.stderr).toMatch(line);
    expect(exit.code).toBe(code);
  });

  test('a port in use', async () => {
    const { port } = await serve('echo');
    const text = `port ${port} on 127.0.0.1 is in use: choose another, or 0 for a free one`;
    expect(await exitOf(spawnServer('echo', `{"port":${port}}`))).toEqual({ code: 3, stderr: `${text}\n` });
    const { child, message } = await forkServer('echo', { port });
    expect(message).toEqual({ kind: 'failed', message: text });
    expect((await exitOf(child)).code).toBe(3);
  });
});

describe('TLS', () => {
  test('works with the certificate that the server made, by name and by address, and leaves no file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'wsherd-test-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { child, ...server } = await forkReady('echo', { tls: true }, { TMPDIR: directory });
    expect(server.scheme).toBe('wss');
    const client = await openClient(server);
    client.send('secret');
    expect(String((await once(client, 'message'))[0])).toBe('secret');
    const certificate = new X509Certificate(server.ca ?? '');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
    const [distrust] = await once(connectClient({ ...server, ca: null }), 'error');
    expect(distrust).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(await readdir(directory)).toEqual([]);
    child.kill('SIGTERM');
  });

  test('without openssl the server names the package to install', async () => {
    const { child, message } = await forkServer('echo', { tls: true }, { PATH: '/nowhere' });
    expect(message).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('apt-get install openssl'),
    });
    expect((await exitOf(child)).code).toBe(3);
  });
});
