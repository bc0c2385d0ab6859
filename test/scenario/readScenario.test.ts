import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScenarioError, UsageError } from '../../src/errors.js';
import { readScenario } from '../../src/scenario/read.js';
import { fillTemplate } from '../../src/scenario/template.js';
import { parse, problemsOf, scenarioText } from './texts.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wsherd-scenario-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('a scenario is read from YAML and from JSON alike', () => {
  const yaml = write('lobby one.yaml', scenarioText());
  const json = write(
    'lobby one.json',
    JSON.stringify({
      version: 1,
      target: { url: 'ws://127.0.0.1:8080/' },
      populations: { clients: { connections: 10, echo: { every: '1s' } } },
    }),
  );
  const read = (file: string) => ({ ...readScenario({ file, env: {} }), file: '', text: '' });
  expect(read(yaml)).toEqual(read(json));
  expect(read(yaml).name).toBe('lobby one');
});

test('a file that cannot be read is refused with the remedy, as a mistake of usage', () => {
  const refusals: [string, string][] = [
    [join(folder, 'nope.yaml'), 'does not exist: check its name and folder'],
    [folder, 'is a folder: name a file in it'],
    [write('latin1.yaml', new Uint8Array([0x61, 0xe9, 0x0a])), 'is not UTF-8 text: save it as UTF-8'],
    [write('huge.yaml', '# '.padEnd(1024 * 1024 + 1, 'x')), 'has 1048577 bytes: at most 1048576 are read'],
  ];
  for (const [file, reason] of refusals) {
    const read = () => readScenario({ file, env: {} });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`Cannot read the scenario: ${file} ${reason}`);
  }
});

test('a file without the right to read it says so', () => {
  const file = write('secret.yaml', scenarioText());
  chmodSync(file, 0);
  withoutRoot(() => {
    expect(() => readScenario({ file, env: {} })).toThrow(
      'may not be read: give this user the right to read it',
    );
  });
});

/** Root may read everything: for as long as it takes, this process is somebody else. */
function withoutRoot(act: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('problems name the file as it was given', () => {
  const file = write('bad.yaml', scenarioText('seed: x'));
  expect(() => readScenario({ file, env: {} })).toThrow(ScenarioError);
  expect(() => readScenario({ file, env: {} })).toThrow(`${file}:4:7 seed: must be a whole number, not "x"`);
});

test('files beside the scenario are found from anywhere', () => {
  mkdirSync(join(folder, 'sub'), { recursive: true });
  write('sub/tokens.csv', 'token\na\nb\n');
  const file = write(
    'sub/s.yaml',
    scenarioText('connect: { rows: tokens.csv, path: "/${row.token}" }').replace('10', '2'),
  );
  expect(readScenario({ file, env: {} }).populations[0]?.connect.rows).toEqual([
    { token: 'a' },
    { token: 'b' },
  ]);
});

test('each connection is given its own row', () => {
  write('tokens.csv', 'token,user\r\nt0,"Ann"\r\nt1,"Bob"\r\n');
  const text = scenarioText(
    'connect: { rows: tokens.csv, path: "/?t=${row.token}&i=${index}", headers: { X-User: "${row.user}" }, subprotocols: [auth, "${row.token}"] }',
  ).replace('10', '2');
  const connect = parse(text, { folder }).populations[0]?.connect;
  const row = connect?.rows?.[1] ?? null;
  expect(fillTemplate(connect?.path ?? [], 1, row)).toBe('/?t=t1&i=1');
  expect(fillTemplate(connect?.headers['X-User'] ?? [], 1, row)).toBe('Bob');
  expect(fillTemplate(connect?.subprotocols[1] ?? [], 1, row)).toBe('t1');
});

test('rows that do not fit are refused', () => {
  write('few.csv', 'token\na\n');
  write('torn.csv', 'token,user\na,b\nc\n');
  write('odd.csv', 'token\nfine\na b\n');
  const connect = (settings: string) =>
    problemsOf(scenarioText(`connect: { ${settings} }`).replace('10', '2'), { folder }).map((problem) =>
      problem.replace(/^\S+ /, ''),
    );
  expect(connect('rows: few.csv')).toEqual([
    'connect.rows: few.csv has 1 rows for 2 connections: add rows, or ask for fewer',
  ]);
  expect(connect('rows: torn.csv, path: "/${row.nope}"')).toEqual([
    'connect.rows: torn.csv line 3: has 1 field, the header has 2',
  ]);
  expect(connect('rows: odd.csv, path: "/${row.tokn}"')).toEqual([
    'connect.path: ${row.tokn}: there is no column tokn, the columns are token',
  ]);
  expect(connect('rows: odd.csv, path: "/${row.token}"')).toEqual([
    'connect.path: filled in from row 2 of odd.csv, has a blank or another character that must be percent-encoded, such as %20',
  ]);
  expect(connect('path: "/${row.token}"')).toEqual([
    'connect.path: ${row.token} needs rows: name a CSV file, such as rows: tokens.csv',
  ]);
  expect(connect('rows: nope.csv')).toEqual([
    `connect.rows: ${join(folder, 'nope.csv')} does not exist: check its name and folder`,
  ]);
});

test('keys and certificates are read, and refused when they are none', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
  const key = '-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n';
  write('ca.pem', certificate);
  write('key.pem', key);
  const text = (tls: string, scheme = 'wss') =>
    scenarioText(`connect: { tls: ${tls} }`).replace('ws:', `${scheme}:`);
  const good = parse(
    text('{ ca: ca.pem, cert: ca.pem, key: key.pem, servername: x, verify: false, resume: true }'),
    { folder },
  );
  expect(good.populations[0]?.connect.tls).toEqual({
    ca: certificate,
    cert: certificate,
    key,
    servername: 'x',
    verify: false,
    resume: true,
  });
  expect(problemsOf(text('{ ca: nope.pem, cert: key.pem }'), { folder })).toEqual([
    `my.yaml:4:23 connect.tls.ca: ${join(folder, 'nope.pem')} does not exist: check its name and folder`,
    'my.yaml:4:39 connect.tls.cert: needs its private key: add key',
    'my.yaml:4:39 connect.tls.cert: key.pem holds no PEM block "CERTIFICATE": convert it, for example with openssl',
  ]);
  expect(problemsOf(text('{ ca: ca.pem }', 'ws'), { folder })).toEqual([
    'my.yaml:4:17 connect.tls: the target does not use TLS: write wss, or leave tls out',
  ]);
});
