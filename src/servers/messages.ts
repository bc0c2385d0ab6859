import type { Disconnection } from './disconnect.js';
import type { ServerSetUp } from './reference.js';

/** What the process of a reference server tells the process that forked it. */
export type ServerMessage = ReadyMessage | FailedMessage | DisconnectedMessage;

/** It listens. */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly port: number;
  readonly scheme: 'ws' | 'wss';
  /** The certificate to trust, as PEM; null without TLS. */
  readonly ca: string | null;
}

/** It could not start, and exits. */
interface FailedMessage {
  readonly kind: 'failed';
  readonly message: string;
}

/** It has begun to end that many connections. */
interface DisconnectedMessage {
  readonly kind: 'disconnected';
  /** Of the order that this answers. */
  readonly id: number;
  readonly connections: number;
}

/** The third argument of a server's process that awaits a `SetUpOrder` before it starts, and then takes orders. */
export const ATTENDED = 'attended';

/** What the process of an attended server is told by IPC. */
export type ServerOrder = SetUpOrder | DisconnectOrder;

/** Comes first, and this way, because arguments and environments can be read by others. */
export interface SetUpOrder extends ServerSetUp {
  readonly kind: 'set-up';
}

interface DisconnectOrder extends Disconnection {
  readonly kind: 'disconnect';
  readonly id: number;
}
