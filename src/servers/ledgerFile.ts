/**
 * A ledger in a file, so that a SIGKILL does not erase it. Two records are overwritten in turn, each with its number
 * before and after it: one that a kill has cut short is not taken for whole, and the one before it still stands.
 */
import { readSync, writeSync } from 'node:fs';
import type { Ledger } from './ledger.js';

/**
 * How old what is written down can be while the server's event loop turns. A write takes 2 us: 0.02 % of a core; what
 * can be measured are the timer's calls in an idle server, 0.7 %.
 */
const WRITE_EVERY_MS = 10;
/** Room for every close code and every HTTP status that there can be. */
const RECORD_BYTES = 128 * 1024;

/**
 * Writes the ledger down now, whenever it has changed, and when the process exits by itself.
 * @param descriptor Of an empty file that is open for writing.
 * @returns Writes it down before the event loop is blocked, which would keep the timer from it.
 */
export function keepOnFile(ledger: Ledger, descriptor: number): () => void {
  let written = '';
  let number = 0;

  function write(): void {
    const text = JSON.stringify(ledger);
    if (text === written) return;
    written = text;
    number++;
    try {
      writeSync(descriptor, `${number} ${text} ${number}\n`, (number % 2) * RECORD_BYTES);
    } catch {
      // A full disk is no reason for a server to end: what stood there before still does.
    }
  }

  write();
  setInterval(write, WRITE_EVERY_MS).unref();
  process.once('exit', write);
  return write;
}

/** The last ledger that was written whole, or null without one. */
export function readLedgerFile(descriptor: number): Ledger | null {
  const [even, odd] = [readRecord(descriptor, 0), readRecord(descriptor, RECORD_BYTES)];
  if (even === null || odd === null) return (even ?? odd)?.ledger ?? null;
  return even.number > odd.number ? even.ledger : odd.ledger;
}

function readRecord(
  descriptor: number,
  position: number,
): { readonly number: number; readonly ledger: Ledger } | null {
  const buffer = Buffer.alloc(RECORD_BYTES);
  const bytes = readSync(descriptor, buffer, 0, RECORD_BYTES, position);
  const whole = /^(\d+) (\{.*\}) \1\n/.exec(buffer.toString('latin1', 0, bytes));
  if (whole === null) return null;
  const [, number = '', text = ''] = whole;
  return { number: Number(number), ledger: JSON.parse(text) };
}
