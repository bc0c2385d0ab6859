import { describe, expect, test } from 'vitest';
import { isOneKindOfMachine, runsWords, sideWords } from '../../src/report/comparedSides.js';
import {
  changeSentence,
  changeWords,
  comparisonAnswer,
  detectableWords,
  intervalWords,
  isSilent,
  marginWords,
  signedChange,
  signedInterval,
  silentWords,
} from '../../src/report/comparisonWords.js';
import type { ComparedMetric } from '../../src/result/comparison.js';
import { comparisons } from './comparisons/records.js';

const MEMORY: ComparedMetric = {
  name: 'memory.perConnection',
  unit: 'bytes',
  gated: true,
  baseline: 5837,
  candidate: 9806,
  basis: 'ratio',
  ratio: 1.68,
  difference: 3969,
  ci95: [1.52, 1.81],
  pValue: 0.0001,
  adjustedPValue: 0.0009,
  tolerance: 0.05,
  detectable: 0.031,
  detectableFrom: 'baseline-spread',
  verdict: 'worse',
  because: null,
  values: { baseline: [5837], candidate: [9806] },
};

const LOST: ComparedMetric = {
  ...MEMORY,
  name: 'broadcast.lost',
  unit: 'share',
  baseline: 0,
  candidate: 0.0098,
  basis: 'difference',
  ratio: null,
  difference: 0.0098,
  ci95: [0.0091, 0.011],
  tolerance: 0.001,
  detectable: 0,
  values: { baseline: [0], candidate: [0.0098] },
};

const ratio = (change: number, ci95: readonly [number, number] | null = null): ComparedMetric => ({
  ...MEMORY,
  ratio: change,
  ci95,
});

describe('a change in words', () => {
  test('says both medians, the change and its interval', () => {
    expect(changeSentence(MEMORY)).toBe(
      'memory.perConnection went from 5.70 KiB to 9.58 KiB, 68 % more (52 % to 81 % more)',
    );
    expect(changeSentence({ ...MEMORY, candidate: null })).toBe(
      'memory.perConnection is not known on both sides',
    );
  });

  test.each([
    [1.68, '68 % more', '+68 %'],
    [0.88, '12 % less', '-12 %'],
    [1, 'no change', '0'],
    [4.17, '317 % more', '+317 %'],
    [0, '100 % less', '-100 %'],
  ])('a ratio of %d is %s', (value, words, signed) => {
    expect(changeWords(ratio(value))).toBe(words);
    expect(signedChange(ratio(value))).toBe(signed);
  });

  test.each([
    [[1.52, 1.81], '52 % to 81 % more', '+52 % to +81 %'],
    [[0.7, 0.88], '30 % to 12 % less', '-30 % to -12 %'],
    [[0.97, 1.04], 'from 3.0 % less to 4.0 % more', '-3.0 % to +4.0 %'],
    [[1, 1], 'no change', '0'],
  ] as const)('an interval of %j is %s', (ci95, words, signed) => {
    expect(intervalWords(ratio(1, ci95))).toBe(words);
    expect(signedInterval(ratio(1, ci95))).toBe(signed);
  });

  test('what two shares differ by are points, not per cent of each other', () => {
    expect(changeSentence(LOST)).toBe(
      'broadcast.lost went from 0 % to 1.0 %, 1.0 percentage points more (0.9 to 1.1 percentage points more)',
    );
    expect(signedChange(LOST)).toBe('+1.0 points');
    expect(marginWords(LOST)).toBe('0.1 points');
  });

  test('an interval that says no more than the change is left out, and one that is not known too', () => {
    expect(changeSentence({ ...LOST, ci95: [0.0098, 0.0098] })).toMatch(/1\.0 percentage points more$/);
    expect(changeSentence({ ...MEMORY, ci95: null })).toMatch(/68 % more$/);
    expect(intervalWords({ ...MEMORY, ci95: null })).toBeNull();
    expect(signedChange({ ...MEMORY, ratio: null })).toBe('–');
  });

  test('the margin is the larger of what is tolerated, which is exact, and what can be detected', () => {
    expect(marginWords(MEMORY)).toBe('5 %');
    expect(marginWords({ ...MEMORY, detectable: 0.0712 })).toBe('7.1 %');
    expect(detectableWords(MEMORY)).toBe('3.1 %');
    expect(detectableWords({ ...MEMORY, detectable: null })).toBe('–');
  });
});

describe('the answer', () => {
  const sentence = (name: keyof typeof comparisons) => comparisonAnswer(comparisons[name]()).sentence;

  test('worse tells what changed most for its margin, with its numbers', () => {
    expect(sentence('worse')).toMatch(
      /^Worse: memory\.perConnection went from 5\.\d\d KiB to 9\.\d\d KiB, \d\d % more \(\d\d % to \d\d % more\)\.$/,
    );
    expect(sentence('manyWorse')).toMatch(
      /^Worse: handshake\.total p\d0 went from .* ms, 3\d\d % more \(.*\); also handshake\.total p\d0, 3\d\d % more, and 4 more metrics\.$/,
    );
  });

  test('better says that nothing is worse', () => {
    expect(sentence('better')).toMatch(
      /^Better: target\.cpuPerMessage went from 31\.\d µs to 19\.\d µs, .*, and 1 more metric\. Nothing is worse\.$/,
    );
  });

  test('the same says within which margin, and what came nearest to it', () => {
    expect(sentence('same')).toMatch(
      /^The same: none of 10 metrics changed by more than its margin \(5 %(?: to [\d.]+ %)?\); the most is [\d.]+ % (more|less), in .*\.$/,
    );
  });

  test('inconclusive says how many, and of the first of them why', () => {
    expect(sentence('inconclusive')).toMatch(
      /^Inconclusive: \d of 10 metrics could not be decided: heartbeat\.response p50 is \d+ % more \(from .*\), and its interval holds both no change and one that matters\.$/,
    );
    expect(sentence('nothingGated')).toBe('Inconclusive: there was nothing to compare.');
  });

  test('too few runs are told by their number', () => {
    expect(sentence('tooFewRuns')).toBe(
      'Inconclusive: 3 runs of the baseline and 3 of the candidate are too few; it takes 6 of each.',
    );
  });

  test('a calibration tells what can be detected, or that there was a false alarm', () => {
    expect(sentence('calibrated')).toMatch(
      /^The two sides are the same server: with 12 runs of each, the smallest detectable effect is [\d.]+ % \(\S+.*\) to [\d.]+ % \(.*\)\.$/,
    );
    expect(sentence('falseAlarm')).toMatch(
      /^A false alarm: the two sides are the same server, yet target\.cpuPerMessage went from /,
    );
    expect(sentence('shortCalibration')).toMatch(/^Not calibrated: 3 runs of the baseline and 3 /);
  });

  test('a difference appears where the baseline had nothing', () => {
    expect(sentence('zeroBaselines')).toMatch(
      /^Worse: connections\.neverOpened went from 0 % to 1\.2 %, 1\.2 percentage points more/,
    );
  });
});

describe('beside the answer', () => {
  test('metrics that were 0 in every run are told in one line, unless something is wrong with one', () => {
    const { metrics } = comparisons.zeroBaselines();
    expect(silentWords(metrics)).toBe('0 in every run of both sides: heartbeat.unanswered');
    expect(silentWords([MEMORY])).toBeNull();
    const zero: ComparedMetric = {
      ...LOST,
      verdict: 'same',
      values: { baseline: [0, null], candidate: [0] },
    };
    expect(isSilent(zero)).toBe(true);
    expect(isSilent({ ...zero, verdict: 'worse' })).toBe(false);
  });

  test('a side is named by what was run, shortened where it is long', () => {
    const side = comparisons.worse().baseline;
    expect(sideWords(side)).toBe('node server-1.4.js --port 8080');
    expect(sideWords({ ...side, name: 'main', targets: ['a', 'b', 'c'] })).toBe('main: a and 2 more');
    expect(sideWords({ ...side, targets: ['x'.repeat(50) + 'y'.repeat(50)] })).toBe(
      `${'x'.repeat(28)}...${'y'.repeat(29)}`,
    );
    expect(sideWords({ ...side, targets: [] })).toBe('no run');
  });

  test('the runs are counted by side', () => {
    const record = comparisons.worse();
    expect(runsWords(record)).toBe('12 runs a side');
    expect(runsWords({ ...record, candidate: { ...record.candidate, runs: 9 } })).toBe('12 and 9 runs');
  });

  test('machines of one kind are told from others', () => {
    expect(isOneKindOfMachine(comparisons.worse())).toBe(true);
    expect(isOneKindOfMachine(comparisons.otherMachines())).toBe(false);
    const record = comparisons.worse();
    const [machine] = record.baseline.machines;
    if (machine === undefined) throw new Error('there is no machine');
    const withMemory = (totalBytes: number) => ({
      ...record,
      candidate: {
        ...record.candidate,
        machines: [{ ...machine, memory: { ...machine.memory, totalBytes } }],
      },
    });
    expect(isOneKindOfMachine(withMemory(machine.memory.totalBytes * 0.97))).toBe(true);
    expect(isOneKindOfMachine(withMemory(machine.memory.totalBytes / 2))).toBe(false);
  });
});
