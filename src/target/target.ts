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
  /** A reference server's own ledger, when it counts no connection as open any more or after two seconds; else null. */
  counts(): Promise<TargetCounts | null>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Where the output of the target's process goes. */
  readonly logFile: string;
  /** How long a `url` target may take until it accepts, in us; 0 asks once. */
  readonly waitUs: number;
  /** The ramp has plateaus to measure memory on: a reference server is to keep its own noise down. */
  readonly measuresMemory: boolean;
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
