import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  baseValue,
  formatDuration,
  parseBandwidth,
  parseDuration,
  parsePercentage,
  parseRate,
  parseSize,
  patterns,
} from '../../src/scenario/units.js';

test('every duration is read back from how it is written', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 48 }), (us) => {
      expect(parseDuration(formatDuration(us))).toEqual({ value: us });
    }),
  );
});

test('durations add their parts up to whole microseconds', () => {
  const durations = [
    ['1us', 1],
    ['5ms', 5_000],
    ['1.5s', 1_500_000],
    ['0.1s', 100_000],
    ['1m30s', 90_000_000],
    ['1h2m3s4ms5us', 3_723_004_005],
    ['0s', 0],
  ] as const;
  for (const [text, us] of durations) expect(parseDuration(text), text).toEqual({ value: us });
});

test('a decimal duration is exact: no floating point in between', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), fc.nat({ max: 999 }), (seconds, ms) => {
      const text = `${seconds}.${String(ms).padStart(3, '0')}s`;
      expect(parseDuration(text)).toEqual({ value: seconds * 1_000_000 + ms * 1000 });
    }),
  );
});

test('sizes are decimal or binary as their unit says', () => {
  const sizes = { '20B': 20, '1KB': 1000, '1KiB': 1024, '1.5KiB': 1536, '64KiB': 65_536, '2MB': 2e6 };
  for (const [text, bytes] of Object.entries(sizes)) expect(parseSize(text), text).toEqual({ value: bytes });
  expect(parseSize('1MiB')).toEqual({ value: 1_048_576 });
  expect(parseSize('1GiB')).toEqual({ value: 1_073_741_824 });
});

test('every whole number of bytes is read back in each unit that divides it', () => {
  const units = { B: 1, KB: 1000, KiB: 1024, MB: 1e6, MiB: 2 ** 20, GiB: 2 ** 30 };
  fc.assert(
    fc.property(
      fc.nat({ max: 100_000 }),
      fc.constantFrom(...Object.entries(units)),
      (count, [unit, bytes]) => {
        expect(parseSize(`${count}${unit}`)).toEqual({ value: count * bytes });
      },
    ),
  );
});

test('rates and bandwidths are per second and percentages shares of 1', () => {
  expect(parseRate('200/s')).toEqual({ value: 200 });
  expect(parseRate('30/m')).toEqual({ value: 0.5 });
  expect(parseBandwidth('10KB/s')).toEqual({ value: 10_000 });
  expect(parseBandwidth('1.5MiB/s')).toEqual({ value: 1_572_864 });
  expect(parsePercentage('50%')).toEqual({ value: 0.5 });
  expect(parsePercentage('0.1%')).toEqual({ value: 0.001 });
});

test('what is not a quantity is refused with how to write it', () => {
  const mistakes = [
    [parseDuration('30'), '30 has no unit: write 30s (units: us, ms, s, m, h)'],
    [parseDuration('30 s'), '"30 s" has a blank in it: write 30s'],
    [parseDuration('30sec'), '"30sec" is not a duration: write one such as 30s (units: us, ms, s, m, h)'],
    [parseDuration('0.5us'), '0.5us is not a whole number of microseconds'],
    [parseDuration('999999999999999h'), '999999999999999h is too long'],
    [parseSize('64k'), '"64k" is not a size: write one such as 64KiB (units: B, KB, KiB, MB, MiB, GiB)'],
    [parseSize('64'), '64 has no unit: write 64KiB (units: B, KB, KiB, MB, MiB, GiB)'],
    [parseSize('0.3B'), '0.3B is not a whole number of bytes'],
    [parseRate('200'), '200 has no unit: write 200/s (units: /s, /m)'],
    [
      parseBandwidth('10KB'),
      '"10KB" is not a bandwidth: write one such as 10KB/s (units: B/s, KB/s, KiB/s, MB/s, MiB/s, GiB/s)',
    ],
    [parseBandwidth('10 KB/s'), '"10 KB/s" has a blank in it: write 10KB/s'],
    [parseBandwidth('0.5B/s'), '0.5B is not a whole number of bytes'],
    [parseRate('200/h'), '"200/h" is not a rate: write one such as 200/s (units: /s, /m)'],
  ] as const;
  for (const [parsed, problem] of mistakes) expect(parsed).toEqual({ problem });
});

test('parts of a duration stand once each, from large to small', () => {
  for (const text of ['', 's', '30s1m', '1s1s', '-1s', '1e3s', '+1s', '1,5s', '1s ', '1S', '٣s']) {
    expect(parseDuration(text), text).toHaveProperty('problem');
  }
});

test('no text at all makes a parser throw, and the pattern for editors agrees with the parser', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9.]{1,5}(us|ms|s|m|h|[a-z])?[0-9.]{0,3}(us|ms|s|m|h)?$/),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseDuration(text);
      if ('value' in parsed) expect(patterns.duration.test(text)).toBe(true);
      else if (patterns.duration.test(text)) expect(parsed.problem).toMatch(/whole number|too long/);
    }),
  );
});

test('asking for the value of text that was never checked is a mistake of the program', () => {
  expect(() => baseValue('duration', '30')).toThrow(RangeError);
  expect(() => formatDuration(0.5)).toThrow(RangeError);
});
