import { nowUs } from '../../clock.js';
import type { RateOptions } from '../chatOptions.js';
import type { Feature } from '../feature.js';
import type { Peer } from '../peer.js';

/** A token bucket. */
interface Allowance {
  messages: number;
  atUs: number;
}

/**
 * Refuses what one connection sends faster than it may, with `answer`: a connection saves up `burst` messages, and gets
 * back `perSecond`.
 */
export function limitRate({ perSecond, burst }: RateOptions, answer: string): Feature {
  return ({ ledger }) => {
    const allowances = new Map<Peer, Allowance>();

    function allowanceOf(peer: Peer, atUs: number): Allowance {
      const known = allowances.get(peer);
      if (known !== undefined) return known;
      const full = { messages: burst, atUs };
      allowances.set(peer, full);
      return full;
    }

    return {
      onMessage: (peer) => {
        const atUs = nowUs();
        const allowance = allowanceOf(peer, atUs);
        const regained = ((atUs - allowance.atUs) / 1_000_000) * perSecond;
        allowance.messages = Math.min(burst, allowance.messages + regained);
        allowance.atUs = atUs;
        if (allowance.messages >= 1) {
          allowance.messages--;
          return false;
        }
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
