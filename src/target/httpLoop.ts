/** Plain HTTP requests in a closed loop. The only importer of autocannon. */
/// <reference path="./autocannonClient.d.ts" />
import { isIP } from 'node:net';
import Client from 'autocannon/lib/httpClient.js';
import { nowUs } from '../clock.js';
import { hostOf, portOf } from './safety.js';
import type { RunningTarget } from './target.js';

/** Left alone, autocannon opens a refused connection again at once, and takes a whole core while the server is down. */
const REOPEN_MS = 100;

export interface HttpLoopOptions {
  /** Of the target's own host and port; its URL is `ws:` or `wss:`. */
  readonly path: string;
  readonly connections: number;
  /** From an answer to the next request on its connection. Without any, 4 connections send 50,000 requests a second. */
  readonly pauseUs: number;
  /** A request that is not answered by then has timed out. */
  readonly deadlineUs: number;
}

/** Each request is told of twice: when it is sent, and what came of it. */
export interface HttpLoopListener {
  onRequest(): void;
  /** `latencyUs` counts from the request, and from the attempt to connect for the first one of a connection. */
  onAnswer(status: number, latencyUs: number): void;
  /** Its connection could not be opened, or ended before the answer. */
  onError(): void;
  /** No answer within the deadline, or until the loop was stopped. */
  onTimeout(waitedUs: number): void;
}

/**
 * Sends HTTP requests to the target until it is stopped: on each connection the next one only when the last one is
 * answered, so that a stall of the server shows as one slow request per connection. A connection that ends, by whomever, is
 * opened again 100 ms later. Certificates are not verified: autocannon does not.
 */
export class HttpLoop {
  private readonly lanes: readonly Lane[];

  constructor(
    target: Pick<RunningTarget, 'url' | 'address'>,
    options: HttpLoopOptions,
    listener: HttpLoopListener,
  ) {
    this.lanes = Array.from({ length: options.connections }, () => new Lane(target, options, listener));
  }

  /** Sends nothing more. Resolves when nothing is under way any more; what is not answered in `graceUs` has timed out. */
  async stop(graceUs: number): Promise<void> {
    const stopped = Promise.all(this.lanes.map((lane) => lane.stop()));
    const timer = setTimeout(() => {
      for (const lane of this.lanes) lane.cutOff();
    }, graceUs / 1000);
    await stopped;
    clearTimeout(timer);
  }
}

/** One connection at a time, with one request at a time. */
class Lane {
  private client: Client | null = null;
  private reopening: NodeJS.Timeout | undefined;
  private pausing: NodeJS.Timeout | undefined;
  /** When the request under way was sent, or null without one. */
  private sentUs: number | null = null;
  private onStopped: (() => void) | null = null;

  constructor(
    private readonly target: Pick<RunningTarget, 'url' | 'address'>,
    private readonly options: HttpLoopOptions,
    private readonly listener: HttpLoopListener,
  ) {
    this.open();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.onStopped = resolve;
      clearTimeout(this.reopening);
      if (this.client === null) resolve();
      else if (this.sentUs === null) this.client.destroy();
    });
  }

  cutOff(): void {
    if (this.client !== null) this.timeOut(this.client);
  }

  private open(): void {
    const { url, address } = this.target;
    const host = hostOf(url);
    const client = new Client({
      protocol: url.protocol === 'wss:' ? 'https:' : 'http:',
      hostname: address,
      port: String(portOf(url)),
      host: url.host,
      path: this.options.path,
      timeout: this.options.deadlineUs / 1e6,
      ...(isIP(host) ? {} : { servername: host }),
    });
    this.client = client;
    // It has made its first request before anybody could listen.
    this.request();
    let keptAlive = true;
    client.on('request', () => this.request());
    client.on('headers', (head) => {
      keptAlive = head.shouldKeepAlive;
    });
    client.on('response', (status) => {
      this.answer(status);
      if (!keptAlive || this.onStopped !== null) client.responseMax = 1;
      else if (this.options.pauseUs > 0) this.pause(client);
    });
    client.on('timeout', () => this.timeOut(client));
    client.on('done', () => this.end());
    client.on('connError', () => client.destroy());
    // First in the row: autocannon's own listener would connect again.
    client.conn.prependListener('end', () => client.destroy());
  }

  /** Holds back the request that autocannon is about to write. */
  private pause({ conn }: Client): void {
    conn.cork();
    this.pausing = setTimeout(() => {
      this.pausing = undefined;
      this.request();
      conn.uncork();
    }, this.options.pauseUs / 1000);
  }

  private request(): void {
    // autocannon makes the next request before it tells that the last one has timed out.
    if (this.pausing !== undefined || this.sentUs !== null) return;
    this.sentUs = nowUs();
    this.listener.onRequest();
  }

  private answer(status: number): void {
    if (this.sentUs === null) return;
    const latencyUs = nowUs() - this.sentUs;
    this.sentUs = null;
    this.listener.onAnswer(status, latencyUs);
  }

  private timeOut(client: Client): void {
    if (this.sentUs !== null) this.listener.onTimeout(nowUs() - this.sentUs);
    this.sentUs = null;
    client.destroy();
  }

  private end(): void {
    if (this.sentUs !== null) this.listener.onError();
    this.sentUs = null;
    this.client = null;
    clearTimeout(this.pausing);
    this.pausing = undefined;
    if (this.onStopped !== null) this.onStopped();
    else this.reopening = setTimeout(() => this.open(), REOPEN_MS);
  }
}
