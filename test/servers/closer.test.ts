import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { endOf, openClient, patiently, serve, statsOf, upgradeRaw, whenAllClosed } from './running.js';

const sendableCodes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3008,
];

describe('the closer, after the upgrade', () => {
  test.each([...sendableCodes, 4000, 4400, 4999])('/code/%i closes with that code', async (code) => {
    const server = await serve('closer');
    const client = await openClient(server, `/code/${code}?reason=why%20not&after=0`);
    expect(await endOf(client)).toEqual({ code, reason: 'why not' });
    await whenAllClosed(server);
    expect(server.ledger).toMatchObject({ opened: 1, closed: 1, closesByCode: { [code]: 1 } });
  });

  test('/code/empty sends a close frame without a code', async () => {
    const server = await serve('closer');
    expect((await endOf(await openClient(server, '/code/empty'))).code).toBe(1005);
    await whenAllClosed(server);
    expect(server.ledger.closesByCode).toEqual({ empty: 1 });
  });

  test('/hostile gives a reason of 123 bytes with what breaks reports', async () => {
    const server = await serve('closer');
    const { code, reason } = await endOf(await openClient(server, '/hostile'));
    expect(code).toBe(1008);
    expect(Buffer.byteLength(reason)).toBe(123);
    for (const part of ['<script>', '\x1b[31m', '"', "'", '::error::', ']]>']) expect(reason).toContain(part);
  });

  test.each([
    ['plain', {}],
    ['over TLS', { tls: true }],
  ])('/reset and /reset-before-upgrade reset, %s', async (_, options) => {
    const server = await serve('closer', options);
    const opened = await openClient(server, '/reset?after=20');
    const [error] = await once(rawSocketOf(opened), 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    await whenAllClosed(server);
    const refused = openClient(server, '/reset-before-upgrade');
    await expect(refused).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.ledger).toMatchObject({ opened: 1, closesByCode: { none: 1 } });
  });

  test.each(['/fin', '/terminate'])('%s ends the stream without a close frame', async (path) => {
    const server = await serve('closer');
    const { received, ended, errorCode } = await upgradeRaw(server.port, path);
    expect(String(received)).toMatch(/^HTTP\/1\.1 101 /);
    expect(received.subarray(received.indexOf('\r\n\r\n') + 4)).toHaveLength(0);
    expect({ ended, errorCode }).toEqual({ ended: true, errorCode: null });
    await whenAllClosed(server);
    expect(server.ledger.closesByCode).toEqual({ none: 1 });
  });

  test('/silence never answers anything again', async () => {
    const server = await serve('closer');
    const client = await openClient(server, '/silence?after=0');
    let heard = 0;
    client.on('message', () => heard++).on('pong', () => heard++);
    client.ping();
    client.send('hello?');
    client.close(1000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(heard).toBe(0);
    expect(client.readyState).toBe(client.CLOSING);
    expect(server.ledger).toMatchObject({ opened: 1, closed: 0, messagesIn: 0, pingsIn: 0 });
  });

  test('/stay echoes until the client leaves', async () => {
    const server = await serve('closer');
    const client = await openClient(server, '/stay');
    client.send('still here?');
    expect(String((await once(client, 'message'))[0])).toBe('still here?');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.readyState).toBe(client.OPEN);
  });

  test('waits as long as `after` says, and echoes meanwhile', async () => {
    const server = await serve('closer');
    const client = await openClient(server, '/code/1000?after=300');
    client.send('x');
    await once(client, 'message');
    expect((await endOf(client)).code).toBe(1000);
    expect(server.ledger).toMatchObject({ messagesIn: 1, messagesOut: 1 });
  });
});

describe('/bad-frame/<kind> sends what a client must answer by', () => {
  test.each([
    ['masked', 1002, 'WS_ERR_UNEXPECTED_MASK'],
    ['rsv', 1002, 'WS_ERR_UNEXPECTED_RSV_2_3'],
    ['opcode', 1002, 'WS_ERR_INVALID_OPCODE'],
    ['long-control', 1002, 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'],
    ['fragmented-control', 1002, 'WS_ERR_EXPECTED_FIN'],
    ['bad-utf8', 1007, 'WS_ERR_INVALID_UTF8'],
    ['bad-close-code', 1002, 'WS_ERR_INVALID_CLOSE_CODE'],
    ['bad-close-length', 1002, 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'],
    ['too-big', 1009, 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'],
    ['continuation', 1002, 'WS_ERR_INVALID_OPCODE'],
  ])('%s: %i', async (kind, code, errorCode) => {
    const server = await serve('closer');
    const client = await openClient(server, `/bad-frame/${kind}`);
    const [error] = await once(client, 'error');
    expect(error).toMatchObject({ code: errorCode });
    await whenAllClosed(server);
    expect(server.ledger.closesByCode).toEqual({ [code]: 1 });
  });
});

test('the closer counts its ways by path', async () => {
  const server = await serve('closer');
  const paths = ['/code/1000?after=0', '/code/1000?after=1', '/code/empty', '/fin'];
  await Promise.all(paths.map(async (path) => endOf(await openClient(server, path))));
  await expect(openClient(server, '/refuse/503')).rejects.toThrow('503');
  const ways = { '/code/1000': 2, '/code/empty': 1, '/fin': 1, '/refuse/503': 1 };
  await expect.poll(() => statsOf(server), patiently).toMatchObject({ ways, openNow: 0 });
});

/** ws shows a reset and the end of the stream alike; its socket does not. */
function rawSocketOf(client: object): NodeJS.EventEmitter {
  const socket: unknown = Reflect.get(client, '_socket');
  if (!(socket instanceof Object) || !('on' in socket)) throw new Error('the client has no socket');
  return socket as NodeJS.EventEmitter;
}
