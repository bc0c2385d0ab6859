import { Outgoing } from './outgoing.js';

/** Begins the stamp in a payload by which the load side knows a message again; 29 characters follow. */
const MARK = '~w~';
const STAMP_CHARACTERS = 29;
/** Of the stamp, left of a message that is cut short. */
const KEPT_CHARACTERS = 10;

/** What a stamp is written in, so that a changed one is still text in any protocol: base64 for URLs. */
const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** The message cut off inside its stamp, or in the middle when it has none. Text remains valid UTF-8. */
export function truncate({ payload, binary, sender }: Outgoing): Outgoing {
  const mark = payload.indexOf(MARK);
  const insideStamp = mark + MARK.length + KEPT_CHARACTERS;
  let end = mark >= 0 && insideStamp < payload.length ? insideStamp : payload.length >> 1;
  if (!binary) while (end > 0 && isContinuation(payload[end])) end--;
  return new Outgoing(payload.subarray(0, end), binary, sender);
}

/**
 * The message with one character of its stamp changed, or one from the middle on when it has no stamp; null when there
 * is none that could be.
 */
export function corrupt({ payload, binary, sender }: Outgoing, random: () => number): Outgoing | null {
  const mark = payload.indexOf(MARK);
  const from = mark < 0 ? payload.length >> 1 : mark + MARK.length + Math.floor(random() * STAMP_CHARACTERS);
  const at = payload.findIndex((byte, i) => i >= from && ALPHABET.includes(byte));
  if (at < 0) return null;
  const corrupted = Buffer.from(payload);
  const others = ALPHABET.filter((character) => character !== payload[at]);
  corrupted[at] = others[Math.floor(random() * others.length)]!;
  return new Outgoing(corrupted, binary, sender);
}

/** RFC 3629 section 3: bytes 10xxxxxx go on with a character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
