import type { CreateDialect, Dialect, DialectEvent } from '../../src/dialects/dialect.js';

const NOTHING = new Uint8Array(0);

export interface Listening {
  readonly dialect: Dialect;
  /** Passes a payload to the dialect as part of a larger buffer; returns what it made of it. */
  receive(payload: Uint8Array, before?: Uint8Array, after?: Uint8Array): DialectEvent[];
  /** What came since the last call. */
  events(): DialectEvent[];
}

/** A dialect for connections 0 to 9 whose events are kept. */
export function listening(create: CreateDialect, binary = false): Listening {
  let heard: DialectEvent[] = [];
  const dialect = create(10, {
    onDialectEvent: (_connection, event) => heard.push({ ...event }),
  });
  function events(): DialectEvent[] {
    const since = heard;
    heard = [];
    return since;
  }
  return {
    dialect,
    receive(payload, before = NOTHING, after = NOTHING) {
      const buffer = Buffer.concat([before, payload, after]);
      dialect.receive(3, buffer, before.length, before.length + payload.length, binary, 1000);
      return events();
    },
    events,
  };
}
