/** What the process of a reference server tells the process that forked it. */
export type ServerMessage = ReadyMessage | FailedMessage;

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
