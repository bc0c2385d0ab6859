import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run, start } from '../support/cli.js';
import { expectIdentities } from '../support/identities.js';
import { unusedPort } from '../support/processes.js';

const SHORT = ['-c', '5', '-d', '1s', '--every', '200ms'];

const stops: Array<() => Promise<unknown>> = [];

afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

/** A reference server that wsherd finds running; returns the port. */
async function serve(server: string, ...settings: string[]): Promise<number> {
  const port = await unusedPort();
  const args = ['serve', server, '--port', `${port}`, ...settings.flatMap((setting) => ['--set', setting])];
  const wsherd = start(args);
  stops.push(async () => {
    wsherd.ctrlC();
    await wsherd.finished;
  });
  await wsherd.said(/stats/);
  return port;
}

async function failed(...args: string[]) {
  const { code, stdout, stderr } = await run(['run', ...args]);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
  return { code, message: stderr.trim() };
}

describe.concurrent('a server that already runs', () => {
  test('is tested without a file', async () => {
    const port = await serve('echo');
    const { code, result, stderr } = await run([
      'run',
      `ws://localhost:${port}/`,
      ...SHORT,
      '--allow-saturated',
    ]);
    expect(code, stderr).toBe(0);
    expectIdentities(result);
    expect(result.connections).toMatchObject({ planned: 5, opened: 5, openAtEnd: 5 });
    expect(result.target).toMatchObject({ kind: 'url', name: `ws://localhost:${port}/`, counts: null });
    expect(result.metrics['handshake.dns']).toMatchObject({ count: 1 });
    expect(result.scenario).toMatchObject({ name: 'ad-hoc', file: null });
  });

  test('is waited for', async () => {
    const port = await unusedPort();
    const wsherd = start([
      'run',
      `ws://127.0.0.1:${port}/`,
      ...SHORT,
      '--allow-saturated',
      '--wait-for-target',
      '30s',
    ]);
    await sleep(1500);
    const server = start(['serve', 'echo', '--port', `${port}`]);
    const { code, result, stderr } = await wsherd.finished;
    server.ctrlC();
    expect(code, stderr).toBe(0);
    expect(result.connections.opened).toBe(5);
    expect((await server.finished).code).toBe(0);
  });

  test('is one that refuses: exit 3, with the way to wait for it', async () => {
    const url = `ws://127.0.0.1:${await unusedPort()}/`;
    const { code, message } = await failed(url, ...SHORT);
    expect(code).toBe(3);
    expect(message).toBe(
      `${url} does not accept connections (ECONNREFUSED). Start the server, or let wsherd wait for it: --wait-for-target 30s.`,
    );
  });

  test('is a name that does not exist', async () => {
    const { code, message } = await failed('ws://no-such-host.invalid/', ...SHORT);
    expect(code).toBe(3);
    expect(message).toMatch(
      /^The name no-such-host\.invalid cannot be resolved \(\w+\)\. Check its spelling/,
    );
  });
});

describe.concurrent('load goes nowhere but to this machine unless told so', () => {
  const addresses = ['10.0.0.1', '192.0.2.1', '[2001:db8::1]'];
  test.each(addresses)('%s is refused with the flag that allows it', async (address) => {
    const { code, message } = await failed(`ws://${address}:8080/`, ...SHORT);
    expect(code).toBe(3);
    expect(message).toContain(`--allow-target ${address}:8080`);
  });

  test('refused before a packet is sent, and allowed by name', async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.on('error', () => socket.destroy());
      socket.resume();
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => listener.close(resolve)));
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : 0;
    // Linux takes 0.0.0.0 to this machine, but it is no loopback address.
    const args = [`ws://0.0.0.0:${port}/`, ...SHORT];
    expect((await failed(...args)).code).toBe(3);
    expect((await failed(...args, '--allow-target', '0.0.0.0:1')).code).toBe(3);
    expect(connections).toBe(0);
    const allowed = await run(['run', ...args, '--allow-target', `0.0.0.0:${port}`]);
    expect(allowed.result.failures).toMatchObject([{ stage: 'upgrade', cause: 'http-401', count: 5 }]);
    // One more for the question whether it accepts.
    expect(connections).toBe(5 + 1);
  });
});

describe.concurrent('a server that opens nothing: exit 3, and the record says why', () => {
  async function nothingOpened(url: string): Promise<RunResult> {
    const { code, result, stdout } = await run(['run', url, ...SHORT]);
    expect(code).toBe(3);
    expectIdentities(result);
    expect(result.connections).toMatchObject({ attempted: 5, opened: 0, failed: 5, neverOpened: 5 });
    expect(stdout).toMatch(/^Failed: no connection opened; all 5 times/);
    return result;
  }

  test('HTML, a refusal, and what is no HTTP at all', async () => {
    const port = await serve('closer');
    const answers = [
      ['/html', 'http-200', 'HTTP/1.1 200 OK'],
      ['/refuse/401', 'http-401', 'HTTP/1.1 401 Unauthorized'],
      ['/garbage', 'not-http', 'SSH-2.0-this_is_not_HTTP'],
    ] as const;
    const results = await Promise.all(
      answers.map(([path]) => nothingOpened(`ws://127.0.0.1:${port}${path}`)),
    );
    for (const [i, [, cause, example]] of answers.entries()) {
      expect(results[i]?.failures).toMatchObject([{ stage: 'upgrade', cause, example, count: 5 }]);
    }
  });

  test('a certificate that nobody vouches for, until it need not be verified', async () => {
    const port = await serve('echo', 'tls=true');
    const url = `wss://127.0.0.1:${port}/`;
    const { failures } = await nothingOpened(url);
    expect(failures).toMatchObject([{ stage: 'tls', cause: 'DEPTH_ZERO_SELF_SIGNED_CERT', count: 5 }]);
    const trusting = ['--set', 'connect.tls.verify=false', '--allow-saturated'];
    const { code, result } = await run(['run', url, ...SHORT, ...trusting]);
    expect(code).toBe(0);
    expect(result.connections.opened).toBe(5);
  });
});
