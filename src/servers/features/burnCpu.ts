import type { CostOptions } from '../capacityOptions.js';
import type { Feature } from '../feature.js';
import { keepBusy } from '../keepBusy.js';

/**
 * Takes a fixed time of the CPU for each message that comes in, before anything is done about it, and for each connection
 * that opens, once the answer to its upgrade is on its way. Who is turned away after the upgrade costs nothing.
 */
export function burnCpu({ connectUs, messageUs }: CostOptions): Feature {
  return () => ({
    onOpen: (peer) => {
      if (peer.readyState === peer.OPEN) keepBusy(connectUs);
    },
    onMessage: () => {
      keepBusy(messageUs);
      return false;
    },
  });
}
