import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createDeliveryLedger } from '../../src/servers/deliveryLedger.js';
import {
  connectClient,
  endOf,
  openClient,
  patiently,
  serve,
  statsOf,
  upgradeRaw,
  whenAllClosed,
} from './running.js';

describe('the ledger of a reference server', () => {
  test('counts what its clients did, exactly', async () => {
    const server = await serve('echo');
    const clients = await Promise.all(Array.from({ length: 5 }, () => openClient(server)));
    let echoed = 0;
    let pongs = 0;
    for (const client of clients) {
      client.on('message', () => echoed++).on('pong', () => pongs++);
      for (let i = 0; i < 20; i++) client.send(`message ${i}`);
      for (let i = 0; i < 3; i++) client.ping(`ping ${i}`);
    }
    await expect.poll(() => [echoed, pongs], patiently).toEqual([100, 15]);

    clients[0]?.close(1000);
    clients[1]?.close(4321, 'mine');
    clients[2]?.close();
    clients[3]?.terminate();
    clients[4]?.close(4321);
    await whenAllClosed(server);

    expect(server.ledger).toEqual({
      opened: 5,
      closed: 5,
      closesByCode: { 1000: 1, 4321: 2, empty: 1, none: 1 },
      refused: {},
      messagesIn: 100,
      messagesOut: 100,
      pingsIn: 15,
      pingsOut: 0,
      pongsIn: 0,
      pongsOut: 15,
      terminated: 0,
      tcpConnections: 5,
      httpRequests: 0,
      delivery: createDeliveryLedger(),
    });
  });

  test('counts the pings it sends and the pongs that come back', async () => {
    const server = await serve('echo', { heartbeat: { everyUs: 20_000 } });
    const client = await openClient(server);
    let received = 0;
    let answered = 0;
    client.on('ping', () => {
      received++;
      // A client that has begun to close answers no more pings.
      if (client.readyState === client.OPEN) answered++;
    });
    await expect.poll(() => answered, patiently).toBeGreaterThan(3);
    client.close(1000);
    await endOf(client);
    await whenAllClosed(server);
    expect(server.ledger).toMatchObject({ pingsOut: received, pongsIn: answered });
    expect(server.ledger.closesByCode).toEqual({ 1000: 1 });
  });

  test('counts a close by the frame that came first, not by the answer to it', async () => {
    const server = await serve('closer');
    const polite = await openClient(server, '/code/1012');
    const rude = await openClient(server, '/code/1013');
    // Cut off the moment that the close frame of the server comes: it is never answered.
    rude.close = () => rude.terminate();
    await endOf(polite);
    await whenAllClosed(server);
    expect(server.ledger.closesByCode).toEqual({ 1012: 1, 1013: 1 });
  });

  test('counts a client that breaks the protocol by the code it was answered with', async () => {
    const server = await serve('echo', { maxPayloadBytes: 10 });
    const client = await openClient(server);
    client.send('more than ten bytes');
    expect((await endOf(client)).code).toBe(1009);
    await whenAllClosed(server);
    expect(server.ledger).toMatchObject({ closesByCode: { 1009: 1 }, messagesIn: 0, messagesOut: 0 });
  });

  test('counts refused upgrades by their status, those that a proxy has crippled included', async () => {
    const server = await serve('echo');
    const base = `http://127.0.0.1:${server.port}/`;
    expect((await fetch(base, { headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' } })).status).toBe(
      426,
    );
    expect((await fetch(base)).status).toBe(426);
    const wrongVersion = await upgradeRaw(server.port, '/', '14');
    expect(String(wrongVersion.received)).toMatch(/^HTTP\/1\.1 426 .*\r\nSec-WebSocket-Version: 13\r\n/s);
    expect(server.ledger.refused).toEqual({ 426: 2 });
    expect(server.ledger.opened).toBe(0);
  });

  test('is what /stats shows, with the connections open now', async () => {
    const server = await serve('echo');
    const client = await openClient(server);
    client.send('x');
    await once(client, 'message');
    const stats = await statsOf(server);
    expect(stats).toMatchObject({ server: 'echo', openNow: 1 });
    expect(stats.counts).toEqual({ ...server.ledger, tcpConnections: 2 });
    expect(stats.uptimeMs).toBeTypeOf('number');
  });

  test('counts TCP connections that never become anything', async () => {
    const server = await serve('closer');
    const client = connectClient(server, '/refuse/503');
    await once(client, 'error');
    expect(server.ledger).toMatchObject({ tcpConnections: 1, opened: 0, refused: { 503: 1 } });
  });
});
