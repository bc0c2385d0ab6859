import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderMatrix } from '../../../dist/report/matrix.js';
import { renderMatrixText } from '../../../src/report/matrixText.js';
import { matrixVerdict } from '../../../src/report/matrixWords.js';
import type { MatrixRecord } from '../../../src/result/matrix.js';
import * as matrices from './matrices.js';

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

/** As it comes back from `matrix.json`. */
function saved(matrix: MatrixRecord): MatrixRecord {
  return JSON.parse(JSON.stringify(matrix));
}

function sentence(matrix: MatrixRecord): string {
  return matrixVerdict(matrix).sentence;
}

function page(matrix: MatrixRecord): string {
  return renderMatrix(saved(matrix)).replaceAll('\u00a0', ' ');
}

describe('the record of a matrix that publishes', () => {
  const found = matrices.square().variants.map(({ result }) => result?.broadcast);

  test('keeps what was asked for and what came while publishers were at work', () => {
    expect(found.map((own) => Math.round(own?.owedPerSecond ?? 0))).toEqual([1250, 5000, 20_000, 80_000]);
    expect(found.map((own) => Math.round((own?.deliveredPerSecond ?? 0) / 1000))).toEqual([1, 5, 20, 60]);
  });

  test('scales a sample up to all members', () => {
    const own = found[0];
    expect(own?.members).toBe(own?.accounted);
    expect(matrices.sampledSquare().variants[0]?.result?.broadcast).toMatchObject({
      accounted: 50,
      owedPerSecond: own?.owedPerSecond,
    });
  });
});

describe('the sentence of a matrix that publishes', () => {
  test('says where the wall is, and what it is like on either side', () => {
    expect(sentence(matrices.square())).toMatch(
      /^The wall lies between 1,000 and 2,000 members: the last member had a message after 19 ms \(p99\), then after 2\.\d s \(p99\); of 80,000 deliveries a second 75 % came in time\.$/,
    );
  });

  test('says when there is no wall, of the runs that can be trusted', () => {
    expect(sentence(matrices.noWall())).toMatch(
      /^All 3 variants kept up: with 900 members 16,200 deliveries a second came, and the last member .*\. 1 run could not be trusted and is left out\.$/,
    );
  });

  test('says when even the least was too much', () => {
    expect(sentence(matrices.allOver())).toMatch(
      /^Even with 2,400 members the server did not keep up: the last member had a message after 4\.\d s \(p99\); of 115,000 deliveries a second 52 % came in time\.$/,
    );
  });

  test('of a setting with two values it says what it changes, all others being the same', () => {
    expect(sentence(matrices.compression())).toBe(
      'Compression=on instead of off: under content=text a delivery weighed 910 B instead of 4.0 KiB and took the server 21 µs instead of 12 µs; under content=noise a delivery weighed 4.0 KiB as before and took the server 21 µs instead of 12 µs.',
    );
    expect(sentence(matrices.brokenCompression())).toMatch(
      /^Compression=on instead of off: under content=noise a delivery took the server 21 µs instead of 12 µs\. 1 run could not be trusted/,
    );
  });

  test('of policies for slow readers it says what they lose and what the server holds', () => {
    expect(sentence(matrices.slowPolicies())).toMatch(
      /^1\.8 % of the deliveries never came under disconnect-slow, 0 % under none; .*; the server held 5\d MiB under drop-slow, 3\d\d MiB under none\.$/,
    );
  });

  test('of a storm it says who came back, and what they had missed', () => {
    expect(sentence(matrices.storms())).toMatch(
      /^Fastest was reliable, .*; 21 % of the deliveries never came under rooms, 0 % under reliable\.$/,
    );
  });
});

const pages = Object.entries(matrices.fanOutMatrices).map(([name, make]) => ({ name, html: page(make()) }));

describe.each(pages)('the page of $name', ({ html }) => {
  const markup = html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');

  test('loads nothing and has no number that is none', () => {
    expect(html).not.toMatch(/<(link|iframe|object|embed|base|img)\b/i);
    expect(markup).not.toMatch(/<[^>]*\sstyle=/i);
    expect(markup).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  test('has every id once, and each picture in words', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [svg] of html.matchAll(/<svg class="plot[^>]*>/g)) expect(svg).toMatch(/aria-label="[^"]+"/);
  });
});

describe('what the page of a matrix that publishes shows', () => {
  test('what was asked for beside what came, against the members', () => {
    const html = page(matrices.square());
    expect(html).toMatch(
      /Twice as many members, four times as many deliveries: 1,250\/s to 80,000\/s were asked for, and at most 60,000\/s came/,
    );
    expect(html).toMatch(/aria-label="asked for: 1,250\/s at 250, [^"]*came: [^"]*60,000\/s at 2,000"/);
    expect(html).toMatch(/<th scope="col" class="number">out for each in<\/th>/);
  });

  test('a run that cannot be trusted is marked on the chart', () => {
    const html = page(matrices.noWall());
    expect(html).toContain('Deliveries per second against members (triangle: 1 run that cannot be trusted)');
    expect(html).toMatch(/<path class="point t-doubt"/);
    expect(page(matrices.square())).not.toMatch(/<path class="point t-doubt"/);
  });

  test('variants that differ in no number have a table and no chart', () => {
    const html = page(matrices.compression());
    expect(html).not.toContain('<section id="fan-out"');
    expect(html).toMatch(/<th scope="col" class="number">processor each<\/th>/);
  });
});

describe('a matrix that publishes for a terminal', () => {
  test('has a line for each variant', () => {
    const text = renderMatrixText(matrices.square(), { color: false, columns: 100 });
    expect(text).toMatch(
      /\nvariant +members +deliveries +out each +median p99 +last p99 +lost +cpu +its run\n/,
    );
    expect(text).toMatch(
      /\n2000 +2,000 +60,000\/s +2,000 +1\.\d s +2\.\d s +0 +101 % +1 of 3 thresholds failed/,
    );
  });

  test.each(Object.entries(matrices.fanOutMatrices))('%s keeps to the width', (_name, make) => {
    const text = renderMatrixText(make(), { color: false, columns: 100 });
    expect(text).not.toMatch(CONTROL);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
