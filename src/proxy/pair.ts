import { Socket } from 'node:net';
import { nowUs } from '../clock.js';
import { Answer } from './answer.js';
import { endSocket } from './endings.js';
import { Flow } from './flow.js';
import type { Ledger } from './ledger.js';
import type { EndKind, ProxySettings } from './messages.js';
import type { Valve } from './valve.js';

/** What a connection needs of the proxy that it belongs to. */
export interface PairContext {
  readonly settings: ProxySettings;
  readonly ledger: Ledger;
  /** False: the target is down, so that the end of a connection says nothing about what it has noticed. */
  isTargetUp(): boolean;
  onConnectFailed(error: NodeJS.ErrnoException): void;
  onGone(pair: Pair): void;
}

type Side = 'client' | 'target';

/** One connection of a client and the one to the target that answers to it. */
export class Pair {
  private readonly target = new Socket({ allowHalfOpen: true });
  private readonly toTarget: Flow;
  private readonly toClient: Flow;
  private readonly answer: Answer;
  private readonly ended: Record<Side, boolean> = { client: false, target: false };
  private closedSides = 0;
  /** It has been told to connect to the target. */
  private started = false;
  /** The proxy has ended it. */
  private over = false;
  private silentSinceUs: number | null = null;

  constructor(
    private readonly client: Socket,
    private readonly context: PairContext,
  ) {
    this.answer = new Answer(context.ledger, context.settings.secure);
    this.toTarget = new Flow(client, this.target);
    this.toClient = new Flow(this.target, client);
    client.on('data', (chunk) => this.toTarget.take(chunk));
    client.on('drain', () => this.toClient.pump());
    client.on('end', () => this.sideEnded('client', 'fin'));
    client.on('error', () => this.sideEnded('client', 'reset'));
    client.on('close', () => this.sideClosed(this.toClient));
    this.target.on('data', (chunk) => {
      this.answer.read(chunk);
      this.toClient.take(chunk);
    });
    this.target.on('drain', () => this.toTarget.pump());
    this.target.on('end', () => this.sideEnded('target', 'fin'));
    this.target.on('error', (error: NodeJS.ErrnoException) => this.targetFailed(error));
    this.target.on('close', () => this.sideClosed(this.toTarget));
  }

  /** Neither side nor the proxy has ended it. */
  get isOpen(): boolean {
    return !this.over && !this.ended.client && !this.ended.target;
  }

  /** Connects to the target. One that is silent does so when it is silent no longer. */
  start(): void {
    if (this.over || this.silentSinceUs !== null) return;
    this.started = true;
    const { address, port } = this.context.settings.upstream;
    this.target.setNoDelay(true).connect({ host: address, port, autoSelectFamily: false });
  }

  setValves(toTarget: Valve, toClient: Valve): void {
    this.toTarget.setValve(toTarget);
    this.toClient.setValve(toClient);
  }

  removeValves(kind: Valve['kind']): void {
    this.toTarget.removeValve(kind);
    this.toClient.removeValve(kind);
  }

  /** Ends it as a fault, towards both sides; counts that. */
  cut(how: EndKind): void {
    if (this.over) return;
    if (this.answer.isThere) this.context.ledger.dropped++;
    else this.context.ledger.cutOff++;
    this.end(how);
  }

  /** @param valve Lets nothing pass. */
  silence(valve: Valve): void {
    if (this.silentSinceUs === null) {
      this.silentSinceUs = nowUs();
      this.context.ledger.blackholed++;
    }
    this.setValves(valve, valve);
  }

  /**
   * What was held back goes on. But a side that has ended meanwhile knows nothing of the other any more: what the
   * other one sends would be answered with RST.
   */
  unsilence(kind: Valve['kind']): void {
    if (this.silentSinceUs === null) return;
    this.silentSinceUs = null;
    if (this.over) return;
    if (this.toClient.holdsEnd) this.cut('reset');
    else if (this.toTarget.holdsEnd) this.end('reset');
    else {
      if (!this.started) this.start();
      this.removeValves(kind);
    }
  }

  private sideEnded(side: Side, how: EndKind): void {
    if (this.over) return;
    (side === 'client' ? this.toTarget : this.toClient).end(how);
    // A reset may follow a FIN.
    if (this.ended[side]) return;
    this.ended[side] = true;
    if (this.silentSinceUs === null) return;
    if (side === 'target' && this.context.isTargetUp()) {
      this.context.ledger.noticedByTargetUs.push(nowUs() - this.silentSinceUs);
    }
    // Nobody is left to hear from the other, or ever was: the descriptors are free for others.
    if ((this.ended.client && this.ended.target) || !this.started) this.end('fin');
  }

  private targetFailed(error: NodeJS.ErrnoException): void {
    if (error.syscall !== 'connect') {
      this.sideEnded('target', 'reset');
    } else if (!this.over) {
      this.end('reset');
      this.context.onConnectFailed(error);
    }
  }

  private end(how: EndKind): void {
    this.over = true;
    this.toTarget.stop();
    this.toClient.stop();
    endSocket(this.client, how);
    endSocket(this.target, how);
  }

  /** @param towardsIt The way to the side that has closed: what is still to go there is of no use. */
  private sideClosed(towardsIt: Flow): void {
    this.closedSides++;
    if (this.closedSides === 2) this.context.onGone(this);
    else towardsIt.pump();
  }
}
