/**
 * Process entry: accepts connections at a bounded rate from the queue of a server that it is given, and hands them to
 * the process that forked it. Between two accepts it sleeps with its whole thread, so that whoever connects meanwhile
 * waits in the kernel's queue, and finds it full when it is.
 */
import { createServer, Server } from 'node:net';
import { nowUs } from '../clock.js';

export type AcceptorOrder =
  | { readonly kind: 'accept'; readonly perSecond: number }
  | { readonly kind: 'hand-back' };

export interface AcceptorMessage {
  /** `accepted` comes with a socket, `handed-back` with the server. */
  readonly kind: 'started' | 'accepting' | 'accepted' | 'handed-back';
}

/** What a careful server of its kind listens with; a larger one would never overflow here. */
const BACKLOG = 128;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let periodUs = 0;
let nextUs = 0;

// Data is for the process that serves: nothing is to be read here.
const server = createServer({ pauseOnConnect: true }, (socket) => {
  process.send?.({ kind: 'accepted' } satisfies AcceptorMessage, socket);
  // Counted from when it was due: what one sleep is too long by is taken from the next.
  nextUs = Math.max(nextUs, nowUs() - periodUs) + periodUs;
  Atomics.wait(sleeper, 0, 0, (nextUs - nowUs()) / 1000);
});

process.on('disconnect', () => process.exit());
process.on('message', (order: AcceptorOrder, given: unknown) => {
  if (order.kind === 'hand-back') handBack();
  else if (given instanceof Server) accept(given, order.perSecond);
});
tell('started');

function accept(given: Server, perSecond: number): void {
  periodUs = 1e6 / perSecond;
  // It listens already; to listen again on the same socket only makes its queue shorter.
  server.listen(given, BACKLOG, () => tell('accepting'));
}

function handBack(): void {
  periodUs = 0;
  process.send?.({ kind: 'handed-back' } satisfies AcceptorMessage, server, {}, () => {
    // What was accepted meanwhile is still to be handed over.
    server.close();
    process.disconnect();
  });
}

function tell(kind: AcceptorMessage['kind']): void {
  process.send?.({ kind } satisfies AcceptorMessage);
}
