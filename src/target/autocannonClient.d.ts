/**
 * The HTTP client of autocannon, which `@types/autocannon` does not know, as far as it is used here. autocannon itself
 * is that client with statistics: an instance of it holds 2 MB of histograms and takes 10 ms of CPU to end,
 * too much for a connection that is opened again ten times a second.
 */
declare module 'autocannon/lib/httpClient.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  interface ClientOptions {
    readonly protocol: 'http:' | 'https:';
    /** Where to connect. */
    readonly hostname: string;
    /** As text: under TLS the number 80 would become 443. */
    readonly port: string;
    /** The Host header. */
    readonly host: string;
    readonly path: string;
    readonly servername?: string;
    /** How long to wait for an answer, in seconds. */
    readonly timeout: number;
  }

  interface ClientEvents {
    /** About to be written. */
    request: [];
    headers: [head: { readonly shouldKeepAlive: boolean }];
    /** The next request follows when the listeners have returned. */
    response: [status: number];
    /** The connection could not be opened or was reset; a new one follows when the listeners have returned. */
    connError: [error: Error];
    /** The request had no answer in time; the next one is on its way, on a new connection. */
    timeout: [];
    done: [];
  }

  /** Connects as soon as it is made, and again and at once whenever its connection ends, until it is destroyed. */
  class Client extends EventEmitter<ClientEvents> {
    constructor(options: ClientOptions);
    /** The present connection. */
    readonly conn: Socket;
    /** Destroys itself instead of making more requests than this. */
    responseMax: number;
    destroy(): void;
  }

  export = Client;
}
