import type { ProxyCounts } from '../result/targetRecord.js';
import type { ProxyFaultSpec } from '../scenario/faultSpec.js';

/**
 * A TCP proxy before the target, in a process of its own, that can do to connections what a network does. It
 * knows nothing of WebSockets but the first bytes of an answer, which it counts. When its process has ended by
 * itself, what it is asked to do is rejected.
 */
export interface RunningProxy {
  /** Where to connect in place of the target. */
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the fault is in force. It takes the place of one of the same kind. */
  apply(fault: ProxyFaultSpec): Promise<void>;
  /** Resolves when it is no longer; does nothing to a later one that has taken its place. */
  lift(fault: ProxyFaultSpec): Promise<void>;
  /** Ends a share of the open connections towards the clients; resolves with how many. */
  disconnect(order: { readonly share: number; readonly how: 'reset' | 'fin' }): Promise<number>;
  /**
   * The target goes down or is up again: while it is down the proxy does not listen, so that attempts are refused
   * as they would be without it. To be told before the target is ended, and after it accepts again.
   */
  setUpstream(isUp: boolean): Promise<void>;
  /** Null when its process has ended by itself. */
  counts(): Promise<ProxyCounts | null>;
  stop(): Promise<void>;
}
