import { closeSync, openSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createLedger } from '../../src/servers/ledger.js';
import { keepOnFile, readLedgerFile } from '../../src/servers/ledgerFile.js';
import { scratchFile } from '../support/scratch.js';
import { patiently } from './running.js';

const descriptors: number[] = [];

afterEach(() => {
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
});

function emptyFile(): number {
  const descriptor = openSync(scratchFile('ledger', ''), 'r+');
  descriptors.push(descriptor);
  return descriptor;
}

describe('a ledger on file', () => {
  test('is there from the start, and follows what is counted', async () => {
    const descriptor = emptyFile();
    const ledger = createLedger();
    keepOnFile(ledger, descriptor);
    expect(readLedgerFile(descriptor)).toEqual(createLedger());
    for (let i = 1; i <= 5; i++) {
      ledger.messagesIn += i;
      ledger.closesByCode[1000 + i] = i;
      await expect.poll(() => readLedgerFile(descriptor), patiently).toEqual(ledger);
    }
  });

  test('holds every close code and every HTTP status at once', () => {
    const ledger = createLedger();
    for (let code = 1000; code < 5000; code++) ledger.closesByCode[code] = 1_000_000 + code;
    for (let status = 100; status < 600; status++) ledger.refused[status] = 1_000_000;
    const descriptor = emptyFile();
    keepOnFile(ledger, descriptor);
    expect(readLedgerFile(descriptor)).toEqual(ledger);
  });

  test('that nobody has kept is null', () => {
    expect(readLedgerFile(emptyFile())).toBeNull();
  });

  test('cut short anywhere in a write is that of the write before', () => {
    const before = `7 ${JSON.stringify({ ...createLedger(), opened: 7 })} 7\n`;
    // The record that is overwritten was longer.
    const overwritten = `6 ${JSON.stringify({ ...createLedger(), opened: 6_000_000 })} 6\n`;
    const next = `8 ${JSON.stringify({ ...createLedger(), opened: 8 })} 8\n`;
    fc.assert(
      fc.property(fc.nat(next.length), (cut) => {
        const descriptor = emptyFile();
        writeSync(descriptor, overwritten, 0);
        writeSync(descriptor, before, 128 * 1024);
        writeSync(descriptor, next.slice(0, cut), 0);
        expect(readLedgerFile(descriptor)?.opened).toBe(cut === next.length ? 8 : 7);
      }),
      { examples: [[0], [next.length - 1], [next.length]] },
    );
  });
});
