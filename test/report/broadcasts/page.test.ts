import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderHtml } from '../../../dist/report/html.js';
import type { RunResult } from '../../../src/result/types.js';
import { goodRun } from '../fixture.js';
import * as cases from './cases.js';
import { broadcastRun } from './run.js';
import { LOBBY } from './shape.js';

/** Without the protected blanks between numbers and units. */
function page(run: RunResult): string {
  return renderHtml(run).replaceAll('\u00a0', ' ');
}

function titleOf(html: string, section: string): string | undefined {
  return new RegExp(`<h2 id="${section}-title">([\\s\\S]*?)</h2>`).exec(html)?.[1];
}

function sectionsOf(html: string): string[] {
  return [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id ?? '');
}

/** Cells of the rows of a section's tables, the name first. */
function rowsOf(html: string, section: string): string[][] {
  const body = new RegExp(`<section id="${section}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? '';
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );
}

function heroesOf(html: string): string[] {
  const heroes = /<dl class="heroes">([\s\S]*?)<\/dl>/.exec(html)?.[1] ?? '';
  return [...heroes.matchAll(/<dt>(.*?)<\/dt>/g)].map(([, label]) => label ?? '');
}

describe('the page of a run that publishes', () => {
  const html = page(cases.lossless());

  test('answers in the order of questions: did everybody get it, when, at what price', () => {
    expect(sectionsOf(html).slice(1, 4)).toEqual(['delivery', 'fan-out', 'traffic']);
    expect(heroesOf(html)).toEqual([
      'Deliveries lost',
      'Last member p99',
      'Deliveries at peak',
      'Out for each in',
      'Processor, mean',
      'Connections open',
    ]);
  });

  test('sections state what was found', () => {
    expect(titleOf(html, 'delivery')).toBe('Every one of 1,000,000 deliveries arrived, once and in order');
    expect(titleOf(html, 'fan-out')).toMatch(
      /^A message reached its first member after 1\.2 ms, half of them after 19 ms, the last after 37 ms \(one in 100 after more than \d\d ms\)$/,
    );
    expect(titleOf(html, 'traffic')).toBe('One message in, 2,000 out: 20/s became 40,000/s, 8.0 MiB/s');
  });

  test('a run that publishes nothing has none of it, nor has a record that is older than broadcasting', () => {
    for (const id of ['delivery', 'fan-out', 'slow-readers', 'acknowledgements']) {
      expect(sectionsOf(page(goodRun()))).not.toContain(id);
    }
    expect(titleOf(page(cases.nothingPublished()), 'delivery')).toBe('Nobody was owed a message');
    expect(sectionsOf(page(cases.nothingPublished()))).not.toContain('fan-out');
    expect(titleOf(page(cases.nothingPublished()), 'traffic')).toMatch(
      / messages a second went to the server/,
    );
  });

  test('one message in a long while is a point of its line, not a gap', () => {
    const json = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(
      page(cases.rare()),
    )?.[1];
    const { charts } = JSON.parse(json ?? '{}') as {
      charts: Array<{ id: string; lines: Array<{ name: string; values: Array<number | null> }> }>;
    };
    const lines = charts.find(({ id }) => id === 'fan-out')?.lines ?? [];
    expect(lines.map(({ name }) => name)).toEqual(['slowest', 'last', 'median', 'first']);
    for (const { values } of lines) {
      const known = values.flatMap((us, i) => (us === null ? [] : [i]));
      expect(known).toHaveLength(5);
      expect((known.at(-1) ?? 0) - (known[0] ?? 0)).toBe(4);
    }
  });
});

describe('the ledger on the page', () => {
  test('shows each population, and how what was owed is accounted for', () => {
    const html = page(cases.lossy());
    const rows = rowsOf(html, 'delivery');
    expect(rows[0]).toEqual([
      'members',
      'owed',
      'received',
      'lost',
      'came twice',
      'out of order',
      'late',
      'missed while disconnected',
      'foreign',
    ]);
    expect(rows).toContainEqual([
      'in all',
      '1,000,000',
      '992,200',
      '9,000',
      '1,200',
      '3,100',
      '0',
      '0',
      '62',
    ]);
    expect(html).toContain('1,000,000 = 991,000 + 9,000 + 0.');
    expect(titleOf(html, 'delivery')).toBe(
      'Of 1,000,000 deliveries 0.9 % were lost, 0.1 % came twice and 0.3 % came out of order; 62 messages received were foreign',
    );
  });

  test('lays what the server says that it did beside it', () => {
    const rows = rowsOf(page(cases.lossy()), 'delivery');
    expect(rows).toContainEqual(['copies not sent, as asked for', '9,000']);
    expect(rows.flat().join()).not.toContain('receiver was too slow');
  });

  test('says where it does not add up', () => {
    const run = cases.lossy();
    const metrics = { ...run.metrics, 'broadcast.received': { kind: 'counter', value: 900_000 } as const };
    expect(page({ ...run, metrics })).toContain(
      'does not add up to what was owed: 898,800 + 9,000 + 0 against 1,000,000',
    );
  });

  test('says when it is a sample, and of whom', () => {
    const html = page(cases.sampled());
    expect(titleOf(html, 'delivery')).toMatch(
      /^Every one of 200,000 deliveries to a random sample of 400 of 2,000 members/,
    );
    expect(html).toContain('The ledger is a random sample of 400 of 2,000 members (20 %)');
    expect(heroesOf(html)[0]).toBe('Lost, of a sample');
    expect(page(cases.lossless())).not.toContain('sample of');
  });

  test('says whether publishers get their own messages', () => {
    expect(page(cases.lossless())).toContain(
      'All 20 publishers are members themselves; the server sends them their own',
    );
    expect(page(cases.severalRooms())).toContain(
      'Every member publishes; the server does not send them their own',
    );
  });
});

describe('what more members would make of it', () => {
  test('is four times the deliveries for twice the members where members talk', () => {
    const html = page(cases.lossless());
    expect(html).toContain('four times as many deliveries, 160,000/s.');
    expect(rowsOf(html, 'traffic')).toContainEqual(
      expect.arrayContaining(['4,000', '40/s', '160,000/s', '32 MiB/s']),
    );
  });

  test('is twice the deliveries where publishers are apart', () => {
    const html = page(broadcastRun({ ...LOBBY, ownCopies: null }));
    expect(html).toContain('twice as many would be twice as many deliveries, 80,000/s.');
    expect(rowsOf(html, 'traffic')).toContainEqual(expect.arrayContaining(['4,000', '20/s', '80,000/s']));
  });
});

describe('slow readers and reliable delivery on the page', () => {
  test('slow readers stand beside the others, with the memory of the server', () => {
    const html = page(cases.slowReaders());
    expect(titleOf(html, 'slow-readers')).toMatch(
      /^20 slow readers had messages only within 2\.9 s \(p99\), the 980 others within 11 ms; neither lost any$/,
    );
    expect(html).toContain('data-chart="slow-rss"');
    expect(heroesOf(html)).toContain('Memory at most');
    expect(sectionsOf(page(cases.lossless()))).not.toContain('slow-readers');
    expect(rowsOf(page(cases.slowLater()), 'slow-readers').map(([who]) => who)).toContain(
      'the others, before',
    );
  });

  test('promises are judged by what members received', () => {
    const kept = (run: RunResult) =>
      rowsOf(page(run), 'acknowledgements')
        .slice(1, 5)
        .map(([promise, verdict]) => `${promise} ${verdict}`);
    expect(kept(cases.reliable())).toEqual([
      'at least once ✓ kept',
      'exactly once, on the wire ✓ kept',
      'exactly once, to an application that drops what it has ✓ kept',
      'in order ✓ kept',
    ]);
    expect(kept(cases.atLeastOnce())).toEqual([
      'at least once ✓ kept',
      'exactly once, on the wire ✕ not kept',
      'exactly once, to an application that drops what it has ✓ kept',
      'in order ✓ kept',
    ]);
    expect(titleOf(page(cases.atLeastOnce()), 'acknowledgements')).toMatch(
      /^381 of 384 messages were acknowledged within .*, 312 were sent again; each reached the application exactly once$/,
    );
  });

  test('a storm comes before delivery, unless publishers insist', () => {
    const order = (run: RunResult) =>
      sectionsOf(page(run)).filter((id) => id === 'recovery' || id === 'delivery');
    expect(order(cases.missedInStorm())).toEqual(['recovery', 'delivery']);
    expect(order(cases.reliable())).toEqual(['delivery', 'recovery']);
    expect(heroesOf(page(cases.missedInStorm()))).toEqual([
      '99 % back after',
      'Open again',
      'Attempts for each',
      'Worst second',
      'Deliveries lost',
      'Last member p99',
    ]);
  });

  test('a refused join is told in words, with what the server said', () => {
    const html = page(cases.hostileBroadcast());
    expect(html).toContain('the application did not let the connection into its room');
    expect(html).not.toContain('<img');
  });
});
