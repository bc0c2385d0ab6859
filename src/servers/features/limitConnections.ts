import type { ConnectionLimit } from '../capacityOptions.js';
import type { Feature } from '../feature.js';
import type { Peer } from '../peer.js';

/** "Try Again Later" in the IANA registry of close codes. */
const TRY_AGAIN_LATER = 1013;

/**
 * Holds `most` connections, and no more. One that is closing takes its place until it has gone. ws switches protocols in
 * the very call that asks the features, so that nobody can come between the question and the count.
 */
export function limitConnections({ most, how }: ConnectionLimit): Feature {
  return (parts) => {
    const { ledger, refuse } = parts;
    /** Let in only to be closed: they take nobody's place. Empty but under overload, so that a place costs no memory. */
    const leaving = new Set<Peer>();
    let turnedAway = 0;
    const held = (): number => ledger.opened - ledger.closed - leaving.size;
    const stats = () => ({ turnedAway });

    if (how === 'http') {
      return {
        onUpgrade: (_, socket) => {
          if (held() < most) return 'none';
          turnedAway++;
          refuse(socket, { status: 503, body: `All ${most} connections are taken.\n` });
          return 'done';
        },
        stats,
      };
    }
    return {
      // The ledger has counted this one already.
      onOpen: (peer) => {
        if (held() <= most) return;
        turnedAway++;
        leaving.add(peer);
        peer.close(TRY_AGAIN_LATER, 'try again later');
      },
      // What was sent before the close frame came.
      onMessage: (peer) => leaving.size > 0 && leaving.has(peer),
      onClose: (peer) => {
        leaving.delete(peer);
      },
      stats,
    };
  };
}
