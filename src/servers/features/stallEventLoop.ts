import type { Feature } from '../feature.js';
import type { StallOptions } from '../options.js';

/** Blocks the server's event loop on purpose, to show what a stalled server looks like from outside. */
export function stallEventLoop({ afterUs, forUs, everyUs }: StallOptions): Feature {
  return ({ writeLedger }) => {
    // Waiting, not spinning: a co-located generator must keep its core.
    const neverNotified = new Int32Array(new SharedArrayBuffer(4));
    let stalls = 0;
    let next: NodeJS.Timeout | null = null;

    function stall(): void {
      stalls++;
      writeLedger();
      // Armed first: the next stall counts from the start of this one.
      if (everyUs !== null) next = setTimeout(stall, everyUs / 1000);
      Atomics.wait(neverNotified, 0, 0, forUs / 1000);
    }

    return {
      onOpen: () => {
        next ??= setTimeout(stall, afterUs / 1000);
      },
      stats: () => ({ stalls }),
      stop: () => clearTimeout(next ?? undefined),
    };
  };
}
