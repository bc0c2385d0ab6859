/** A pause in opens that is longer than this is one of the network: a SYN that found the queue full is sent again after 1 s. */
const LONGEST_GAP_MS = 500;

/**
 * Handshakes per second while handshakes were going on: from opens per bin, of connections that began to open all at
 * once at `fromMs`. Pauses for SYN retransmissions are left out; 0 when nothing opened. Rather too low than too
 * high, by what of a bin nothing was done in.
 */
export function acceptRate(opens: readonly number[], binMs: number, fromMs: number): number {
  let opened = 0;
  let busyMs = 0;
  let beforeMs = fromMs;
  opens.forEach((count, bin) => {
    const endMs = (bin + 1) * binMs;
    if (count === 0 || endMs <= fromMs) return;
    const isAfterPause = opened > 0 && endMs - beforeMs > LONGEST_GAP_MS;
    busyMs += isAfterPause ? binMs : endMs - beforeMs;
    opened += count;
    beforeMs = endMs;
  });
  return opened === 0 ? 0 : (opened * 1000) / busyMs;
}
