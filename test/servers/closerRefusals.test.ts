import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connectClient, openClient, serve, statsOf, upgradeRaw } from './running.js';

describe('the closer, before the upgrade', () => {
  test.each([401, 403, 404, 429, 500, 503])('/refuse/%i answers by that status', async (status) => {
    const server = await serve('closer');
    const { received, ended } = await upgradeRaw(server.port, `/refuse/${status}`);
    expect(ended).toBe(true);
    expect(String(received)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(String(received).includes('\r\nRetry-After: 2\r\n')).toBe(status === 429 || status === 503);
    expect(server.ledger).toMatchObject({ opened: 0, refused: { [status]: 1 } });
  });

  test.each([
    ['/redirect', /^HTTP\/1\.1 302 Found\r\n.*\r\nLocation: \/stay\r\n/s, { 302: 1 }],
    ['/html', /^HTTP\/1\.1 200 OK\r\n.*Content-Type: text\/html.*<!doctype html>/s, { 200: 1 }],
    ['/garbage', /^SSH-2\.0-/, {}],
    ['/fin-before-upgrade', /^$/, {}],
  ])('%s is what a bare socket sees it to be', async (path, pattern, refused) => {
    const server = await serve('closer');
    const { received, ended, errorCode } = await upgradeRaw(server.port, path);
    expect(String(received)).toMatch(pattern);
    expect({ ended, errorCode }).toEqual({ ended: true, errorCode: null });
    expect(server.ledger).toMatchObject({ opened: 0, refused });
  });

  test.each([
    ['/bad-accept', [], 'Invalid Sec-WebSocket-Accept header'],
    ['/wrong-subprotocol', ['offered'], 'Server sent an invalid subprotocol'],
    ['/no-answer', [], 'Opening handshake has timed out'],
    ['/html', [], 'Unexpected server response: 200'],
  ])('%s fails a client', async (path, subprotocols, message) => {
    const server = await serve('closer');
    const client = connectClient(server, path, { handshakeTimeout: 1000 }, subprotocols);
    const [error] = await once(client, 'error');
    expect(error.message).toBe(message);
    expect(server.ledger.opened).toBe(0);
  });

  test.each([
    ['/code/1006', '/code does not take "1006"'],
    ['/code/1005', '/code does not take "1005"'],
    ['/code/5000', '/code does not take "5000"'],
    ['/code/1e3', '/code does not take "1e3"'],
    ['/fin/now', '/fin does not take "now"'],
    ['/refuse/200', '/refuse does not take "200"'],
    ['/bad-frame/unknown', '/bad-frame does not take "unknown"'],
    ['/fin?after=soon', 'after must be milliseconds'],
    [`/code/1000?reason=${'x'.repeat(124)}`, 'reason has more than 123 bytes'],
    ['/', 'there is no way /; there are stay, code, '],
    ['//', 'this is not a path'],
  ])('%s is refused by 404, which says why', async (path, why) => {
    const server = await serve('closer');
    const { received } = await upgradeRaw(server.port, path);
    expect(String(received)).toMatch(/^HTTP\/1\.1 404 /);
    expect(String(received)).toContain(`\r\n\r\n${why}`);
    expect(server.ledger.refused).toEqual({ 404: 1 });
    expect((await statsOf(server)).ways).toEqual({});
  });
});

test('a closer that stops lets go of the clients that it never answered', async () => {
  const server = await serve('closer');
  const held = upgradeRaw(server.port, '/no-answer');
  const silent = await openClient(server, '/silence?after=0');
  await server.stop();
  await held;
  expect(silent.readyState).not.toBe(silent.OPEN);
  expect(server.ledger.closed).toBe(1);
});
