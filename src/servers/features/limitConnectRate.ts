import { nowUs } from '../../clock.js';
import type { Feature } from '../feature.js';
import type { RateOptions } from '../rateOptions.js';
import { TokenBucket } from '../tokenBucket.js';

/**
 * Refuses upgrades that come faster than the server takes them. By 503, as nginx does (`limit_req_status`): 429 tells a client
 * that it has sent too much itself (RFC 6585, section 4), and this bucket is everybody's.
 */
export function limitConnectRate(rate: RateOptions): Feature {
  return ({ refuse }) => {
    const bucket = new TokenBucket(rate);
    let throttled = 0;
    return {
      onUpgrade: (_, socket) => {
        const waitUs = bucket.take(nowUs());
        if (waitUs === 0) return 'none';
        throttled++;
        const headers = { 'Retry-After': String(Math.ceil(waitUs / 1_000_000)) };
        refuse(socket, { status: 503, headers, body: `No more than ${rate.perSecond} connects a second.\n` });
        return 'done';
      },
      stats: () => ({ throttled }),
    };
  };
}
