import type { ChildProcess } from 'node:child_process';
import type { NumberedOrder, ProxyAnswer, ProxyMessage, ProxyOrder } from './messages.js';

interface Waiting {
  resolve(answer: ProxyAnswer): void;
  reject(error: Error): void;
}

/** Gives orders to the process of the proxy and hears its answers. */
export class ProxyOrders {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private ended = false;

  constructor(private readonly child: ChildProcess) {
    child.on('message', (message: ProxyMessage) => {
      if (message.kind === 'answer') this.settle(message.id, message.answer);
    });
    child.once('exit', () => {
      this.ended = true;
      for (const id of [...this.waiting.keys()]) this.settle(id, hasEnded);
    });
  }

  /** Resolves with what the proxy answers; throws when it could not do it, or has ended. */
  give(order: ProxyOrder): Promise<ProxyAnswer> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (this.ended) this.settle(id, hasEnded);
      // An order that cannot be sent is one to a process that is about to have ended.
      else this.child.send({ id, order } satisfies NumberedOrder, () => {});
    });
  }

  private settle(id: number, answer: ProxyAnswer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (answer.kind === 'failed') waiting?.reject(new Error(answer.message));
    else waiting?.resolve(answer);
  }
}

const hasEnded: ProxyAnswer = { kind: 'failed', message: 'the fault proxy has ended' };
