/** What is done to the server or to the network, in base units. A share is 0 to 1, 0 excluded. */
export type FaultSpec =
  | KillTargetSpec
  | RestartTargetSpec
  | DisconnectSpec
  | CommandFaultSpec
  | ProxyFaultSpec;

export interface KillTargetSpec {
  readonly kind: 'kill-target';
  /** From the kill until it is started again. */
  readonly downUs: number;
}

export interface RestartTargetSpec {
  readonly kind: 'restart-target';
  /** From SIGTERM until it is started again, at the earliest: it has to have ended. */
  readonly downUs: number;
  /** SIGKILL follows SIGTERM after this. */
  readonly graceUs: number;
}

export interface DisconnectSpec {
  readonly kind: 'disconnect';
  readonly share: number;
  /** Close frame by the server, RST or FIN by the server or the proxy, or closed by the clients. */
  readonly how: 'server-close' | 'reset' | 'fin' | 'client-close';
  /** For `server-close`. */
  readonly code: number;
}

export interface CommandFaultSpec {
  readonly kind: 'command';
  /** Program and arguments; no shell. */
  readonly run: readonly string[];
  readonly timeoutUs: number;
}

/** By the proxy before the target, for `forUs`, while the timeline goes on. */
export type ProxyFaultSpec =
  | { readonly kind: 'refuse'; readonly forUs: number }
  | { readonly kind: 'reset'; readonly forUs: number; readonly share: number }
  | { readonly kind: 'blackhole'; readonly forUs: number; readonly share: number }
  | {
      readonly kind: 'latency';
      readonly forUs: number;
      readonly share: number;
      readonly delayUs: number;
      /** Added: uniform from 0 to this. */
      readonly jitterUs: number;
    }
  | {
      readonly kind: 'bandwidth';
      readonly forUs: number;
      readonly share: number;
      /** In each direction of each connection. */
      readonly bytesPerSecond: number;
    }
  | { readonly kind: 'slow-accept'; readonly forUs: number; readonly perSecond: number };

export type FaultKind = FaultSpec['kind'];
