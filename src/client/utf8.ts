import { isUtf8 } from 'node:buffer';

/** Below this length a loop is quicker than making the view that `isUtf8` needs. */
const LOOP_LIMIT_BYTES = 128;

/** True when bytes `[start, end)` are well-formed UTF-8. */
export function isUtf8Range(buffer: Buffer, start: number, end: number): boolean {
  if (end - start <= LOOP_LIMIT_BYTES && isAscii(buffer, start, end)) return true;
  return isUtf8(buffer.subarray(start, end));
}

function isAscii(buffer: Buffer, start: number, end: number): boolean {
  let union = 0;
  for (let i = start; i < end; i++) union |= buffer[i] as number;
  return union < 0x80;
}
