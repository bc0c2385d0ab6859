import { describe, expect, test } from 'vitest';
import {
  bytes,
  closely,
  count,
  countInWords,
  duration,
  elapsed,
  inUnit,
  percent,
  probability,
  rate,
  stopwatch,
  trimmed,
} from '../../src/report/numbers.js';

describe('numbers for people', () => {
  test.each([
    [0, '0 µs'],
    [850, '850 µs'],
    [999.6, '1.0 ms'],
    [3100, '3.1 ms'],
    [41_260, '41 ms'],
    [999_600, '1.0 s'],
    [41_200_000, '41.2 s'],
    [125_000_000, '2 min 5 s'],
    [-3100, '-3.1 ms'],
  ])('a duration of %d us reads %s', (us, words) => {
    expect(duration(us)).toBe(words);
  });

  test.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.0 KiB'],
    [5837, '5.7 KiB'],
    [117_440_512, '112 MiB'],
    [-2048, '-2.0 KiB'],
  ])('%d bytes read %s', (value, words) => {
    expect(bytes(value)).toBe(words);
  });

  test.each([
    [0, '0 %'],
    [0.004, '< 0.01 %'],
    [0.04, '0.04 %'],
    [4.25, '4.3 %'],
    [42.4, '42 %'],
    [99.999, '99.99 %'],
    [100, '100 %'],
    [163, '163 %'],
  ])('%d percent reads %s: nothing is rounded up to all or down to none', (value, words) => {
    expect(percent(value)).toBe(words);
  });

  test('a rate has three digits, a count has them all', () => {
    expect(rate(12_432)).toBe('12,400/s');
    expect(count(1_000_000)).toBe('1,000,000');
    expect(count(2.25)).toBe('2.3');
    expect([9_999_999, 12_400_000, 999_600_000].map(countInWords)).toEqual([
      '9,999,999',
      '12.4 million',
      '1 billion',
    ]);
  });

  test.each([
    [1447, 'us', '1.45 ms'],
    [212.4, 'us', '212 µs'],
    [31, 'us', '31 µs'],
    [30.96, 'us', '31.0 µs'],
    [999_600, 'us', '1.00 s'],
    [125_000_000, 'us', '2 min 5 s'],
    [0, 'us', '0 µs'],
    [5837, 'bytes', '5.70 KiB'],
    [640, 'bytes', '640 B'],
    [0.0123, 'share', '1.2 %'],
    [2.31, 'count', '2.31'],
  ] as const)(
    'numbers that are held against each other have a third digit: %d %s reads %s',
    (value, unit, words) => {
      expect(closely(value, unit)).toBe(words);
    },
  );

  test('the odds of a test are never rounded up to sure or down to none', () => {
    expect([0, 0.00004, 0.0022, 0.034, 0.346, 0.999, 1].map(probability)).toEqual([
      ...['< 0.0001', '< 0.0001', '0.0022', '0.034', '0.35', '> 0.99', '1'],
    ]);
  });

  test('a time of the run reads as on a stopwatch', () => {
    expect(stopwatch(42_900)).toBe('00:42');
    expect(stopwatch(3_723_000)).toBe('1:02:03');
  });

  test('how long something took reads in the two greatest units', () => {
    expect([0, 3000, 48_000, 125_000, 3_720_000].map(elapsed)).toEqual([
      '0 ms',
      '3 s',
      '48 s',
      '2 min 5 s',
      '1 h 2 min',
    ]);
  });

  test('an exact number claims no digit that was not measured', () => {
    expect(trimmed(inUnit(1, 'ms'))).toBe('1 ms');
    expect(trimmed('10 ms')).toBe('10 ms');
    expect(trimmed('1.05 s')).toBe('1.05 s');
  });
});
