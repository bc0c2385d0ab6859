import type { TargetCounts, TargetResult } from '../result/targetRecord.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { makeCertificate } from '../servers/certificate.js';
import { startCommand } from './command.js';
import { findPage, type Insight } from './insight.js';
import { startInstances } from './instances.js';
import { ProbeSocket } from './probeSocket.js';
import { portOf } from './safety.js';
import { startServer } from './server.js';
import { attachUrl } from './url.js';

/** The server under test. What wsherd started, it ends, with all its children. */
export interface RunningTarget {
  readonly kind: TargetResult['kind'];
  /** In words: the URL, the reference server's name, or the command line. */
  readonly name: string;
  /** Where to connect: `ws:` or `wss:`, with the path; that of the first instance. */
  readonly url: URL;
  /** Of all instances, which differ in nothing but the port. */
  readonly urls: readonly URL[];
  /** The literal address that the URL's name stands for: the only one that is connected to. */
  readonly address: string;
  /** How long its resolution took; null for a literal address. */
  readonly dnsUs: number | null;
  /** The certificate that a reference server made for itself, as PEM. */
  readonly ca: string | null;
  /** True when it runs on this machine. */
  readonly local: boolean;
  /** The processes to watch; their children are watched too. */
  processes(): readonly RootProcess[];
  /** What a reference server has counted from each of its starts to its next, its instances together: of the present time last,
   * and as soon as no connection counts as open any more or after two seconds; empty for other targets. */
  ledgers(): Promise<readonly InstanceLedger[]>;
  /** Null for a target that wsherd did not start, and so can neither end nor start again. */
  readonly lifecycle: TargetLifecycle | null;
  /** Null unless the target is a reference server. Resolves with how many connections it has ended. */
  readonly disconnect: ((order: DisconnectOrder) => Promise<number>) | null;
  /** Absent where it is a stand-in for a target. */
  readonly insight?: Insight;
  stop(): Promise<void>;
}

/** A process that is the target, or one of its instances. */
export interface RootProcess {
  readonly pid: number;
  /** Where it listens; null where that is not known. */
  readonly port: number | null;
}

/** Ends the target's processes and starts them again, on the same ports. */
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

/** What a reference server has counted between two starts. */
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

/** What a target is started with, and where a probe in it finds wsherd; null where it does not. */
export interface LaunchOptions extends StartOptions {
  readonly probePath: string | null;
}

/**
 * Starts or finds the target and waits until it accepts TCP connections; throws `TargetError`, also when the metrics
 * page that it is to have cannot be read.
 */
export async function startTarget(spec: TargetSpec, options: StartOptions): Promise<RunningTarget> {
  const probe = spec.kind === 'url' ? null : await ProbeSocket.open();
  let target: RunningTarget | null = null;
  try {
    const started = await launch(spec, { ...options, probePath: probe?.path ?? null });
    target = started;
    const page = await findPage(spec, portOf(started.url), options.allowTargets);
    return {
      ...started,
      insight: { probe, page },
      async stop() {
        await started.stop();
        await probe?.close();
      },
    };
  } catch (error) {
    await target?.stop();
    await probe?.close();
    throw error;
  }
}

async function launch(spec: TargetSpec, options: LaunchOptions): Promise<RunningTarget> {
  switch (spec.kind) {
    case 'url':
      return attachUrl(spec, options);
    case 'server': {
      // One for all instances, because a client goes to any of them.
      const certificate = spec.options.tls === true ? await makeCertificate() : null;
      return startInstances(spec.instances, () => startServer(spec, certificate, options));
    }
    case 'command':
      return startInstances(spec.instances, () => startCommand(spec, options));
  }
}
