import { expect, test } from 'vitest';
import { claims } from '../../src/report/html/sections/claims.js';
import { memory } from '../../src/report/html/sections/memory.js';
import { renderText } from '../../src/report/text.js';
import type { ClaimVerdict } from '../../src/result/targetRecord.js';
import { goodRun } from './fixture.js';

const run = goodRun();
const fit = run.target.memoryPerConnection;

function cells(rows: ReadonlyArray<readonly unknown[]> | undefined): string[] {
  return (rows ?? []).map((row) => row.join(' | '));
}

test('the section says what a connection costs, of which memory, when, and what stays', () => {
  const section = memory(run);
  expect(section?.title).toBe(
    'Each connection cost the server 5.7 KiB of memory (4.8 KiB to 6.6 KiB), 2.6 KiB of it on its heap',
  );
  expect(section?.reading).toContain('When all were closed the server held');
  expect(section?.reading).toContain('34 % of what it had gained');
  const [slopes, phases] = section?.numbers ?? [];
  expect(cells(slopes?.rows)).toEqual([
    'resident | 5.7 KiB | 4.8 KiB to 6.6 KiB | 5.7 KiB | 50 MiB',
    'proportional share (PSS) | 5.6 KiB | 4.7 KiB to 6.5 KiB | 5.5 KiB | 34 MiB',
    'heap, after a collection | 2.6 KiB | 2.6 KiB to 2.7 KiB | 2.6 KiB | 7.7 MiB',
    'kernel, of the whole machine, both ends | 9.6 KiB | 9.5 KiB to 9.8 KiB | – | –',
  ]);
  expect(cells(phases?.rows)).toEqual([
    'ramp | idle, by slope | 1,000 | 5.7 KiB | 4.8 KiB to 6.6 KiB | 5.6 KiB | 2.6 KiB | 9.6 KiB',
    'hold | at its end | 1,000 | 6.0 KiB | 5.1 KiB to 6.9 KiB | 5.9 KiB | – | 9.7 KiB',
    'drain | kept when all were closed | 1,000 | 2.1 KiB | 1.5 KiB to 2.6 KiB | 1.9 KiB | 200 B | 2.3 KiB',
  ]);
});

test('an older record has the slope and nothing else, and is shown as that', () => {
  if (fit === null) throw new Error('the run has no fit');
  const { pss: _, heap: __, retained: ___, kernelCi95: ____, ...older } = fit;
  const old = { ...run, target: { ...run.target, memoryPerConnection: { ...older, byPhase: [] } } };
  const section = memory(old);
  expect(section?.title).not.toContain('heap');
  expect(section?.reading).not.toContain('closed');
  expect(cells(section?.numbers[0]?.rows)).toHaveLength(2);
  expect(renderText(old, { color: false, columns: 100 })).toMatch(/memory +5\.7 KiB per connection/);
});

const claim: ClaimVerdict = {
  ...{ what: 'socket buffers', is: 'kernel', claimed: '8KB', lowBytes: 6000, highBytes: 10_000 },
  ...{ connections: 1, measuredBytes: 5000, ci95: [4900, 5100], verdict: 'less', note: 'Half of it.' },
};

test('claims stand row by row, each with its verdict in words', () => {
  expect(claims(run)).toBeNull();
  const rows: ClaimVerdict[] = [
    claim,
    { ...claim, what: 'all', connections: 10_000, verdict: 'more', measuredBytes: 25_000 },
    { ...claim, what: 'heap', verdict: 'holds' },
    { ...claim, what: 'page', verdict: 'unclear' },
    { ...claim, what: 'none', verdict: 'not-measured', measuredBytes: null, ci95: null, note: null },
  ];
  const claiming = { ...run, target: { ...run.target, claims: rows } };
  const section = claims(claiming);
  expect(section?.title).toBe('Of 5 claims about memory 1 holds');
  expect(section?.reading?.match(/Half of it\./g)).toHaveLength(1);
  expect(cells(section?.numbers[0]?.rows)).toEqual([
    'socket buffers | each | 8KB (5.9 KiB to 9.8 KiB) | 4.9 KiB (4.8 KiB to 5.0 KiB) | less than claimed: 0.83 times its lower end',
    'all | 10,000 together | 8KB (5.9 KiB to 9.8 KiB) | 24 KiB (4.8 KiB to 5.0 KiB) | more than claimed: 2.5 times its upper end',
    'heap | each | 8KB (5.9 KiB to 9.8 KiB) | 4.9 KiB (4.8 KiB to 5.0 KiB) | holds',
    'page | each | 8KB (5.9 KiB to 9.8 KiB) | 4.9 KiB (4.8 KiB to 5.0 KiB) | cannot be told: the interval reaches over an end of the claim',
    'none | each | 8KB (5.9 KiB to 9.8 KiB) | not measured | not measured',
  ]);
  const text = renderText(claiming, { color: false, columns: 200 });
  expect(text).toContain('socket buffers, each: 8KB (5.9 KiB to 9.8 KiB) claimed, 4.9 KiB');
  const all = rows.map((row) => ({ ...row, verdict: 'holds' as const }));
  expect(claims({ ...run, target: { ...run.target, claims: all } })?.title).toBe(
    'What is claimed of memory holds',
  );
});
