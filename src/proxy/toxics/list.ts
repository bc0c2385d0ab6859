import type { ProxyFaultSpec } from '../../scenario/faultSpec.js';
import { bandwidth } from './bandwidth.js';
import { blackhole } from './blackhole.js';
import { latency } from './latency.js';
import { refuse } from './refuse.js';
import { reset } from './reset.js';
import { slowAccept } from './slowAccept.js';
import type { Toxic } from './toxic.js';

/** Every fault that the proxy can do. */
export function createToxic(fault: ProxyFaultSpec): Toxic {
  switch (fault.kind) {
    case 'refuse':
      return refuse();
    case 'reset':
      return reset(fault.share);
    case 'blackhole':
      return blackhole(fault.share);
    case 'latency':
      return latency(fault.share, fault.delayUs, fault.jitterUs);
    case 'bandwidth':
      return bandwidth(fault.share, fault.bytesPerSecond);
    case 'slow-accept':
      return slowAccept(fault.perSecond);
  }
}
