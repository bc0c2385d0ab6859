import type { CreateDialect, Dialect, DialectEvent } from '../../src/dialects/dialect.js';

const NOTHING = new Uint8Array(0);

/** The connection that receives. */
const CONNECTION = 3;

export interface Listening {
  readonly dialect: Dialect;
  /** Passes a payload to the dialect as part of a larger buffer; returns what it made of it. */
  receive(payload: Uint8Array | string, before?: Uint8Array, after?: Uint8Array): Heard[];
  /** What came since the last call. */
  events(): Heard[];
  /** What the dialect sent by itself since the last call. */
  sent(): Sent[];
}

/** An event, with the message that it is about read out while that was valid. */
interface Heard extends Pick<DialectEvent, 'kind' | 'sequence' | 'text'> {
  readonly connection: number;
  readonly message: string;
}

interface Sent {
  readonly connection: number;
  readonly message: string;
  readonly binary: boolean;
}

/** A dialect for connections 0 to 9 whose events are kept. */
export function listening(create: CreateDialect, binary = false): Listening {
  const heard: Heard[] = [];
  const messages: Sent[] = [];
  const dialect = create(10, {
    onDialectEvent(connection, { kind, sequence, text, buffer, start, end }) {
      heard.push({ connection, kind, sequence, text, message: buffer.toString('latin1', start, end) });
    },
    send(connection, message, isBinary) {
      messages.push({ connection, message: Buffer.from(message).toString('latin1'), binary: isBinary });
      return true;
    },
  });
  const events = () => heard.splice(0);
  return {
    dialect,
    receive(payload, before = NOTHING, after = NOTHING) {
      const bytes = Buffer.from(payload);
      const buffer = Buffer.concat([before, bytes, after]);
      dialect.receive(CONNECTION, buffer, before.length, before.length + bytes.length, binary, 1000);
      return events();
    },
    events,
    sent: () => messages.splice(0),
  };
}
