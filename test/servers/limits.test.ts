import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import {
  type Address,
  connectClient,
  endOf,
  openClient,
  patiently,
  requestUpgrade,
  serve,
  statsOf,
} from './running.js';

interface Outcome {
  readonly client: WebSocket;
  /** Null for a client that has opened. */
  readonly refusal: {
    readonly status: number;
    readonly retryAfter: string | null;
    readonly body: string;
  } | null;
}

/** Resolves when the client has opened, or has been refused by HTTP. */
async function attempt(server: Address, path = '/'): Promise<Outcome> {
  const client = connectClient(server, path);
  const opened = once(client, 'open').then(() => null);
  const refused = once(client, 'unexpected-response').then(([, response]) => readRefusal(response));
  return { client, refusal: await Promise.race([opened, refused]) };
}

async function readRefusal(response: IncomingMessage) {
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null, body };
}

/** All at once. */
async function attemptMany(server: Address, count: number) {
  const outcomes = await Promise.all(Array.from({ length: count }, () => attempt(server)));
  return {
    open: outcomes.filter(({ refusal }) => refusal === null).map(({ client }) => client),
    refusals: outcomes.flatMap(({ refusal }) => refusal ?? []),
  };
}

/** Of a client, masked with zeros. */
function textFrame(text: string): Buffer {
  return Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0, ...Buffer.from(text)]);
}

describe('a cap on connections', () => {
  test.each([1, 25])('of %i holds exactly so many of those who come at once', async (most) => {
    const server = await serve('echo', { limit: { connections: { most } } });
    const { open, refusals } = await attemptMany(server, 60);
    expect(open).toHaveLength(most);
    expect(refusals).toHaveLength(60 - most);
    const body = `All ${most} connections are taken.\n`;
    for (const refusal of refusals) expect(refusal).toEqual({ status: 503, retryAfter: null, body });
    expect(server.ledger).toMatchObject({ opened: most, closed: 0, refused: { 503: 60 - most } });
    expect(await statsOf(server)).toMatchObject({ openNow: most, turnedAway: 60 - most });
  });

  test('has a place again as soon as a connection is gone, and not before', async () => {
    const server = await serve('closer', { limit: { connections: { most: 2 } } });
    const first = await openClient(server, '/stay');
    // It never answers the close frame, so that its connection goes on.
    await openClient(server, '/silence?after=0');
    await expect(openClient(server, '/stay')).rejects.toThrow('503');
    first.close();
    await endOf(first);
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    await openClient(server, '/stay');
    await expect(openClient(server, '/stay')).rejects.toThrow('503');
    expect(server.ledger).toMatchObject({ opened: 3, refused: { 503: 2 } });
  });

  test('counts a connection that is closing until it has gone', async () => {
    const server = await serve('closer', { limit: { connections: { most: 1 } } });
    const neverAnswers = requestUpgrade(server.port, '/code/1000?after=0');
    onTestFinished(() => void neverAnswers.destroy());
    await expect.poll(() => server.ledger.opened, patiently).toBe(1);
    await expect(openClient(server, '/stay')).rejects.toThrow('503');
    neverAnswers.destroy();
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    await openClient(server, '/stay');
  });

  test('is the same under TLS', async () => {
    const server = await serve('echo', { tls: true, limit: { connections: { most: 3 } } });
    const { open, refusals } = await attemptMany(server, 9);
    expect([open.length, refusals.length]).toEqual([3, 6]);
  });

  test.each(['echo', 'heartbeat', 'closer', 'broadcast', 'rooms', 'chat', 'reliable', 'handshake'] as const)(
    'is kept by the server %s, either way',
    async (name) => {
      for (const how of ['http', 'close'] as const) {
        const server = await serve(name, { limit: { connections: { most: 1, how } } });
        const stays = await openClient(server, '/stay');
        const { client: next, refusal } = await attempt(server, '/stay');
        if (how === 'http') expect(refusal?.status).toBe(503);
        else expect((await endOf(next)).code).toBe(1013);
        expect(stays.readyState).toBe(stays.OPEN);
        expect(server.ledger.opened).toBe(how === 'http' ? 1 : 2);
      }
    },
  );
});

describe('a cap on connections that closes who comes too late', () => {
  const limit = { connections: { most: 10, how: 'close' } } as const;

  test('lets them in and closes them with 1013, and holds exactly the others', async () => {
    const server = await serve('echo', { limit });
    const clients = Array.from({ length: 40 }, () => connectClient(server));
    const ends: number[] = [];
    for (const client of clients) client.on('close', (code) => ends.push(code));
    await expect.poll(() => ends.length + server.ledger.closed, patiently).toBe(60);
    expect(ends).toEqual(Array.from({ length: 30 }, () => 1013));
    expect(server.ledger).toMatchObject({ opened: 40, closed: 30, closesByCode: { 1013: 30 }, refused: {} });
    expect(await statsOf(server)).toMatchObject({ openNow: 10, turnedAway: 30 });
  });

  test('takes no place for those who do not go', async () => {
    const server = await serve('echo', { limit: { connections: { most: 1, how: 'close' } } });
    const holds = await openClient(server);
    const lingers = requestUpgrade(server.port, '/');
    onTestFinished(() => void lingers.destroy());
    await expect.poll(() => server.ledger.opened, patiently).toBe(2);
    holds.close();
    await endOf(holds);
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    const next = await openClient(server);
    next.send('still here');
    await once(next, 'message');
    expect(server.ledger).toMatchObject({ opened: 3, closed: 1 });
  });

  test('hears nobody whom it has turned away', async () => {
    const server = await serve('broadcast', { limit: { connections: { most: 1, how: 'close' } } });
    const member = await openClient(server);
    const heard: string[] = [];
    member.on('message', (message) => heard.push(String(message)));
    const late = requestUpgrade(server.port, '/');
    onTestFinished(() => void late.destroy());
    await once(late, 'data');
    late.write(textFrame('"from outside"'));
    await expect.poll(() => server.ledger.messagesIn, patiently).toBe(1);
    member.send('"from inside"');
    await once(member, 'message');
    expect(heard).toEqual(['"from inside"']);
    expect(server.ledger.delivery.published).toBe(1);
  });
});

describe('a cap on connects per second', () => {
  test('lets its burst in at once and refuses the others by 503, which says when to come again', async () => {
    const server = await serve('echo', { limit: { connectRate: { perSecond: 0.01, burst: 7 } } });
    const { open, refusals } = await attemptMany(server, 30);
    expect([open.length, refusals.length]).toEqual([7, 23]);
    for (const { status, retryAfter, body } of refusals) {
      expect({ status, body }).toEqual({ status: 503, body: 'No more than 0.01 connects a second.\n' });
      expect(Number(retryAfter)).toBeGreaterThan(60);
      expect(Number(retryAfter)).toBeLessThanOrEqual(100);
    }
    expect(server.ledger.refused).toEqual({ 503: 23 });
    expect(await statsOf(server)).toMatchObject({ openNow: 7, throttled: 23 });
  });

  test('lets in what the time has regained, and no more', async () => {
    const perSecond = 40;
    const server = await serve('echo', { limit: { connectRate: { perSecond, burst: 1 } } });
    const startMs = performance.now();
    let retryAfter: string | null = null;
    while (performance.now() - startMs < 1500) {
      const { refusals } = await attemptMany(server, 2);
      retryAfter ??= refusals[0]?.retryAfter ?? null;
    }
    const seconds = (performance.now() - startMs) / 1000;
    expect(retryAfter).toBe('1');
    expect(server.ledger.opened).toBeLessThanOrEqual(1 + perSecond * seconds);
    // Where the machine is busy with others, we ask too seldom.
    expect(server.ledger.opened).toBeGreaterThan(5);
  });

  test('takes no token from those who find no place', async () => {
    const limit = { connections: { most: 2 }, connectRate: { perSecond: 0.001, burst: 3 } };
    const server = await serve('echo', { limit });
    const { open } = await attemptMany(server, 12);
    expect(open).toHaveLength(2);
    for (const client of open) client.close();
    await expect.poll(() => server.ledger.closed, patiently).toBe(2);
    expect((await attemptMany(server, 12)).open).toHaveLength(1);
    expect(await statsOf(server)).toMatchObject({ turnedAway: 10, throttled: 11 });
  });
});
