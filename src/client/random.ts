import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 16 * 1024;
/** Asking the system for a few bytes at a time costs a call each. */
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let next = POOL_BYTES;

function take(bytes: number): number {
  if (next + bytes > POOL_BYTES) {
    randomFillSync(pool);
    next = 0;
  }
  const at = next;
  next += bytes;
  return at;
}

/** RFC 6455 section 5.3: a masking key that the application cannot predict, as 32 bits. */
export function randomMask(): number {
  return pool.readInt32LE(take(4));
}

/** RFC 6455 section 4.1: a nonce of 16 bytes in base64, new for each connection. */
export function randomKey(): string {
  const at = take(16);
  return pool.toString('base64', at, at + 16);
}
