import { describe, expect, test } from 'vitest';
import { renderComparisonText } from '../../../src/report/comparisonText.js';
import { comparisons } from './records.js';

const PLAIN = { color: false, columns: 100 };
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

describe('a comparison for a terminal', () => {
  test('is the sentence, what was compared, a line for each metric, and what is shown only', () => {
    expect(renderComparisonText(comparisons.worse(), PLAIN)).toMatchInlineSnapshot(`
      "Worse: memory.perConnection went from 5.74 KiB to 9.71 KiB, 69 % more (66 % to 76 % more).
      gateway: node server-1.4.js --port 8080 -> node server-1.5.js --port 8080, 12 runs a side, 18 min 48
        s, 12 rounds, 5.2 s of each beside the runs, 2026-11-28 14:01 UTC

      metric                  baseline  candidate  change     95 % interval  verdict
      heartbeat.response p50   1.45 ms    1.50 ms  +3.9 %  -0.3 % to +6.6 %  inconclusive
      heartbeat.response p90   2.31 ms    2.36 ms  +2.5 %  -0.8 % to +6.1 %  inconclusive
      handshake.total p50      2.91 ms    2.89 ms  -0.8 %  -4.4 % to +5.9 %  inconclusive
      handshake.total p90      4.61 ms    4.58 ms  -0.7 %  -4.2 % to +4.0 %  same
      target.cpuPerConnect      212 µs     182 µs   -14 %    -17 % to -13 %  better
      target.cpuPerMessage     31.0 µs    30.8 µs  -0.6 %  -2.8 % to +1.8 %  same
      memory.perConnection    5.74 KiB   9.71 KiB   +69 %    +66 % to +76 %  worse
      0 in every run of both sides: heartbeat.unanswered, closes.abnormal, connections.neverOpened

      Not decided
        heartbeat.response p50, heartbeat.response p90, handshake.total p50: its interval holds both no
          change and one that matters

      Shown only, no part of the verdict
        heartbeat.response p99: 3.47 ms -> 3.54 ms, +2.0 % (-1.4 % to +6.0 %)
        handshake.total p99: 7.11 ms -> 6.97 ms, -2.0 % (-4.7 % to +1.0 %)"
    `);
  });

  test('says of which metric there are too few runs, where others are decided', () => {
    const record = comparisons.worse();
    const metrics = record.metrics.map((metric) =>
      metric.verdict === 'inconclusive' ? { ...metric, because: 'too-few-runs' as const } : metric,
    );
    expect(renderComparisonText({ ...record, metrics }, PLAIN)).toMatch(
      /Not decided\s+heartbeat\.response p50, heartbeat\.response p90.*too few\s+runs\s+have\s+it/s,
    );
  });

  test('long commands are shortened in the middle: what tells them apart is at either end', () => {
    const record = comparisons.worse();
    const long = (option: string) =>
      `exec node --max-semi-space-size=1 --import wsherd/probe server.js --port 1 ${option}`;
    const side = (own: typeof record.baseline, option: string) => ({ ...own, targets: [long(option)] });
    const text = renderComparisonText(
      {
        ...record,
        baseline: side(record.baseline, '--state=0'),
        candidate: side(record.candidate, '--state=4'),
      },
      { ...PLAIN, columns: 200 },
    );
    expect(text).toMatch(
      /exec node --max-\S*\.\.\.\s?\S.* --state=0 -> exec node --max-\S*\.\.\.\s?\S.* --state=4, 12 runs/,
    );
  });

  test('says which runs were left out, and where each came from', () => {
    expect(renderComparisonText(comparisons.withUnusedRuns(), PLAIN)).toMatchInlineSnapshot(`
      "Inconclusive: 1 of 10 metrics could not be decided: memory.perConnection is 0.2 % more (from 1.2 %
        less to 5.0 % more), and its interval holds both no change and one that matters.
      gateway: main: node server-1.4.js --port 8080 -> node server-1.5.js --port 8080, 9 runs a side,
        2026-11-28 14:01 UTC

      metric                  baseline  candidate  change     95 % interval  verdict
      heartbeat.response p50   1.43 ms    1.46 ms  +2.2 %  -1.2 % to +4.5 %  same
      heartbeat.response p90   2.27 ms    2.31 ms  +1.6 %  -1.7 % to +4.1 %  same
      handshake.total p50      2.90 ms    2.87 ms  -1.2 %  -4.8 % to +5.5 %  same
      handshake.total p90      4.58 ms    4.54 ms  -0.7 %  -4.0 % to +4.5 %  same
      target.cpuPerConnect      211 µs     212 µs  +0.6 %  -3.4 % to +3.2 %  same
      target.cpuPerMessage     31.3 µs    30.7 µs  -2.0 %  -3.7 % to +2.2 %  same
      memory.perConnection    5.72 KiB   5.73 KiB  +0.2 %  -1.2 % to +5.0 %  inconclusive
      0 in every run of both sides: heartbeat.unanswered, closes.abnormal, connections.neverOpened

      Not decided
        memory.perConnection: its interval holds both no change and one that matters

      Shown only, no part of the verdict
        heartbeat.response p99: 3.46 ms -> 3.44 ms, -0.7 % (-4.3 % to +3.4 %)
        handshake.total p99: 7.17 ms -> 7.01 ms, -2.2 % (-6.8 % to +1.6 %)

      Runs that were left out
        reports/candidate-3/result.json (candidate): A worker of the generator was 94 % busy in 11 of 30
          seconds.
        reports/candidate-7/result.json (candidate): The target ended before the run did: it exited with
          signal SIGSEGV."
    `);
  });

  test('of a calibration tells the smallest detectable effect of each metric', () => {
    expect(renderComparisonText(comparisons.calibrated(), PLAIN)).toMatchInlineSnapshot(`
      "The two sides are the same server: with 12 runs of each, the smallest detectable effect is 2.2 %
        (memory.perConnection) to 4.6 % (handshake.total p90).
      gateway: node server-1.4.js --port 8080 against itself, 12 runs a side, 18 min 48 s, 12 rounds, 5.2
        s of each beside the runs, 2026-11-28 14:01 UTC

      metric                  one side  other side  change  detectable  verdict
      heartbeat.response p50   1.45 ms     1.46 ms  +0.5 %       2.3 %  same
      heartbeat.response p90   2.30 ms     2.29 ms  -0.3 %       3.8 %  same
      handshake.total p50      2.91 ms     2.90 ms  -0.3 %       3.2 %  same
      handshake.total p90      4.62 ms     4.58 ms  -0.9 %       4.6 %  same
      target.cpuPerConnect      212 µs      212 µs  -0.2 %       3.6 %  same
      target.cpuPerMessage     31.0 µs     30.9 µs  -0.4 %       3.0 %  same
      memory.perConnection    5.72 KiB    5.75 KiB  +0.5 %       2.2 %  same
      0 in every run of both sides: heartbeat.unanswered, closes.abnormal, connections.neverOpened

      Shown only, no part of the verdict
        heartbeat.response p99: 3.47 ms -> 3.43 ms, -0.9 % (-4.1 % to +2.7 %)
        handshake.total p99: 7.12 ms -> 6.93 ms, -2.6 % (-4.0 % to +0.6 %)

      Notes
        Kept in .wsherd/calibrations/gateway.json."
    `);
  });

  test('says why the rounds ended early', () => {
    expect(renderComparisonText(comparisons.better(), PLAIN)).toContain(
      '8 of 20 rounds (the answer was clear before the last round)',
    );
    expect(renderComparisonText(comparisons.interruptedRounds(), PLAIN)).toContain(
      '7 of 20 rounds (it was interrupted)',
    );
  });

  test('metrics that were not decided share a line with those of the same reason', () => {
    const text = renderComparisonText(comparisons.inconclusive(), PLAIN);
    expect(text).toMatch(/Not decided\n {2}heartbeat\.response p50, .*: its\s+interval holds both/s);
    expect(renderComparisonText(comparisons.tooFewRuns(), PLAIN)).not.toContain('Not decided');
  });

  test.each([60, 80, 100, 140])('a table of %d columns keeps each metric on a line of its own', (columns) => {
    const lines = renderComparisonText(comparisons.manyMetrics(), { color: false, columns }).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    const rows = lines.filter((line) => /^[a-z]+\.[a-zA-Z0-9 ]+ {2}/.test(line));
    expect(rows.length).toBe(18);
    for (const row of rows) expect(row).toMatch(/(same|worse|better|inconclusive)$/);
    expect(lines.some((line) => line.includes('95 % interval'))).toBe(columns >= 100);
  });

  test.each(Object.entries(comparisons))(
    '%s fits a screen, holds no control character and no odd number',
    (_name, make) => {
      const text = renderComparisonText(make(), PLAIN);
      const lines = text.split('\n');
      expect(lines.length).toBeLessThanOrEqual(46);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
      expect(text).not.toMatch(CONTROL);
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    },
  );

  test('colour is added only when asked for, and changes no word', () => {
    const colored = renderComparisonText(comparisons.worse(), { color: true, columns: 100 });
    expect(colored).toContain('\u001b[31mWorse: memory.perConnection');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderComparisonText(comparisons.worse(), PLAIN));
  });
});
