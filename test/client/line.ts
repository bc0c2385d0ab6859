import { engines } from '../../src/client/engines.js';
import type {
  Client,
  ClientConnection,
  ClientListener,
  ClientSettings,
  Close,
  Failure,
  Handshake,
  OpenRequest,
} from '../../src/client/types.js';

export type EngineName = keyof typeof engines;
export const engineNames: readonly EngineName[] = ['fast', 'ws'];

interface Heard {
  open: Handshake;
  failed: Failure;
  message: { payload: Buffer; binary: boolean };
  ping: null;
  pong: Buffer;
  closed: Close;
}
interface HeardEvent<K extends keyof Heard = keyof Heard> {
  readonly kind: K;
  readonly value: Heard[K];
  readonly atUs: number;
}

export interface LineOptions {
  /** For the Host header, without the port; default localhost. */
  readonly hostname?: string;
  readonly settings?: Partial<ClientSettings>;
  readonly request?: Partial<OpenRequest>;
  /** Called inside the listener, as the owner of a connection would act. */
  readonly onEvent?: (line: Line, kind: keyof Heard) => void;
}

const CONNECTION = 17;

/** One connection of one client, and what was heard of it, in order. */
export class Line implements ClientListener {
  readonly client: Client;
  connection: ClientConnection;
  private readonly request: OpenRequest;
  readonly events: HeardEvent[] = [];
  private next = 0;
  private awake: () => void = () => {};
  private readonly onEvent: LineOptions['onEvent'];

  constructor(
    engine: EngineName,
    port: number,
    { hostname = 'localhost', settings, request, onEvent }: LineOptions = {},
  ) {
    this.onEvent = onEvent;
    this.client = engines[engine](
      {
        tls: null,
        compression: null,
        handshakeTimeoutUs: 20_000_000,
        closeTimeoutUs: 20_000_000,
        maxMessageBytes: 8 * 1024 * 1024,
        ...settings,
      },
      this,
    );
    const endpoint = { address: '127.0.0.1', port, host: `${hostname}:${port}` };
    this.request = {
      endpoint,
      path: '/',
      headers: {},
      subprotocols: [],
      localAddress: null,
      localPort: null,
      ...request,
    };
    this.connection = this.open();
  }

  private open(): ClientConnection {
    const connection = this.client.open(CONNECTION, this.request);
    if (this.events.length > 0) throw new Error('an event came during open');
    return connection;
  }

  /** Opens once more with the same client and forgets what was heard before. */
  reopen(): this {
    this.events.length = 0;
    this.next = 0;
    this.connection = this.open();
    return this;
  }

  /** The next event of this kind, now or when it comes; what lies before it is passed over. */
  async until<K extends keyof Heard>(kind: K): Promise<Heard[K]> {
    for (;;) {
      for (const event of this.events.slice(this.next)) {
        this.next++;
        if (isKind(event, kind)) return event.value;
        if (event.kind === 'failed' || event.kind === 'closed') {
          throw new Error(`no ${kind}, but ${JSON.stringify(event)}`);
        }
      }
      await new Promise<void>((resolve) => {
        this.awake = resolve;
      });
    }
  }

  private hear(connection: number, event: HeardEvent): void {
    const last = this.events.at(-1)?.kind;
    const opens = event.kind === 'open' || event.kind === 'failed';
    if (connection !== CONNECTION) throw new Error(`an event for connection ${connection}`);
    if (opens !== (last === undefined)) throw new Error(`${event.kind} after ${last}`);
    if (last === 'failed' || last === 'closed') throw new Error(`${event.kind} after ${last}`);
    if (!Number.isInteger(event.atUs)) throw new Error(`${event.kind} at ${event.atUs}`);
    this.events.push(event);
    this.onEvent?.(this, event.kind);
    this.awake();
  }

  onOpen(connection: number, value: Handshake, atUs: number): void {
    this.hear(connection, { kind: 'open', value, atUs });
  }
  onFailed(connection: number, value: Failure, atUs: number): void {
    this.hear(connection, { kind: 'failed', value, atUs });
  }
  onMessage(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    binary: boolean,
    atUs: number,
  ): void {
    const payload = Buffer.from(buffer.subarray(start, end));
    this.hear(connection, { kind: 'message', value: { payload, binary }, atUs });
  }
  onPing(connection: number, atUs: number): void {
    this.hear(connection, { kind: 'ping', value: null, atUs });
  }
  onPong(connection: number, buffer: Buffer, start: number, end: number, atUs: number): void {
    this.hear(connection, { kind: 'pong', value: Buffer.from(buffer.subarray(start, end)), atUs });
  }
  onClosed(connection: number, value: Close, atUs: number): void {
    this.hear(connection, { kind: 'closed', value, atUs });
  }
}

function isKind<K extends keyof Heard>(event: HeardEvent, kind: K): event is HeardEvent<K> {
  return event.kind === kind;
}
