import type { TargetCounts, TargetResult } from '../result/targetRecord.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { startCommand } from './command.js';
import { startServer } from './server.js';
import { attachUrl } from './url.js';

/** The server under test. What wsherd started, it ends, with all its children. */
export interface RunningTarget {
  readonly kind: TargetResult['kind'];
  /** In words: the URL, the reference server's name, or the command line. */
  readonly name: string;
  /** Where to connect: `ws:` or `wss:`, with the path. */
  readonly url: URL;
  /** The literal address that the URL's name stands for: the only one that is connected to. */
  readonly address: string;
  /** How long its resolution took; null for a literal address. */
  readonly dnsUs: number | null;
  /** The certificate that a reference server made for itself, as PEM. */
  readonly ca: string | null;
  /** True when it runs on this machine. */
  readonly local: boolean;
  /** The processes to watch; their children are watched too. */
  pids(): readonly number[];
  /** The ledger of every instance of a reference server so far, the present one last and as soon as it counts no
   * connection as open any more or after two seconds; empty for other targets. */
  ledgers(): Promise<readonly InstanceLedger[]>;
  /** Null for a target that wsherd did not start, and so can neither end nor start again. */
  readonly lifecycle: TargetLifecycle | null;
  /** Null unless the target is a reference server. Resolves with how many connections it has ended. */
  readonly disconnect: ((order: DisconnectOrder) => Promise<number>) | null;
  stop(): Promise<void>;
}

/** Ends the target's process and starts it again, on the same port. */
export interface TargetLifecycle {
  /** How long the first start took, until it accepted connections, in us. */
  readonly startedInUs: number;
  /** With SIGTERM, SIGKILL follows after `graceUs`. Resolves when it has ended, with all its children. */
  end(signal: 'SIGTERM' | 'SIGKILL', graceUs: number): Promise<void>;
  /** Resolves when it accepts connections again; throws `TargetError` when it does not. */
  startAgain(): Promise<void>;
}

export interface DisconnectOrder {
  readonly share: number;
  readonly how: 'server-close' | 'reset' | 'fin';
  readonly code: number;
}

/** What one instance of a reference server has counted. */
export interface InstanceLedger {
  readonly counts: TargetCounts;
  /** True: it was killed, and this is what it had written down a few milliseconds before. */
  readonly killed: boolean;
}

export interface StartOptions {
  /** Where the output of the target's process goes. */
  readonly logFile: string;
  /** How long a `url` target may take until it accepts, in us; 0 asks once. */
  readonly waitUs: number;
  /** The ramp has plateaus to measure memory on: a reference server is to keep its own noise down. */
  readonly measuresMemory: boolean;
  /** Default false. A fault is going to end it: a reference server keeps its ledger on file, and a port it finds again. */
  readonly keepsLedger?: boolean;
  /** From the command line: `host` or `host:port` that may be tested though it is not on the loopback interface. */
  readonly allowTargets: readonly string[];
  /** Called when a target that wsherd started ends by itself; `how` says with what code or signal. */
  readonly onExit: (how: string) => void;
  /** Aborted: waits for the target no longer. */
  readonly interrupt?: AbortSignal;
}

/** Starts or finds the target and waits until it accepts TCP connections; throws `TargetError`. */
export function startTarget(spec: TargetSpec, options: StartOptions): Promise<RunningTarget> {
  switch (spec.kind) {
    case 'url':
      return attachUrl(spec, options);
    case 'server':
      return startServer(spec, options);
    case 'command':
      return startCommand(spec, options);
  }
}
