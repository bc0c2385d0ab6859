import { describe, expect, test } from 'vitest';
import type { RunningServer } from '../../src/servers/reference.js';
import { patiently, serve } from './running.js';
import { join, settled, type Talker, talk, talkersIn } from './talking.js';

const textsOf = (talker: Talker) =>
  talker.said().flatMap(({ type, text }) => (type === 'message' ? [text] : []));

function sum(servers: readonly RunningServer[], count: 'published' | 'delivered' | 'rejected' | 'repeated') {
  return servers.reduce((total, { ledger }) => total + ledger.delivery[count], 0);
}

describe('servers on one bus', () => {
  test('pass on what is said to any of them, as one server does', async () => {
    const alone = [await serve('rooms')];
    const together = [await serve('rooms', { bus: 'b' }), await serve('rooms', { bus: 'b' })];
    for (const servers of [alone, together]) {
      const members: Talker[] = [];
      for (let i = 0; i < 6; i++) {
        const [member] = await talkersIn(servers[i % servers.length]!, i < 4 ? 'large' : 'small', 1);
        members.push(member!);
      }
      for (const [i, member] of members.entries()) {
        member.send({ type: 'message', room: i < 4 ? 'large' : 'small', text: `of ${i}` });
      }
      for (const [i, member] of members.entries()) {
        const others = (i < 4 ? [0, 1, 2, 3] : [4, 5]).filter((other) => other !== i);
        await expect
          .poll(() => textsOf(member).toSorted(), patiently)
          .toEqual(others.map((other) => `of ${other}`));
      }
      await Promise.all(members.map(settled));
      expect(sum(servers, 'published')).toBe(6);
      expect(sum(servers, 'delivered')).toBe(4 * 3 + 2 * 1);
      // Who comes is announced to everybody who is there already.
      expect(members[0]!.texts.filter((text) => text.includes(' joined"'))).toHaveLength(3);
    }
  });

  test('send everything to everybody when they are naive', async () => {
    const servers = [await serve('broadcast', { bus: 'b' }), await serve('broadcast', { bus: 'b' })];
    const talkers = await Promise.all(servers.map((server) => talk(server)));
    for (const [i, { client }] of talkers.entries()) client.send(`of ${i}`);
    for (const { texts } of talkers) {
      await expect.poll(() => texts.toSorted(), patiently).toEqual(['of 0', 'of 1']);
    }
    expect(sum(servers, 'delivered')).toBe(4);
  });

  test('know what a sender repeats to another of them', async () => {
    const servers = [await serve('reliable', { bus: 'b' }), await serve('reliable', { bus: 'b' })];
    const listeners = await Promise.all(servers.map((server, i) => talk(server, `/?client=listener-${i}`)));
    const speakers: Talker[] = [];
    for (const server of servers) speakers.push(await talk(server, '/?client=speaker'));
    for (const talker of [...listeners, ...speakers]) await join(talker, 'room');
    for (const speaker of speakers) {
      speaker.send({ id: '1', type: 'message', room: 'room', payload: 'p' });
      await expect.poll(() => speaker.said(), patiently).toContainEqual({ id: '1', status: 'received' });
    }
    await Promise.all([...listeners, ...speakers].map(settled));
    for (const listener of listeners) {
      expect(listener.said().filter(({ type }) => type === 'message')).toHaveLength(1);
    }
    for (const speaker of speakers) {
      expect(speaker.said().filter(({ type }) => type === 'message')).toEqual([]);
    }
    expect(sum(servers, 'published')).toBe(1);
    expect(sum(servers, 'repeated')).toBe(1);
  });

  test('hear nothing of a bus of another name, nor of one that they have left', async () => {
    const [here, gone, elsewhere] = [
      await serve('rooms', { bus: 'here' }),
      await serve('rooms', { bus: 'here' }),
      await serve('rooms', { bus: 'elsewhere' }),
    ];
    const [speaker] = await talkersIn(here, 'room', 1);
    const [stranger] = await talkersIn(elsewhere, 'room', 1);
    await talkersIn(gone, 'room', 1);
    await gone.stop();
    speaker!.send({ type: 'message', room: 'room', text: 'hello' });
    await Promise.all([settled(speaker!), settled(stranger!)]);
    expect(textsOf(stranger!)).toEqual([]);
    expect(sum([here, gone, elsewhere], 'delivered')).toBe(0);
  });
});
