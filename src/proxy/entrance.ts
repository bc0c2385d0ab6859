import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from '../clock.js';
import { SlowAcceptor } from './slowAcceptor.js';

export const LOOPBACK = '127.0.0.1';

/** As long as the kernel lets it be: the proxy is not to be what overflows. */
const BACKLOG = 4096;
/** How long connections may go on coming in before the entrance closes on them. */
const LAST_CALL_US = 1_000_000;

/** Why nobody is let in. */
export type Bar = 'refuse' | 'target-down';

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly server: Server }
  | { readonly kind: 'slow'; readonly acceptor: SlowAcceptor; readonly perSecond: number };

/** Where clients connect: listens on one port of the loopback interface, except while there is a reason not to. */
export class Entrance {
  private state: State = { kind: 'closed' };
  private readonly bars = new Set<Bar>();
  /** Connections to accept in a second; null: as they come. */
  private perSecond: number | null = null;
  private listeningPort = 0;
  private accepted = 0;
  /** One change at a time. */
  private changes: Promise<void> = Promise.resolve();

  constructor(private readonly onConnection: (socket: Socket) => void) {}

  /** The same for its whole life, from its first opening on. */
  get port(): number {
    return this.listeningPort;
  }

  open(): Promise<void> {
    return this.change();
  }

  /** Refuses everybody, for this reason beside others. */
  bar(reason: Bar): Promise<void> {
    this.bars.add(reason);
    return this.change();
  }

  unbar(reason: Bar): Promise<void> {
    this.bars.delete(reason);
    return this.change();
  }

  setPace(perSecond: number | null): Promise<void> {
    this.perSecond = perSecond;
    return this.change();
  }

  /** Brings about what is wanted by the time that this change's turn has come. */
  private change(): Promise<void> {
    const changed = this.changes.then(async () => {
      if (this.bars.size > 0) await this.shut();
      else if (this.perSecond === null) await this.openWide();
      else await this.openSlowly(this.perSecond);
    });
    this.changes = changed.catch(() => {});
    return changed;
  }

  private async shut(): Promise<void> {
    const { state } = this;
    if (state.kind === 'open') await this.lastCall();
    this.state = { kind: 'closed' };
    if (state.kind === 'open') state.server.close();
    else if (state.kind === 'slow') await state.acceptor.kill();
  }

  private async openWide(): Promise<Server> {
    const { state } = this;
    if (state.kind === 'open') return state.server;
    const handedBack = state.kind === 'slow' ? await state.acceptor.handBack() : null;
    const server = await this.listen(handedBack);
    this.state = { kind: 'open', server };
    return server;
  }

  private async openSlowly(perSecond: number): Promise<void> {
    if (this.state.kind === 'slow' && this.state.perSecond === perSecond) return;
    const server = await this.openWide();
    const acceptor = await SlowAcceptor.start(server, perSecond, {
      onConnection: (socket) => this.admit(socket),
      onDeath: () => this.acceptorDied(acceptor),
    });
    this.state = { kind: 'slow', acceptor, perSecond };
    server.close();
  }

  /** @param other A server that listens on our port already and is replaced by ours, or null. */
  private listen(other: Server | null): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.admit(socket));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', () => {
        const address = server.address();
        if (address !== null && typeof address !== 'string') this.listeningPort = address.port;
        resolve(server);
      });
      if (other !== null) server.listen(other, BACKLOG);
      else server.listen({ port: this.listeningPort, host: LOOPBACK, backlog: BACKLOG });
    });
  }

  private admit(socket: Socket): void {
    this.accepted++;
    this.onConnection(socket);
  }

  /**
   * The kernel would reset what waits in its queue, and nobody would have counted it: takes that in first. Node accepts
   * one connection a turn of its loop, so that a turn without any says that there was none.
   */
  private async lastCall(): Promise<void> {
    const untilUs = nowUs() + LAST_CALL_US;
    let before = -1;
    await nextTurn();
    while (this.accepted !== before && nowUs() < untilUs) {
      before = this.accepted;
      await nextTurn();
    }
  }

  private acceptorDied(acceptor: SlowAcceptor): void {
    if (this.state.kind !== 'slow' || this.state.acceptor !== acceptor) return;
    this.state = { kind: 'closed' };
    void this.change();
  }
}
