import type { Feature } from '../feature.js';

/**
 * Allocates memory for every connection that opens and never lets go of it. RSS and V8's external memory grow by that
 * size, and some 350 bytes more for the object. `allocUnsafeSlow` because small Buffers share a pool of 8 KiB, of which each
 * would count as external only for the pool; written to, because the kernel gives pages on the first write.
 */
export function leakMemory(bytes: number): Feature {
  return () => {
    const leaked: Buffer[] = [];
    return {
      onOpen: (peer) => {
        if (peer.readyState === peer.OPEN) leaked.push(Buffer.allocUnsafeSlow(bytes).fill(1));
      },
      stats: () => ({ leakedBytes: leaked.length * bytes }),
    };
  };
}
