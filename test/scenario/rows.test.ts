import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRows } from '../../src/scenario/rows.js';

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const field = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '\r', 'é'), maxLength: 6 });

test('whatever is written as CSV is read back, with either line break', () => {
  const tables = fc.array(fc.tuple(field, field), { maxLength: 8 });
  fc.assert(
    fc.property(tables, fc.constantFrom('\n', '\r\n'), fc.boolean(), (table, lineBreak, ends) => {
      const lines = [['token', 'user'], ...table].map((fields) => fields.map(quote).join(','));
      const { columns, rows } = parseRows(lines.join(lineBreak) + (ends ? lineBreak : ''));
      expect(columns).toEqual(['token', 'user']);
      expect(rows).toEqual(table.map(([token, user]) => ({ token, user })));
    }),
  );
});

test('a file as a spreadsheet saves it is read: byte order mark, CRLF, empty lines', () => {
  const { rows } = parseRows('\uFEFFtoken,user\r\n"a,1",Ann\r\n\r\n"b ""2""","Bob\nB."\r\n');
  expect(rows).toEqual([
    { token: 'a,1', user: 'Ann' },
    { token: 'b "2"', user: 'Bob\nB.' },
  ]);
});

test('an empty last field is a field', () => {
  expect(parseRows('a,b\n1,').rows).toEqual([{ a: '1', b: '' }]);
  expect(parseRows('a,b\n,\n').rows).toEqual([{ a: '', b: '' }]);
});

test('a mistake is named with its line', () => {
  const mistakes = [
    ['', 'line 1: is empty, the first line must name the columns'],
    ['a,b\n1,2\n3\n', 'line 3: has 1 field, the header has 2'],
    ['a,b\n"1\n2",3\n4\n', 'line 4: has 1 field, the header has 2'],
    ['a,a\n', 'line 1: column a is there twice'],
    ['a,\n', 'line 1: column 2 has no usable name'],
    ['__proto__\nx\n', 'line 1: column 1 has no usable name'],
    ['a\n"1\n2', 'line 2: a quoted field does not end'],
    ['a\n"1"2\n', 'line 2: text after the end of a quoted field'],
    ['a\n1"2\n', 'line 2: a quote inside a field, put the whole field in quotes'],
  ] as const;
  for (const [text, message] of mistakes) expect(() => parseRows(text), text).toThrow(message);
});
