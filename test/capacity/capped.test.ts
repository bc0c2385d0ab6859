import { expect, test } from 'vitest';
import { cappedServer } from '../support/cappedServer.js';
import { loadsOf, search } from './searches.js';

const clients = (connections: number) => ({
  clients: { connections, arrive: { rate: '500/s' }, heartbeat: { every: '20s' } },
});

test('a server that holds 37 connections is found to hold 37, and to refuse the 38th with 503', async () => {
  const { url } = await cappedServer({ connections: 37 });
  const { record } = await search({
    target: { url },
    populations: clients(10),
    timeline: [{ ramp: {} }, { hold: '5s' }, { drain: '1s' }],
    capacity: { vary: 'connections', from: 24, to: 100, measure: '100ms', coolDown: '100ms' },
  });
  expect(record).toMatchObject({ outcome: 'bracketed', lastPass: 37, firstFail: 38, notes: [] });
  expect(loadsOf(record)).toEqual([24, 48, 36, 42, 39, 37, 38, 37, 38]);
  expect(record.limitedBy).toMatchObject({
    code: 'refused',
    evidence: [{ code: 'refused', status: 503, cause: 'upgrade:http-503', count: 1 }],
  });
  const first = record.levels.find(({ load }) => load === 38);
  expect(first?.tries.map(({ passed }) => passed)).toEqual([false, false]);
  expect(first?.tries[0]?.result).toMatchObject({ connections: { opened: 37, failed: 1 } });
  expect(record.levels.find(({ load }) => load === 37)?.tries[0]?.result?.achieved).toBe(37);
});
