import type { Socket } from 'node:net';
import type { ProxyCounts } from '../result/targetRecord.js';
import type { ProxyFaultSpec } from '../scenario/faultSpec.js';
import { belongs } from '../share.js';
import { Entrance } from './entrance.js';
import { createLedger, ledgerReport } from './ledger.js';
import type { EndKind, ProxySettings } from './messages.js';
import { Pair, type PairContext } from './pair.js';
import { createToxic } from './toxics/list.js';
import type { ConnectionToxic, Toxic } from './toxics/toxic.js';
import { whenAccepting } from './upstreamProbe.js';

/** No descriptor or no port left in this process: no fault of the target. */
const OUR_OWN_LIMITS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EADDRINUSE']);

interface InForce {
  readonly toxic: Toxic;
  /** Connections accepted since it began: their share is of this sequence. */
  accepted: number;
}

/** The proxy itself: its connections, the faults in force and what it has counted. */
export class FaultProxy {
  /** Every connection with a socket that is not closed, in the order in which they came. */
  private readonly pairs = new Set<Pair>();
  private readonly inForce = new Map<ProxyFaultSpec['kind'], InForce>();
  private readonly ledger = createLedger();
  private readonly entrance = new Entrance((socket) => this.admit(socket));
  private readonly context: PairContext;
  private isTargetUp = true;
  private stopProbe: (() => void) | null = null;

  constructor(private readonly settings: ProxySettings) {
    this.context = {
      settings,
      ledger: this.ledger,
      isTargetUp: () => this.isTargetUp,
      onConnectFailed: (error) => this.onConnectFailed(error),
      onGone: (pair) => this.pairs.delete(pair),
    };
  }

  /** Resolves with the port on which it listens. */
  async open(): Promise<number> {
    await this.entrance.open();
    return this.entrance.port;
  }

  /** Takes the place of a fault of the same kind. */
  async apply(fault: ProxyFaultSpec): Promise<void> {
    const toxic = createToxic(fault);
    this.inForce.set(fault.kind, { toxic, accepted: 0 });
    if (toxic.on === 'entrance') await toxic.begin(this.entrance);
    else this.fallOn(toxic);
  }

  async lift(kind: ProxyFaultSpec['kind']): Promise<void> {
    const toxic = this.inForce.get(kind)?.toxic;
    if (toxic === undefined) return;
    this.inForce.delete(kind);
    if (toxic.on === 'entrance') await toxic.end(this.entrance);
    else for (const pair of this.pairs) toxic.release(pair);
  }

  /** @returns How many connections were ended. */
  disconnect(share: number, how: EndKind): number {
    const chosen = this.openPairs().filter((_, i) => belongs(i, share));
    for (const pair of chosen) pair.cut(how);
    return chosen.length;
  }

  /** Lets nobody in while the target is down. */
  async setUpstream(isUp: boolean): Promise<void> {
    this.isTargetUp = isUp;
    this.stopProbe?.();
    this.stopProbe = null;
    if (isUp) await this.entrance.unbar('target-down');
    else await this.entrance.bar('target-down');
  }

  counts(): ProxyCounts {
    return ledgerReport(this.ledger, this.settings.secure);
  }

  private openPairs(): Pair[] {
    return [...this.pairs].filter(({ isOpen }) => isOpen);
  }

  private fallOn(toxic: ConnectionToxic): void {
    const chosen = new Set(this.openPairs().filter((_, i) => belongs(i, toxic.share)));
    for (const pair of this.pairs) {
      if (chosen.has(pair)) toxic.take(pair);
      else toxic.release(pair);
    }
  }

  private admit(socket: Socket): void {
    this.ledger.accepted++;
    const pair = new Pair(socket, this.context);
    this.pairs.add(pair);
    for (const fault of this.inForce.values()) {
      const { toxic } = fault;
      const i = fault.accepted++;
      if (toxic.on === 'connections' && belongs(i, toxic.share)) toxic.take(pair);
    }
    pair.start();
  }

  private onConnectFailed({ code = '' }: NodeJS.ErrnoException): void {
    if (OUR_OWN_LIMITS.has(code)) {
      this.ledger.failedLocally++;
      return;
    }
    this.ledger.upstreamUnreachable++;
    if (code === 'ECONNREFUSED' && this.isTargetUp && this.stopProbe === null) this.awaitTarget();
  }

  /** Nobody has said that the target is down: it is, and is up again when it accepts. */
  private awaitTarget(): void {
    void this.entrance.bar('target-down');
    this.stopProbe = whenAccepting(this.settings.upstream, () => {
      this.stopProbe = null;
      void this.entrance.unbar('target-down');
    });
  }
}
