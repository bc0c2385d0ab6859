import { describe, expect, test } from 'vitest';
import { renderSummary } from '../../../src/report/json.js';
import { renderText } from '../../../src/report/text.js';
import { goodRun } from '../fixture.js';
import * as cases from './cases.js';

const PLAIN = { color: false, columns: 100 };

describe('broadcasting for a terminal', () => {
  test('is a short block: who got it, when, and how much went in and out', () => {
    const text = renderText(cases.lossless(), PLAIN);
    expect(text).toContain(
      '500 messages to 2,000 members in one room, 20/s in, 40,000/s out (2,000 for each)\n',
    );
    expect(text).toMatch(/ {2}deliveries +Every one of 1,000,000 deliveries arrived, once and in order\n/);
    expect(text).toMatch(/ {2}first +p50 1\.2 ms .*\n {2}median +p50 19 ms .*\n {2}last +p50 37 ms /);
  });

  test('tells of rooms, slow readers and acknowledgements where there are any', () => {
    expect(renderText(cases.severalRooms(), PLAIN)).toContain('2,000 members in 40 rooms of 50');
    expect(renderText(cases.slowReaders(), PLAIN)).toMatch(
      / {2}slow readers +20 within 2\.9 s \(p99\), 980 others within 11 ms \(p99\), the server grew by 1\d\d MiB/,
    );
    expect(renderText(cases.atLeastOnce(), PLAIN)).toMatch(
      / {2}acknowledged +381, 3 never; 312 sent again, 96 queued/,
    );
    expect(renderText(goodRun(), PLAIN)).not.toMatch(/ {2}(deliveries|acknowledged|slow readers) /);
  });
});

describe('broadcasting for scripts', () => {
  test('adds up, in all and for each population', () => {
    const { broadcast } = renderSummary(cases.lossy());
    expect(Object.keys(broadcast?.populations ?? {})).toEqual(['listeners', 'speakers']);
    for (const own of [broadcast?.deliveries, ...Object.values(broadcast?.populations ?? {})]) {
      if (own === undefined) throw new Error('there are no deliveries');
      expect(own.expected).toBe(own.receivedOnce + own.lost + own.missed);
      expect(own.received).toBe(own.receivedOnce + own.duplicated + own.late);
    }
  });

  test('has the numbers that a script would ask for, and no series', () => {
    const summary = renderSummary(cases.reliable());
    expect(summary.broadcast).toMatchObject({
      members: 2000,
      amplification: 2000,
      publishedPerSecond: 12,
      acknowledgements: { published: 384, acknowledged: 384, resent: 312, unacknowledged: 0 },
    });
    expect(summary.broadcast).not.toHaveProperty('perSecond');
    expect(Object.keys(summary.metrics)).toEqual(
      expect.arrayContaining(['broadcast.last', 'broadcast.delivery', 'acknowledge.response']),
    );
  });

  test('is null when nobody publishes', () => {
    expect(renderSummary(goodRun()).broadcast).toBeNull();
  });
});
