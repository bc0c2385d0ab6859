/**
 * The stamp inside a payload by which a receiver knows who sent it, which one it is and when it was due:
 * 32 ASCII characters that need no escaping in JSON, XML or a URL, so that it survives every protocol, text or
 * binary, that passes the content of its users through unchanged.
 *
 *     ~w~ rr ooo pppp sssss ddddddd lllll ccc
 *
 * After the mark come the run, the room, the publisher, the sequence number, the intended time, by how much the
 * actual one was later, and a check, each a number in base 64 (the URL-safe alphabet), most significant digit first.
 * Times are in microseconds from the start of the run.
 */

export const MARKER_BYTES = 32;

const MARK = [0x7e, 0x77, 0x7e] as const;
const [MARK_0, MARK_1, MARK_2] = MARK;

/** Where each field begins. */
const RUN = 3;
const ROOM = 5;
const PUBLISHER = 8;
const SEQUENCE = 12;
const DUE = 17;
const LAG = 24;
const CHECK = 29;

/** Largest values of the fields, each one more than fits. */
export const RUNS = 64 ** (ROOM - RUN);
export const ROOMS = 64 ** (PUBLISHER - ROOM);
export const PUBLISHERS = 64 ** (SEQUENCE - PUBLISHER);
export const SEQUENCES = 64 ** (DUE - SEQUENCE);
const LONGEST_LAG_US = 64 ** (CHECK - LAG) - 1;

const DIGITS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const NO_DIGIT = 64;
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
DIGITS.forEach((digit, value) => {
  VALUES[digit] = value;
});

/** The largest prime that three digits hold. */
const CHECK_MODULUS = 262_139;

/** The fields of a marker. One object is reused: `read` and `write` allocate nothing. */
export class Marker {
  /** Tells the messages of this run from those of another. */
  run = 0;
  room = 0;
  publisher = 0;
  /** Of this publisher, from 0 without gaps. */
  sequence = 0;
  dueUs = 0;
  /** Not before `dueUs`, and at most 17 minutes after it. */
  sentUs = 0;
  /** The bytes of the marker that the fields were read from: a broadcast comes in as the same marker many times. */
  private readonly bytes = new Uint8Array(MARKER_BYTES);
  private isKnown = false;

  /** Whether the fields are those of the marker at `at`. Its check is compared first: two markers hardly share it. */
  private isSame(source: Uint8Array, at: number): boolean {
    const { bytes } = this;
    if (!this.isKnown) return false;
    for (let i = MARKER_BYTES - 1; i >= RUN; i--) if (source[at + i] !== bytes[i]) return false;
    return true;
  }

  /** Writes the fields into `MARKER_BYTES` of `target`. */
  write(target: Uint8Array, at: number): void {
    this.isKnown = false;
    target[at] = MARK_0;
    target[at + 1] = MARK_1;
    target[at + 2] = MARK_2;
    writeDigits(target, at + RUN, at + ROOM, this.run);
    writeDigits(target, at + ROOM, at + PUBLISHER, this.room);
    writeDigits(target, at + PUBLISHER, at + SEQUENCE, this.publisher);
    writeDigits(target, at + SEQUENCE, at + DUE, this.sequence);
    writeDigits(target, at + DUE, at + LAG, this.dueUs);
    writeDigits(target, at + LAG, at + CHECK, Math.min(this.sentUs - this.dueUs, LONGEST_LAG_US));
    writeDigits(target, at + CHECK, at + MARKER_BYTES, checkOf(target, at));
  }

  /** Reads the fields of the marker that begins at `at`; false, and the fields mean nothing, when it is damaged. */
  read(source: Uint8Array, at: number, end: number): boolean {
    if (at + MARKER_BYTES > end) return false;
    if (this.isSame(source, at)) return true;
    this.isKnown = false;
    const check = checkOf(source, at);
    if (check < 0 || check !== readDigits(source, at + CHECK, at + MARKER_BYTES)) return false;
    this.run = readDigits(source, at + RUN, at + ROOM);
    this.room = readDigits(source, at + ROOM, at + PUBLISHER);
    this.publisher = readDigits(source, at + PUBLISHER, at + SEQUENCE);
    this.sequence = readDigits(source, at + SEQUENCE, at + DUE);
    this.dueUs = readDigits(source, at + DUE, at + LAG);
    this.sentUs = this.dueUs + readDigits(source, at + LAG, at + CHECK);
    for (let i = RUN; i < MARKER_BYTES; i++) this.bytes[i] = source[at + i]!;
    this.isKnown = true;
    return true;
  }
}

/** Whether a mark begins at `at`. */
export function isMarkAt(source: Uint8Array, at: number, end: number): boolean {
  return at + 3 <= end && source[at] === MARK_0 && source[at + 1] === MARK_1 && source[at + 2] === MARK_2;
}

/** Where the first mark in `[start, end)` begins, or -1. */
export function findMark(source: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 3 <= end; at++) {
    if (source[at] === MARK_0 && source[at + 1] === MARK_1 && source[at + 2] === MARK_2) return at;
  }
  return -1;
}

/**
 * A sum of the digits, each times its place, modulo a prime above both: it changes with any one digit and with any
 * two that change places. -1 when something is no digit.
 */
function checkOf(source: Uint8Array, at: number): number {
  let sum = 0;
  for (let place = RUN; place < CHECK; place++) {
    const value = VALUES[source[at + place]!]!;
    if (value === NO_DIGIT) return -1;
    // Squared places, so that the sums of ordinary changes differ in more than their last digits.
    sum += (value + 1) * place * place * place;
  }
  return sum % CHECK_MODULUS;
}

function writeDigits(target: Uint8Array, from: number, to: number, value: number): void {
  let rest = value;
  for (let i = to - 1; i >= from; i--) {
    const quotient = Math.floor(rest / 64);
    target[i] = DIGITS[rest - quotient * 64]!;
    rest = quotient;
  }
}

function readDigits(source: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 64 + VALUES[source[i]!]!;
  return value;
}
