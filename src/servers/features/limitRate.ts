import { nowUs } from '../../clock.js';
import type { Feature } from '../feature.js';
import type { Peer } from '../peer.js';
import type { RateOptions } from '../rateOptions.js';
import { TokenBucket } from '../tokenBucket.js';

/**
 * Refuses what one connection sends faster than it may, with `answer`: a connection saves up `burst` messages, and gets
 * back `perSecond`.
 */
export function limitRate(rate: RateOptions, answer: string): Feature {
  return ({ ledger }) => {
    const allowances = new Map<Peer, TokenBucket>();

    function allowanceOf(peer: Peer): TokenBucket {
      const known = allowances.get(peer);
      if (known !== undefined) return known;
      const full = new TokenBucket(rate);
      allowances.set(peer, full);
      return full;
    }

    return {
      onMessage: (peer) => {
        if (allowanceOf(peer).take(nowUs()) === 0) return false;
        ledger.delivery.rejected++;
        peer.sendMessage(answer, false);
        return true;
      },
      onClose: (peer) => {
        allowances.delete(peer);
      },
    };
  };
}
