import { type ChildProcess, fork } from 'node:child_process';
import { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AcceptorMessage, AcceptorOrder } from './acceptor.js';

const ENTRY = fileURLToPath(new URL('./acceptor.js', import.meta.url));
/** The acceptor hears of nothing while it sleeps between two accepts. */
const HAND_BACK_MS = 2000;

interface AcceptorListener {
  onConnection(socket: Socket): void;
  /** It has ended by itself, and with it nobody listens. */
  onDeath(): void;
}

/**
 * A process that accepts connections at a bounded rate and hands them over. It has to be one of its own: Node cannot
 * put off accept() in a process that serves, so this one sleeps between two of them.
 */
export class SlowAcceptor {
  private isAccepting = false;

  private constructor(
    private readonly child: ChildProcess,
    listener: AcceptorListener,
  ) {
    // It may sleep on after this process has ended, and hold the port.
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => {
      process.off('exit', killWithUs);
      if (this.isAccepting) listener.onDeath();
    });
    child.on('message', (_message: AcceptorMessage, handle: unknown) => {
      if (handle instanceof Socket) listener.onConnection(asAccepted(handle));
    });
  }

  /** Resolves when it accepts from the queue of `server`, too: the caller is to close that. */
  static async start(server: Server, perSecond: number, listener: AcceptorListener): Promise<SlowAcceptor> {
    const child = fork(ENTRY, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const acceptor = new SlowAcceptor(child, listener);
    // A server that came before there is anybody to take it would accept connections and lose them.
    await acceptor.next('started');
    const accepting = acceptor.next('accepting');
    const order: AcceptorOrder = { kind: 'accept', perSecond };
    child.send(order, server);
    await accepting;
    acceptor.isAccepting = true;
    return acceptor;
  }

  /**
   * Resolves with a server that listens in its place, with nobody refused in between; or with null, when it did not
   * give that back in time and was ended, so that the kernel has reset whoever was in the queue.
   */
  async handBack(): Promise<Server | null> {
    this.isAccepting = false;
    const handedBack = this.next('handed-back').catch(() => null);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), HAND_BACK_MS);
    const order: AcceptorOrder = { kind: 'hand-back' };
    if (this.child.connected) this.child.send(order);
    const handle = await handedBack;
    clearTimeout(timer);
    return handle instanceof Server ? handle : null;
  }

  /** Nobody listens any more when it resolves. */
  async kill(): Promise<void> {
    this.isAccepting = false;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  /** The next message of this kind: resolves with the handle that came with it. */
  private next(kind: AcceptorMessage['kind']): Promise<unknown> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error('the process of slow-accept has ended'));
      child.once('exit', onExit);
      child.on('message', function onMessage(message: AcceptorMessage, handle: unknown) {
        if (message.kind !== kind) return;
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(handle);
      });
      child.once('error', reject);
    });
  }
}

/** As our own server would have made it. */
function asAccepted(socket: Socket): Socket {
  socket.allowHalfOpen = true;
  return socket.setNoDelay(true);
}
