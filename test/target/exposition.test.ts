import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExposition } from '../../src/target/exposition.js';

const page = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
nothing NaN
braces{a="}",b="{ 7 }",} 2
\tblanks \t { x = "y" } \t .5\t
openmetrics_total{a="b"} 17.0 1520879607.789 # {trace_id="x"} 0.67
# EOF
`;

test('the format is read as its description shows it', () => {
  const values = parseExposition(page);
  expect(Object.fromEntries(values)).toEqual({
    http_requests_total: 1030,
    msdos_file_access_time_seconds: 1458255915,
    metric_without_timestamp_and_labels: 12.47,
    something_weird: Number.POSITIVE_INFINITY,
    nothing: Number.NaN,
    braces: 2,
    blanks: 0.5,
    openmetrics_total: 17,
  });
  expect(parseExposition(page.replaceAll('\n', '\r\n'))).toEqual(values);
});

test.each([
  ['9up 1'],
  ['up'],
  ['up one'],
  ['up 1 2 3'],
  ['up{a="b" 1'],
  ['up{a="b}" 1'],
  ['<html>up 1</html>'],
  ['up 0x10'],
  ['up 1_000'],
])('%s is no sample', (line) => {
  expect(parseExposition(line).size).toBe(0);
});

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const label = fc.tuple(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ unit: 'binary' }));
const value = fc.oneof(fc.double({ noNaN: true }), fc.integer());
const series = fc.record({
  name,
  labels: fc.array(label, { maxLength: 4 }),
  value,
  timestamp: fc.option(fc.integer()),
});

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function written(one: {
  name: string;
  labels: Array<[string, string]>;
  value: number;
  timestamp: number | null;
}) {
  const labels = one.labels.map(([key, text]) => `${key}="${escaped(text)}"`).join(',');
  const number = String(one.value).replace('Infinity', 'Inf');
  return `${one.name}${labels === '' ? '' : `{${labels}}`} ${number}${one.timestamp === null ? '' : ` ${one.timestamp}`}`;
}

test('what is written is read, whatever the labels hold, and series of one name are summed', () => {
  fc.assert(
    fc.property(fc.array(series, { maxLength: 20 }), (all) => {
      const sums = new Map<string, number>();
      for (const one of all) sums.set(one.name, (sums.get(one.name) ?? 0) + one.value);
      // -0 is read as what it is, and summed as 0.
      const plain = (values: ReadonlyMap<string, number>) => [...values].map(([key, sum]) => [key, sum + 0]);
      expect(plain(parseExposition(all.map(written).join('\n')))).toEqual(plain(sums));
    }),
  );
});

test('any text whatever is read over without harm and without delay', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseExposition(text)));
  expect(parseExposition(`up{${'a="b",'.repeat(100_000)}`).size).toBe(0);
  expect(parseExposition(`up ${' '.repeat(100_000)}x`).size).toBe(0);
});
