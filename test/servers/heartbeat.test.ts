import { once } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { endOf, openClient, patiently, serve, statsOf, whenAllClosed } from './running.js';

const fast = { everyUs: 100_000 };

describe('the heartbeat server', () => {
  test('answers the ping of the application, and counts everything else without an answer', async () => {
    const server = await serve('heartbeat');
    const client = await openClient(server);
    const answers: string[] = [];
    client.on('message', (answer, binary) => answers.push(`${binary} ${answer}`));
    client.send('{"type":"other"}');
    client.send('not json');
    client.send('null');
    client.send(Buffer.from('{"type":"ping"}'));
    client.send('{"type":"ping","ts":17}');
    await once(client, 'message');
    client.close();
    await whenAllClosed(server);
    expect(answers).toEqual(['false {"type":"pong"}']);
    expect(server.ledger).toMatchObject({ messagesIn: 5, messagesOut: 1 });
  });

  test.each([
    ['at the next round', fast],
    ['at the deadline', { ...fast, timeoutUs: 50_000 }],
    ['at a deadline later than the next rounds', { ...fast, timeoutUs: 250_000 }],
  ])('terminates a silent client %s and keeps one that answers', async (_, heartbeat) => {
    const server = await serve('heartbeat', { heartbeat });
    const alive = await openClient(server);
    const silent = await openClient(server, '/', { autoPong: false });
    expect((await endOf(silent)).code).toBe(1006);
    let pings = 0;
    alive.on('ping', () => pings++);
    await expect.poll(() => pings, patiently).toBeGreaterThan(4);
    expect(alive.readyState).toBe(alive.OPEN);
    expect(server.ledger).toMatchObject({ terminated: 1, closed: 1, closesByCode: { none: 1 } });
  });

  test('terminates within the timeout, well before the next round', async () => {
    const server = await serve('heartbeat', { heartbeat: { everyUs: 1_500_000, timeoutUs: 20_000 } });
    const silent = await openClient(server, '/', { autoPong: false });
    await once(silent, 'ping');
    await endOf(silent);
    expect((await statsOf(server)).pingRounds).toBe(1);
  });

  test('gives a client that comes between two rounds a whole round to answer', async () => {
    const server = await serve('heartbeat', { heartbeat: fast });
    const silent = await openClient(server, '/', { autoPong: false });
    let pings = 0;
    silent.on('ping', () => pings++);
    await endOf(silent);
    expect(pings).toBe(1);
  });

  test('pings every 30 s unless it was told otherwise', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await serve('heartbeat');
    await openClient(server);
    vi.advanceTimersByTime(29_999);
    expect(server.ledger.pingsOut).toBe(0);
    vi.advanceTimersByTime(1);
    expect(server.ledger.pingsOut).toBe(1);
  });
});

test('echo pings nobody unless it was told to', async () => {
  expect(await statsOf(await serve('echo'))).not.toHaveProperty('pingRounds');
  expect(await statsOf(await serve('heartbeat'))).toHaveProperty('pingRounds', 0);
});
