import type { Close, Failure } from '../client/types.js';
import { nowUs } from '../clock.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter, PopulationRecorder } from '../metrics/recorder.js';
import { Purpose } from '../patterns/pattern.js';
import { closeAction } from '../policies/close.js';
import { retryDelayUs } from '../policies/delay.js';
import { DRAWS_PER_RETRY, type ReconnectPolicy, type Retry } from '../policies/policy.js';
import type { Scheduler } from './scheduler.js';

/** Brings lost connections back as a policy says: state in arrays by connection, one entry in the scheduler for all. */
export class Reconnects {
  private readonly handler: number;
  /** Retries since the count began, and since the run began. */
  private readonly counts: Int32Array;
  private readonly serials: Int32Array;
  private readonly previousUs: Float64Array;
  private readonly lostUs: Float64Array;
  private readonly openedUs: Float64Array;
  /** When the attempt under way should have begun; NaN while there is none of ours. */
  private readonly intendedUs: Float64Array;
  private readonly retry: ConnectionRetry;
  private stopped = false;
  private readonly attempts: Counter;
  private readonly opens: Counter;
  private readonly failures: Counter;
  private readonly gaveUp: Counter;
  private readonly connectionsGaveUp: Counter;
  private readonly sendLag: IntervalHistogram;
  private readonly response: IntervalHistogram;

  constructor(
    connections: number,
    private readonly policy: ReconnectPolicy,
    private readonly scheduler: Scheduler,
    recorder: PopulationRecorder,
    random: (connection: number, purpose: number, k: number) => number,
    /** Makes an attempt; what comes of it is told by `onOpened` or `onFailed`. */
    private readonly open: (connection: number) => void,
  ) {
    this.counts = new Int32Array(connections);
    this.serials = new Int32Array(connections);
    this.previousUs = new Float64Array(connections);
    this.lostUs = new Float64Array(connections);
    this.openedUs = new Float64Array(connections);
    this.intendedUs = new Float64Array(connections).fill(Number.NaN);
    this.retry = new ConnectionRetry(random);
    this.handler = scheduler.register(this);
    this.attempts = recorder.counter('reconnect.attempts');
    this.opens = recorder.counter('reconnect.opens');
    this.failures = recorder.counter('reconnect.failures');
    this.gaveUp = recorder.counter('reconnect.gaveUp');
    this.connectionsGaveUp = recorder.counter('connections.gaveUp');
    this.sendLag = recorder.histogram('reconnect.sendLag');
    this.response = recorder.histogram('reconnect.response');
  }

  /** No attempt is made any more. */
  stop(): void {
    this.stopped = true;
  }

  onOpened(connection: number, atUs: number): void {
    const intendedUs = this.intendedUs[connection]!;
    this.openedUs[connection] = atUs;
    if (!Number.isNaN(intendedUs)) {
      this.opens.value++;
      this.response.record(atUs - intendedUs);
      this.intendedUs[connection] = Number.NaN;
    }
    if (this.policy.resetAfterUs === 0) this.beginCount(connection);
  }

  /** An open connection was lost. */
  onLost(connection: number, close: Close, atUs: number): void {
    if (this.stopped) return;
    if (atUs - this.openedUs[connection]! >= this.policy.resetAfterUs) this.beginCount(connection);
    this.lostUs[connection] = atUs;
    const action = closeAction(this.policy, codeFor(close));
    if (action === 'give-up') this.giveUp();
    else if (action === 'retry-at-once') this.attempt(connection, atUs, atUs);
    else this.retryLater(connection, 0, atUs);
  }

  onFailed(connection: number, failure: Failure, atUs: number): void {
    const wasRetry = !Number.isNaN(this.intendedUs[connection]!);
    if (wasRetry) {
      this.failures.value++;
      this.intendedUs[connection] = Number.NaN;
    } else this.lostUs[connection] = atUs;
    if (this.stopped) return;
    const leastUs = this.policy.waitsRetryAfter ? (failure.retryAfterUs ?? 0) : 0;
    this.retryLater(connection, leastUs, atUs);
  }

  onDue(connection: number, _k: number, dueUs: number, now: number): void {
    if (!this.stopped) this.attempt(connection, dueUs, now);
  }

  private retryLater(connection: number, leastUs: number, atUs: number): void {
    const { policy, retry } = this;
    const n = this.counts[connection]!;
    if (policy.attempts !== null && n >= policy.attempts) {
      this.giveUp();
      return;
    }
    retry.connection = connection;
    retry.n = n;
    retry.serial = this.serials[connection]!;
    retry.previousUs = this.previousUs[connection]!;
    retry.sinceLossUs = atUs - this.lostUs[connection]!;
    const drawnUs = retryDelayUs(policy.delay, retry);
    const delayUs = Math.max(leastUs, drawnUs);
    this.counts[connection] = n + 1;
    this.serials[connection]!++;
    this.previousUs[connection] = drawnUs;
    // Not by way of a timer: a client without delay tries again where it learns of the loss.
    if (delayUs === 0) this.attempt(connection, atUs, nowUs());
    else this.scheduler.schedule(this.handler, connection, 0, atUs + delayUs);
  }

  private attempt(connection: number, dueUs: number, now: number): void {
    this.attempts.value++;
    this.sendLag.record(now - dueUs);
    this.intendedUs[connection] = dueUs;
    this.open(connection);
  }

  private giveUp(): void {
    this.gaveUp.value++;
    this.connectionsGaveUp.value++;
  }

  private beginCount(connection: number): void {
    this.counts[connection] = 0;
    this.previousUs[connection] = 0;
  }
}

/** RFC 6455, section 7.1.5: what a client is told of a close frame without a code. */
const NO_STATUS_RECEIVED = 1005;

/** What the policy learns: what the client itself broke off looks to it like a network that went away. */
function codeFor({ initiator, code, cause }: Close): number | null {
  if (initiator !== 'server') return null;
  return cause === 'close-frame' ? (code ?? NO_STATUS_RECEIVED) : null;
}

/** One for all connections: filled in before each use. */
class ConnectionRetry implements Retry {
  connection = 0;
  serial = 0;
  n = 0;
  previousUs = 0;
  sinceLossUs = 0;

  constructor(private readonly random: (connection: number, purpose: number, k: number) => number) {}

  draw(j: number): number {
    return this.random(this.connection, Purpose.reconnect, this.serial * DRAWS_PER_RETRY + j);
  }

  drawOnce(): number {
    return this.random(this.connection, Purpose.reconnectOnce, 0);
  }
}
