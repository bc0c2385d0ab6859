import { createServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClientSettings } from '../../src/client/types.js';
import { engineNames, Line } from './line.js';
import { makeCertificate, portOf, tcpServer, wsServer } from './servers.js';

const certificate = makeCertificate();
const trust = { ca: certificate.cert, verify: true, resume: false };

describe.each(engineNames)('engine %s', (engine) => {
  async function failed(port: number, settings: Partial<ClientSettings>, hostname = 'localhost') {
    return new Line(engine, port, { settings, hostname }).until('failed');
  }

  test('a certificate that nobody vouches for fails with its code', async () => {
    const { port } = await wsServer(() => {}, {}, certificate);
    const tls = { verify: true, resume: false };
    expect(await failed(port, { tls })).toMatchObject({ stage: 'tls', cause: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('a certificate of another name fails with its code', async () => {
    const { port } = await wsServer(() => {}, {}, certificate);
    const failure = await failed(port, { tls: trust }, 'example.test');
    expect(failure).toMatchObject({ stage: 'tls', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('a server name of its own, or no verification, lets the same certificate pass', async () => {
    const { port } = await wsServer(() => {}, {}, certificate);
    for (const tls of [
      { ...trust, servername: 'localhost' },
      { verify: false, resume: false },
    ]) {
      await new Line(engine, port, { hostname: 'example.test', settings: { tls } }).until('open');
    }
  });

  test.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', false],
  ])('the server name of host %s is %s', async (host, servername) => {
    const names: unknown[] = [];
    const server = createServer(certificate, (socket) => {
      names.push(socket.servername);
      socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const port = portOf(server.address());
    await failed(port, { tls: { verify: false, resume: false } }, host);
    expect(names).toEqual([servername]);
  });

  test('a certificate of ours is shown to a server that asks for one', async () => {
    const asked = { ...certificate, ca: certificate.cert, requestCert: true, rejectUnauthorized: true };
    const { port } = await wsServer(() => {}, {}, asked);
    await new Line(engine, port, { settings: { tls: { ...trust, ...certificate } } }).until('open');
  });

  test.each([true, false])(
    'with resume %s the session of an earlier connection is offered or not',
    async (resume) => {
      const reused: boolean[] = [];
      const { port } = await wsServer(
        (peer) => peer.send('so that the ticket has come'),
        {},
        certificate,
        (socket) => {
          reused.push(socket.isSessionReused());
        },
      );
      const line = new Line(engine, port, { settings: { tls: { ...trust, resume } } });
      await line.until('message');
      line.connection.close(1000, '', 'local-close');
      await line.until('closed');
      await line.reopen().until('message');
      expect(reused).toEqual([false, resume]);
    },
  );

  test('a server without TLS fails in tls', async () => {
    const { port } = await tcpServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 400 No\r\n\r\n')),
    );
    expect(await failed(port, { tls: trust })).toMatchObject({
      stage: 'tls',
      cause: expect.stringMatching(/SSL|EPROTO/),
    });
  });

  test('a server that ends the stream in the TLS handshake is fin', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.end()));
    expect(await failed(port, { tls: trust })).toMatchObject({ stage: 'tls', cause: 'fin' });
  });

  test('a key that is no key is a mistake of the user', () => {
    expect(() => new Line(engine, 9, { settings: { tls: { ...trust, key: 'no' } } })).toThrow(
      /^connect\.tls/,
    );
  });
});
