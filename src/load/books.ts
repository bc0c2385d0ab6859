import type { Client, Close, Failure, Handshake } from '../client/types.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter, PopulationRecorder } from '../metrics/recorder.js';
import { isDrop } from '../metrics/snapshot.js';

/** What is written down about the connections of one population. */
export class PopulationBooks {
  readonly messagesSent: Counter;
  readonly messagesReceived: Counter;
  readonly pingsSent: Counter;
  readonly pingsReceived: Counter;
  readonly pongsReceived: Counter;
  readonly dialectErrors: Counter;
  readonly ready: IntervalHistogram;
  private readonly tcp: IntervalHistogram;
  private readonly tls: IntervalHistogram;
  private readonly upgrade: IntervalHistogram;
  private readonly total: IntervalHistogram;
  private bytesSent = 0;
  private bytesReceived = 0;

  constructor(private readonly recorder: PopulationRecorder) {
    this.messagesSent = recorder.counter('messages.sent');
    this.messagesReceived = recorder.counter('messages.received');
    this.pingsSent = recorder.counter('pings.sent');
    this.pingsReceived = recorder.counter('pings.received');
    this.pongsReceived = recorder.counter('pongs.received');
    this.dialectErrors = recorder.counter('dialect.errors');
    this.ready = recorder.histogram('handshake.ready');
    this.tcp = recorder.histogram('handshake.tcp');
    this.tls = recorder.histogram('handshake.tls');
    this.upgrade = recorder.histogram('handshake.upgrade');
    this.total = recorder.histogram('handshake.total');
  }

  attempted(atUs: number): void {
    this.recorder.counter('connections.attempted').value++;
    this.recorder.attempt(atUs);
  }

  opened(handshake: Handshake, again: boolean, atUs: number): void {
    this.recorder.counter('connections.opened').value++;
    this.recorder.counter(again ? 'connections.reconnected' : 'connections.firstOpened').value++;
    this.recorder.open(atUs);
    this.tcp.record(handshake.tcpUs);
    if (handshake.tlsUs !== null) this.tls.record(handshake.tlsUs);
    this.upgrade.record(handshake.upgradeUs);
    this.total.record(handshake.totalUs);
  }

  failed(failure: Failure, atUs: number): void {
    this.recorder.counter('connections.failed').value++;
    this.recorder.failure(failure, atUs);
  }

  /** The connection is open, and yet of no use: no attempt has failed for it. */
  refused(failure: Failure, atUs: number): void {
    this.recorder.failure(failure, atUs);
  }

  closed(close: Close, atUs: number): void {
    if (isDrop(close)) this.recorder.counter('connections.dropped').value++;
    this.recorder.close(close, atUs);
  }

  countBytes(client: Client): void {
    this.recorder.counter('bytes.sent').value += client.bytesSent - this.bytesSent;
    this.recorder.counter('bytes.received').value += client.bytesReceived - this.bytesReceived;
    this.bytesSent = client.bytesSent;
    this.bytesReceived = client.bytesReceived;
  }
}
