import { expect, test } from 'vitest';
import { Losses } from '../../src/load/losses.js';
import { decodeHistogram } from '../../src/metrics/histogram.js';
import { Recorder } from '../../src/metrics/recorder.js';

function losses(connections: number) {
  const recorder = new Recorder({ machine: 0, host: 0, worker: 0 }, 0);
  const subject = new Losses(connections, recorder.population('p'));
  /** What was counted since the last call, and the recovery times in us. */
  const take = () => {
    const { counters, histograms } = recorder.cut(1);
    const times = histograms['p/recovery.time'];
    const attempts = histograms['p/recovery.attempts'];
    return {
      dropped: counters['p/recovery.dropped'] ?? 0,
      recovered: counters['p/recovery.recovered'] ?? 0,
      slowestUs: times === undefined ? null : decodeHistogram(times.encoded).maxValue,
      mostAttempts: attempts === undefined ? null : decodeHistogram(attempts.encoded).maxValue,
    };
  };
  return { subject, take };
}

test('losses before any fault are nobody’s', () => {
  const { subject, take } = losses(1);
  subject.onLost(0, 10);
  subject.onOpened(0, 20);
  expect(take()).toEqual({ dropped: 0, recovered: 0, slowestUs: null, mostAttempts: null });
});

test('a connection counts once for a fault however often it goes, and its time is that of its first return', () => {
  const { subject, take } = losses(2);
  subject.begin(1000);
  subject.onLost(0, 1010);
  subject.onAttempt(0);
  subject.onAttempt(0);
  subject.onOpened(0, 1500);
  subject.onLost(0, 1600);
  subject.onAttempt(0);
  subject.onOpened(0, 1900);
  expect(take()).toEqual({ dropped: 1, recovered: 1, slowestUs: 500, mostAttempts: 2 });
  expect([...subject.fates]).toEqual([2, 0]);
});

test('a second fault counts anew, from its own start, and not those that are still away', () => {
  const { subject, take } = losses(2);
  subject.begin(1000);
  subject.onLost(0, 1010);
  subject.onLost(1, 1010);
  subject.onOpened(1, 1200);
  take();
  subject.begin(2000);
  subject.onOpened(0, 2100);
  subject.onLost(1, 2010);
  subject.onOpened(1, 2300);
  expect(take()).toEqual({ dropped: 1, recovered: 1, slowestUs: 300, mostAttempts: 0 });
});
