import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connectClient, patiently, serve, statsOf, whenAllClosed } from './running.js';
import { settled, type Talker, talk } from './talking.js';

describe('the server broadcast', () => {
  test('sends every message to every client, its sender included', async () => {
    const server = await serve('broadcast');
    const talkers: Talker[] = [];
    for (let i = 0; i < 4; i++) talkers.push(await talk(server));
    for (const [i, { client }] of talkers.entries()) client.send(`message of ${i}`);
    for (const { texts } of talkers) {
      await expect.poll(() => texts.toSorted(), patiently).toEqual(talkers.map((_, i) => `message of ${i}`));
    }
    expect(server.ledger).toMatchObject({
      messagesIn: 4,
      messagesOut: 16,
      delivery: { published: 4, delivered: 16 },
    });
  });

  test('answers pings of the application to their sender alone', async () => {
    const server = await serve('broadcast');
    const [pinger, other] = [await talk(server), await talk(server)];
    pinger.send({ type: 'ping' });
    await settled(pinger);
    await settled(other);
    expect(pinger.texts).toEqual(['{"type":"pong"}']);
    expect(other.texts).toEqual([]);
    expect(server.ledger.delivery).toMatchObject({ published: 0, delivered: 0 });
  });

  test.each([
    ['plain', {}, false],
    ['over TLS', { tls: true }, false],
    ['to clients some of which compress', { perMessageDeflate: true }, true],
  ])('passes text and binary of any length on unchanged, %s', async (_, options, perMessageDeflate) => {
    const server = await serve('broadcast', options);
    const received: [string, boolean][] = [];
    const listener = connectClient(server, '/', { perMessageDeflate });
    listener.on('message', (payload: Buffer, binary) => received.push([payload.toString('base64'), binary]));
    await expect.poll(() => listener.readyState, patiently).toBe(listener.OPEN);
    const { client } = await talk(server, '/', { perMessageDeflate: false });
    const sent = [0, 1, 125, 126, 65_535, 65_536, 200_000].flatMap((length) => [
      [Buffer.from('ü'.repeat(length >> 1)), false] as const,
      [randomBytes(length), true] as const,
    ]);
    for (const [payload, binary] of sent) client.send(payload, { binary });
    await expect.poll(() => received.length, patiently).toBe(sent.length);
    expect(received).toEqual(sent.map(([payload, binary]) => [payload.toString('base64'), binary]));
  });

  test('delivers to those who stay when others go in the middle of it', async () => {
    const server = await serve('broadcast');
    const [speaker, stayer, goer] = [await talk(server), await talk(server), await talk(server)];
    for (let i = 0; i < 100; i++) {
      speaker.client.send(String(i));
      if (i === 50) goer.client.terminate();
    }
    await expect.poll(() => stayer.texts, patiently).toHaveLength(100);
    for (const { client } of [speaker, stayer]) client.close();
    await whenAllClosed(server);
    expect((await statsOf(server)).rooms).toEqual([{ name: 'lobby', members: 0, messages: 100 }]);
  });
});

describe('a server that takes its time', () => {
  test('holds every delivery for at least the delay, and keeps the order', async () => {
    const server = await serve('broadcast', { delayUs: 150_000 });
    const { client } = await talk(server);
    const waitedMs: number[] = [];
    const order: number[] = [];
    client.on('message', (text) => {
      const [number, sentAt] = String(text).split(' ');
      order.push(Number(number));
      waitedMs.push(performance.now() - Number(sentAt));
    });
    for (let i = 0; i < 30; i++) {
      client.send(`${i} ${performance.now()}`);
      if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 7));
    }
    await expect.poll(() => order, patiently).toHaveLength(30);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(Math.min(...waitedMs)).toBeGreaterThanOrEqual(150);
  });

  test('delivers a delayed message to those who were there when it came', async () => {
    const server = await serve('broadcast', { delayUs: 200_000 });
    const [speaker, goer] = [await talk(server), await talk(server)];
    speaker.client.send('hello');
    await settled(speaker);
    const late = await talk(server);
    goer.client.close();
    await expect.poll(() => speaker.texts, patiently).toEqual(['hello']);
    await settled(late);
    expect(late.texts).toEqual([]);
    expect(server.ledger.delivery).toMatchObject({ published: 1, delivered: 1 });
  });

  test('keeps the CPU busy for every copy, so that nothing else is done meanwhile', async () => {
    const server = await serve('broadcast', { workUs: 50_000 });
    const talkers = [await talk(server), await talk(server), await talk(server)];
    let timersFired = 0;
    const timer = setInterval(() => timersFired++, 5);
    const published = once(talkers[0]!.client, 'message');
    const sentAt = performance.now();
    talkers[0]!.client.send('hello');
    await expect.poll(() => server.ledger.delivery.published, { ...patiently, interval: 1 }).toBe(1);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(150);
    clearInterval(timer);
    expect(timersFired).toBeLessThan(10);
    await published;
  });
});
