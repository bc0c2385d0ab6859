import type { Feature } from '../feature.js';
import type { Peer } from '../peer.js';

declare global {
  // ES2024, and in Node 20; of the same year it has not got `transfer`, which the library of types would bring too.
  interface ArrayBuffer {
    resize(byteLength: number): void;
  }
  interface ArrayBufferConstructor {
    new (byteLength: number, options: { readonly maxByteLength: number }): ArrayBuffer;
  }
}

/**
 * Holds memory for every open connection, as an application does that knows something of each. RSS grows by that size when
 * one opens and shrinks by it when it closes, within the page tables and some 300 bytes for the object.
 *
 * A `Buffer` would not do: it goes when V8 collects garbage, which an idle server never does, and then malloc keeps
 * it for the next one. (After 2,000 of 4 KiB were let go, all of it was still in RSS.) The memory of a resizable ArrayBuffer is
 * mapped in pages of its own, which go back to the kernel in the call that takes its size to 0; V8 counts it as
 * external until it collects the object. The kernel gives pages of zeros on the first write only, so every byte is written.
 */
export function holdState(bytes: number): Feature {
  return () => {
    const held = new Map<Peer, ArrayBuffer>();
    return {
      onOpen: (peer) => {
        // Who was turned away after the upgrade is not open.
        if (peer.readyState === peer.OPEN) held.set(peer, filledPages(bytes));
      },
      onClose: (peer) => {
        const pages = held.get(peer);
        held.delete(peer);
        if (pages !== undefined) giveBack(pages);
      },
      stats: () => ({ stateBytes: held.size * bytes }),
    };
  };
}

function filledPages(bytes: number): ArrayBuffer {
  const pages = new ArrayBuffer(bytes, { maxByteLength: bytes });
  new Uint8Array(pages).fill(1);
  return pages;
}

function giveBack(pages: ArrayBuffer): void {
  try {
    pages.resize(0);
  } catch {
    // Beyond 65,530 holes (`vm.max_map_count`) the kernel refuses another: then it goes with the object.
  }
}
