const MAX_REASON_BYTES = 123;

/** RFC 6455 section 7.4 and the IANA registry: codes that may stand in a close frame. */
export function isCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** Payload of a close frame. Throws a `RangeError` for a code or a reason that no close frame may hold. */
export function closePayload(code: number, reason: string): Buffer {
  if (!isCloseCode(code)) throw new RangeError(`${code} may not stand in a close frame`);
  const reasonBytes = Buffer.byteLength(reason);
  if (reasonBytes > MAX_REASON_BYTES)
    throw new RangeError(`a close reason of ${reasonBytes} bytes is over 123`);
  const payload = Buffer.allocUnsafe(2 + reasonBytes);
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}
