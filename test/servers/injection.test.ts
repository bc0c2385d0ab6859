import { describe, expect, test } from 'vitest';
import { Marker } from '../../src/dialects/marker.js';
import type { GivenServerOptions } from '../../src/servers/options.js';
import { patiently, serve } from './running.js';
import { settled, type Talker, talk } from './talking.js';

const marker = new Marker();

/** A message as the load side stamps it; what stands around the stamp has characters of more than one byte. */
function stamped(publisher: number, sequence: number): string {
  const stamp = Buffer.alloc(32);
  Object.assign(marker, { publisher, sequence, dueUs: 1_000_000 + sequence, sentUs: 1_000_005 + sequence });
  marker.write(stamp, 0);
  return `{"ü":"ü","payload":"${stamp} and ünd"}`;
}

/** What a receiver can tell of the copies that it got of messages `0..messages-1` of each publisher. */
function judge({ texts }: Talker, publishers: number, messages: number) {
  const seen = new Map<string, number>();
  const highest = new Array<number>(publishers).fill(-1);
  const judged = { lost: 0, duplicated: 0, reordered: 0, truncated: 0, corrupted: 0 };
  for (const text of texts) {
    const at = text.indexOf('~w~');
    if (at < 0 || !marker.read(Buffer.from(text.slice(at)), 0, Buffer.byteLength(text.slice(at)))) {
      if (text.length < stamped(0, 0).length) judged.truncated++;
      else judged.corrupted++;
      continue;
    }
    const { publisher, sequence } = marker;
    const copies = (seen.get(text) ?? 0) + 1;
    seen.set(text, copies);
    if (copies > 1) judged.duplicated++;
    else if (sequence < highest[publisher]!) judged.reordered++;
    highest[publisher] = Math.max(highest[publisher]!, sequence);
  }
  judged.lost = publishers * messages - seen.size - judged.truncated - judged.corrupted;
  return judged;
}

async function exchange(options: GivenServerOptions, publishers: number, messages: number) {
  const server = await serve('broadcast', options);
  const talkers: Talker[] = [];
  for (let i = 0; i < 4; i++) talkers.push(await talk(server, '/', { perMessageDeflate: true }));
  for (let sequence = 0; sequence < messages; sequence++) {
    for (let i = 0; i < publishers; i++) talkers[i]!.client.send(stamped(i, sequence));
  }
  const { ledger } = server;
  await expect.poll(() => ledger.delivery.published, patiently).toBe(publishers * messages);
  // A copy that is held back goes after 200 ms.
  await new Promise((resolve) => setTimeout(resolve, 400));
  await Promise.all(talkers.map(settled));
  const { lost, duplicated, reordered, truncated, corrupted } = ledger.delivery;
  const seen = { lost: 0, duplicated: 0, reordered: 0, truncated: 0, corrupted: 0 };
  for (const talker of talkers) {
    for (const [what, count] of Object.entries(judge(talker, publishers, messages))) {
      seen[what as keyof typeof seen] += count;
    }
  }
  return {
    ledger: { lost, duplicated, reordered, truncated, corrupted },
    seen,
    delivered: ledger.delivery.delivered,
    copies: publishers * messages * talkers.length,
    received: talkers.reduce((sum, { texts }) => sum + texts.length, 0),
  };
}

describe('a server that spoils copies on purpose', () => {
  test.each([
    ['lose', 'lost'],
    ['duplicate', 'duplicated'],
    ['reorder', 'reordered'],
    ['truncate', 'truncated'],
    ['corrupt', 'corrupted'],
  ] as const)('does %s at the rate it was told, and counts exactly that', async (spoiling, count) => {
    const { ledger, seen, copies } = await exchange({ inject: { [spoiling]: 0.1 } }, 1, 500);
    expect(seen).toEqual(ledger);
    const nothingElse = { lost: 0, duplicated: 0, reordered: 0, truncated: 0, corrupted: 0 };
    expect({ ...ledger, [count]: 0 }).toEqual(nothingElse);
    // Four standard deviations of 2,000 draws.
    expect(Math.abs(ledger[count] / copies - 0.1)).toBeLessThan(0.027);
  });

  test.each([
    ['uncompressed', {}],
    ['compressed', { perMessageDeflate: true }],
    ['after a delay', { delayUs: 20_000 }],
  ])('counts each thing exactly when it does all at once to several publishers, %s', async (_, more) => {
    const inject = { lose: 0.05, duplicate: 0.1, reorder: 0.1, truncate: 0.05, corrupt: 0.05 };
    const { ledger, seen, delivered, copies, received } = await exchange({ inject, ...more }, 3, 200);
    expect(seen).toEqual(ledger);
    expect(Math.min(...Object.values(ledger))).toBeGreaterThan(0);
    expect(delivered).toBe(copies - ledger.lost + ledger.duplicated);
    expect(received).toBe(delivered);
  });

  test('does the same again for the same seed, and something else for another', async () => {
    const [first, again, other] = [
      await exchange({ inject: { lose: 0.5 }, seed: 7 }, 1, 100),
      await exchange({ inject: { lose: 0.5 }, seed: 7 }, 1, 100),
      await exchange({ inject: { lose: 0.5 }, seed: 8 }, 1, 100),
    ];
    expect(again.ledger).toEqual(first.ledger);
    expect(other.ledger).not.toEqual(first.ledger);
  });

  test('loses everything when it is told to', async () => {
    const { ledger, received } = await exchange({ inject: { lose: 1, duplicate: 1 } }, 1, 10);
    expect({ received, ...ledger }).toMatchObject({ received: 0, lost: 40, duplicated: 0 });
  });

  test.each([
    ['truncate', 'aüü', 'a'],
    ['truncate', 'plain words', 'plain'],
    ['corrupt', 'ü ü ü-', /^ü ü ü[\w]$/],
    ['corrupt', 'üüü', 'üüü'],
  ])('%ss text without a stamp where that leaves it valid text: %s', async (spoiling, text, spoiled) => {
    const server = await serve('broadcast', { inject: { [spoiling]: 1 } });
    const { client, texts } = await talk(server);
    client.send(text);
    await expect.poll(() => texts, patiently).toHaveLength(1);
    expect(texts[0]).toMatch(spoiled instanceof RegExp ? spoiled : new RegExp(`^${spoiled}$`));
    const { truncated, corrupted } = server.ledger.delivery;
    expect(truncated + corrupted).toBe(texts[0] === text ? 0 : 1);
  });
});

describe('a copy that is held back', () => {
  const inject = { reorder: 1 };

  test('goes by itself when nothing follows, and is not counted as reordered', async () => {
    const server = await serve('broadcast', { inject });
    const { client, texts } = await talk(server);
    const sentAt = performance.now();
    client.send('alone');
    await expect.poll(() => texts, patiently).toEqual(['alone']);
    expect(performance.now() - sentAt).toBeGreaterThan(190);
    expect(server.ledger.delivery).toMatchObject({ delivered: 1, reordered: 0 });
  });

  test('goes when the server stops', async () => {
    const server = await serve('broadcast', { inject });
    const { client, texts } = await talk(server);
    client.send('last words');
    await expect.poll(() => server.ledger.delivery.published, patiently).toBe(1);
    await server.stop();
    expect(texts).toEqual(['last words']);
    expect(server.ledger.delivery).toMatchObject({ delivered: 1, reordered: 0 });
  });
});
