/** A CSV file with a header: one record per connection. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<Readonly<Record<string, string>>>;
}

/** Reads CSV by RFC 4180, with LF or CRLF. Throws an Error that names the line of the first mistake. */
export function parseRows(text: string): Rows {
  const [header, ...records] = parseCsv(text.startsWith('\uFEFF') ? text.slice(1) : text);
  if (header === undefined) throw new Error('line 1: is empty, the first line must name the columns');
  const columns = header.fields;
  for (const [i, column] of columns.entries()) {
    if (column.trim() === '' || column === '__proto__')
      throw new Error(`line 1: column ${i + 1} has no usable name`);
    if (columns.indexOf(column) !== i) throw new Error(`line 1: column ${column} is there twice`);
  }
  const rows = records.map(({ fields, line }) => {
    if (fields.length !== columns.length) {
      throw new Error(`line ${line}: has ${count(fields.length)}, the header has ${columns.length}`);
    }
    return Object.fromEntries(columns.map((column, i) => [column, fields[i] ?? '']));
  });
  return { columns, rows };
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** All records with the line that each begins on; empty lines are no records. */
function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let recordLine = 1;
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, line);
    fields.push(field.value);
    line += field.lineBreaks;
    at = field.end;
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
      fields.push('');
    }
    if (text[at] === '\r') at++;
    at++;
    line++;
    if (fields.length > 1 || fields[0] !== '' || field.quoted) records.push({ line: recordLine, fields });
    fields = [];
    recordLine = line;
  }
  return records;
}

interface Field {
  readonly value: string;
  readonly end: number;
  readonly lineBreaks: number;
  readonly quoted: boolean;
}

function plainField(text: string, start: number, line: number): Field {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') {
    if (text[end] === '"')
      throw new Error(`line ${line}: a quote inside a field, put the whole field in quotes`);
    if (text[end] === '\r' && (text[end + 1] === '\n' || end + 1 === text.length)) break;
    end++;
  }
  return { value: text.slice(start, end), end, lineBreaks: 0, quoted: false };
}

/** Two quotes inside a quoted field stand for one. */
function quotedField(text: string, start: number, line: number): Field {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1) throw new Error(`line ${line}: a quoted field does not end`);
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const raw = text.slice(start + 1, end);
  end++;
  const next = text.slice(end, end + 2);
  if (next !== '' && next[0] !== ',' && next[0] !== '\n' && next !== '\r\n' && next !== '\r') {
    throw new Error(`line ${line}: text after the end of a quoted field`);
  }
  return { value: raw.replaceAll('""', '"'), end, lineBreaks: raw.split('\n').length - 1, quoted: true };
}

function count(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`;
}
