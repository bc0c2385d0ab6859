import type { FaultSpec } from '../scenario/faultSpec.js';
import type { Outage } from './storm.js';

/** What a fault does to connections, as far as the model knows it. */
export interface Effect {
  /** Of each population's connections, how many are lost when the fault begins: 0 to 1. */
  readonly share: number;
  /** Of the close frame that they end with; null without one. */
  readonly closeCode: number | null;
  readonly outage: Outage;
}

/** A server that is told to go says so: 1001, RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;

const NO_OUTAGE: Outage = { untilUs: 0, share: 0 };

/**
 * Null for faults that drop nobody by themselves (refuse, latency, bandwidth, slow-accept), that clients find out
 * about in their own time (blackhole), or whose doing is not known (command).
 */
export function effectOf(fault: FaultSpec, startUpUs: number | null): Effect | null {
  switch (fault.kind) {
    case 'kill-target':
      return { share: 1, closeCode: null, outage: restart(fault.downUs, startUpUs) };
    case 'restart-target':
      return { share: 1, closeCode: GOING_AWAY, outage: restart(fault.downUs, startUpUs) };
    case 'disconnect':
      return {
        share: fault.share,
        closeCode: fault.how === 'server-close' ? fault.code : null,
        outage: NO_OUTAGE,
      };
    case 'reset':
      return { share: fault.share, closeCode: null, outage: { untilUs: fault.forUs, share: fault.share } };
    default:
      return null;
  }
}

/** Whether a connection is of a share, by its number alone: of all together exactly the share, the rest rounded down. */
export function takesConnection(connection: number, share: number): boolean {
  return Math.floor((connection + 1) * share) > Math.floor(connection * share);
}

function restart(downUs: number, startUpUs: number | null): Outage {
  return { untilUs: startUpUs === null ? null : downUs + startUpUs, share: 1 };
}
