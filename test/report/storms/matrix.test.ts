import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderMatrix } from '../../../dist/report/matrix.js';
import { renderMatrixText } from '../../../src/report/matrixText.js';
import { matrixVerdict } from '../../../src/report/matrixWords.js';
import type { MatrixRecord } from '../../../src/result/matrix.js';
import { killed } from './cases.js';
import * as matrices from './matrices.js';

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

/** As it comes back from `matrix.json`. */
function saved(matrix: MatrixRecord): MatrixRecord {
  return JSON.parse(JSON.stringify(matrix));
}

function sentence(matrix: MatrixRecord): string {
  return matrixVerdict(matrix).sentence;
}

describe('the record of a matrix', () => {
  const [variant] = matrices.oneVariant().variants;

  test('keeps of each run what is compared, and no more than a page needs', () => {
    expect(variant?.result?.storms[0]?.recovery).toMatchObject({ fault: 'kill-target', dropped: 2000 });
    expect(JSON.stringify(matrices.tenVariants()).length).toBeLessThan(200_000);
  });

  test('the burst is counted in the bins of the record, not in those of the picture', () => {
    const { attempts } = killed().attempts;
    expect(variant?.result?.storms[0]?.peakInBin).toEqual({ binMs: 100, attempts: Math.max(...attempts) });
  });

  test('bins are of one width in all variants, so that they can be compared', () => {
    const widths = matrices.fourPolicies().variants.map(({ result }) => result?.storms[0]?.bins.binMs);
    expect(new Set(widths).size).toBe(1);
  });

  test('handshakes are those of the storm, HTTP before it and during', () => {
    const storm = variant?.result?.storms[0];
    expect(storm?.handshake?.count).toBeLessThanOrEqual(2000);
    expect(storm?.http).toMatchObject({ requests: 3300, failed: 1800 });
  });
});

describe('the sentence of a matrix', () => {
  test('says who was fastest, who came most at once, and what that is worth', () => {
    expect(sentence(matrices.fourPolicies())).toMatch(
      /^Fastest was exponential, 99 % back after \d\.\d s; most at once came from full-jitter: 3,\d+ attempts in its worst second, 1\.9 times as many as from socket\.io, the gentlest\.$/,
    );
  });

  test('ranks no run that is not valid', () => {
    expect(sentence(matrices.troubled())).toMatch(
      /^Fastest was full-jitter, .*; 1 of 2 never had 99 % back\. 2 runs could not be trusted and are left out\.$/,
    );
  });

  test('without a storm it says who passed and who answered fastest', () => {
    expect(sentence(matrices.quiet())).toMatch(
      /^1 of 2 variants passed; all answered about as fast, within /,
    );
  });

  test('says when none can be trusted, or none came back', () => {
    const { variants, ...facts } = matrices.troubled();
    expect(
      matrixVerdict({ ...facts, variants: [variants[0], variants[3]].flatMap((one) => one ?? []) }),
    ).toEqual({
      outcome: 'not-valid',
      sentence: 'Not valid: none of 2 runs can be trusted.',
    });
    expect(sentence({ ...facts, variants: [variants[1]].flatMap((one) => one ?? []) })).toMatch(
      /^No variant had 99 % back; socket\.io came furthest, with [\d,]+ of 2,000 \(\d+ %\)\.$/,
    );
  });
});

const pages = Object.entries(matrices.matrices).map(([name, make]) => ({
  name,
  html: renderMatrix(saved(make())),
}));

describe.each(pages)('the page of $name', ({ html }) => {
  const markup = html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');

  test('loads nothing, links only into itself and to the reports beside it', () => {
    expect(html).not.toMatch(/<(link|iframe|object|embed|base|img)\b/i);
    expect(html).not.toMatch(/@import|url\(/i);
    for (const [, target] of html.matchAll(/\shref="([^"]*)"/g)) {
      expect(target).toMatch(/^(#|\.\/[^:]*\/report\.html$)/);
    }
  });

  test('has no style attribute, no event handler and no number that is none', () => {
    expect(markup).not.toMatch(/<[^>]*\sstyle=/i);
    expect(markup).not.toMatch(/<[a-z][^>"]*\son[a-z]+=/i);
    expect(markup).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('stays under 500,000 bytes, with every id once', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });
});

describe('what the page of a matrix shows', () => {
  const html = renderMatrix(matrices.fourPolicies()).replaceAll('\u00a0', ' ');

  test('a row for each variant, with a link to its own report', () => {
    expect(html).toContain('href="./full-jitter/report.html">passed</a>');
    expect(html).toMatch(/<strong>5\.\d s<\/strong>/);
  });

  test('small pictures share one scale', () => {
    const json = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const { charts } = JSON.parse(json) as {
      charts: Array<{ id: string; axis: { max: number }; frame: string }>;
    };
    const small = charts.filter(({ id }) => id.startsWith('attempts-'));
    expect(small).toHaveLength(4);
    expect(new Set(small.map(({ axis, frame }) => `${axis.max} ${frame}`)).size).toBe(1);
  });

  test('bystanders and HTTP are compared where there were any', () => {
    const ids = (page: string) => [...page.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids(renderMatrix(matrices.withBystanders()))).toContain('stayed');
    expect(ids(renderMatrix(matrices.quiet()))).toEqual(['settings', 'repeat']);
    expect(ids(html)).not.toContain('stayed');
  });

  test('hostile labels and folders stay text', () => {
    const page = renderMatrix(matrices.hostileMatrix());
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page.match(/<script/g)).toHaveLength(2);
  });
});

describe('a matrix for a terminal', () => {
  test('has a line for each variant', () => {
    const text = renderMatrixText(matrices.fourPolicies(), { color: false, columns: 100 });
    expect(text).toMatch(/\nvariant +50 % +99 % +100 % +attempts each +worst second +gave up +its run/);
    expect(text).toMatch(/\nfull-jitter +4\.\d s +1\d\.\d s/);
  });

  test.each(Object.entries(matrices.matrices))(
    '%s keeps to the width and holds no control characters',
    (_name, make) => {
      const text = renderMatrixText(make(), { color: false, columns: 100 });
      expect(text).not.toMatch(CONTROL);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    },
  );
});
