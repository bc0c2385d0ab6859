import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, csvText } from '../../src/report/formats/csv.js';
import { comparisonCsv } from '../../src/report/formats/csvComparison.js';
import { intervalsCsv } from '../../src/report/formats/csvRun.js';
import { escapeTerminal } from '../../src/report/visible.js';
import { cases } from './cases.js';
import { comparisons, hostileComparison, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';

/** RFC 4180, strictly: throws at what it does not allow. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) throw new Error('not the form of RFC 4180');
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const FORMULA = /^\s*[=+\-@]/;

describe('CSV', () => {
  test('comes back as it was written: texts with what is invisible shown, and no formulas', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('=', '+', '-', '@', ' =', '\t=', '\r'), fc.string())
        .map((parts) => parts.join('')),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, (written) => {
        const [columns = [], ...read] = parseCsv(csvText(['a', 'b'], written));
        expect(columns).toEqual(['a', 'b']);
        expect(read.map((row) => row.length)).toEqual(written.map((row) => row.length));
        for (const [i, row] of written.entries()) {
          for (const [k, value] of row.entries()) expectCell(read[i]?.[k] ?? '', value);
        }
      }),
    );
  });
});

function expectCell(read: string, written: Cell): void {
  if (typeof written !== 'string') {
    expect(read).toBe(written === null ? '' : String(written));
    return;
  }
  expect(read).not.toMatch(FORMULA);
  expect(read === escapeTerminal(written) || read === `'${escapeTerminal(written)}`).toBe(true);
}

describe('the seconds of a run', () => {
  test('are rows whose counts sum to those of the record', () => {
    const run = goodRun();
    const [columns = [], ...rows] = parseCsv(intervalsCsv(run));
    expect(rows).toHaveLength(run.series.open.length);
    const column = (name: string) => rows.map((row) => row[columns.indexOf(name)] ?? '');
    const sum = (name: string) => column(name).reduce((total, cell) => total + Number(cell), 0);
    expect(column('fromMs').slice(0, 3)).toEqual(['0', '1000', '2000']);
    expect(column('open').map(Number)).toEqual(run.series.open);
    expect(sum('opens')).toBe(run.connections.opened);
    const response = run.metrics['heartbeat.response'];
    expect(sum('heartbeat.response count')).toBe(
      response?.kind === 'histogram' ? response.count : Number.NaN,
    );
    expect(column('heartbeat.response p99 us')[0]).toMatch(/^\d*$/);
  });

  test.each(Object.entries(cases))(
    '%s has as many cells in each row, and nothing for what is not known',
    (_name, run) => {
      const [columns = [], ...rows] = parseCsv(intervalsCsv(run()));
      expect(new Set(rows.map((row) => row.length))).toEqual(
        new Set(rows.length === 0 ? [] : [columns.length]),
      );
      expect(rows.flat().filter((cell) => !/^(-?[\d.]+(e-?\d+)?)?$/.test(cell))).toEqual([]);
    },
  );
});

describe('the values of a comparison', () => {
  test('are a row for each metric and run', () => {
    const record = mixedComparison();
    const [columns, ...rows] = parseCsv(comparisonCsv(record));
    expect(columns).toEqual([
      'metric',
      'unit',
      'gated',
      'verdict',
      'side',
      'run',
      'path',
      'startedAt',
      'value',
    ]);
    expect(rows).toHaveLength(record.metrics.length * 12);
    expect(rows[6]).toEqual([
      ...['heartbeat.response p50', 'us', 'true', 'worse', 'candidate', '1'],
      ...['reports/ab/round-01-candidate/result.json', '2026-03-02T10:15:00.000Z', '2047.5'],
    ]);
  });

  test('no cell of any comparison is a formula', () => {
    const all = [
      ...Object.values(comparisons).map((make) => make()),
      hostileComparison("=cmd|' /C calc'!A0"),
    ];
    for (const record of all) {
      const cells = parseCsv(comparisonCsv(record)).flat();
      for (const cell of cells) if (!/^-?\d/.test(cell)) expect(cell).not.toMatch(FORMULA);
    }
  });
});
