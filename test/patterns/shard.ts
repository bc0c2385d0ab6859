import type { PopulationDelivery } from '../../src/delivery/populationDelivery.js';
import {
  type CreateDialect,
  createEvent,
  type Dialect,
  type DialectEvent,
  EventKind,
} from '../../src/dialects/dialect.js';
import { createEchoDialect } from '../../src/dialects/echo.js';
import type { MetricName } from '../../src/metrics/catalogue.js';
import { decodeHistogram, forEachRecorded } from '../../src/metrics/histogram.js';
import { PopulationRecorder } from '../../src/metrics/recorder.js';
import type { EncodedHistogram, PhaseKind } from '../../src/metrics/snapshot.js';
import type { Pattern, PatternContext } from '../../src/patterns/pattern.js';
import { randomAt } from '../../src/plan/random.js';

export interface Sent {
  readonly kind: 'ping' | 'heartbeat' | 'echo';
  readonly connection: number;
  readonly sequence: number;
  readonly atUs: number;
}

/** A message that a pattern had its dialect write. */
export interface SentMessage {
  readonly connection: number;
  readonly message: Buffer;
  readonly binary: boolean;
  readonly atUs: number;
}

export interface Refusal {
  readonly connection: number;
  readonly cause: string;
  readonly text: string;
}

export interface Surroundings {
  readonly startUs?: number;
  readonly dialect?: CreateDialect;
  readonly delivery?: PopulationDelivery;
}

interface Due {
  readonly connection: number;
  readonly k: number;
  readonly dueUs: number;
}

export interface Samples {
  /** Ascending, to three digits. */
  readonly us: readonly number[];
  readonly censored: number;
}

const ANSWER = { ping: EventKind.transportPong, heartbeat: EventKind.pong, echo: EventKind.message } as const;

/**
 * The surroundings of a pattern with a clock that moves by hand: nothing is sent anywhere, and what is due is
 * called on time, or as late as the test wants.
 */
export class HandDrivenShard {
  readonly sent: Sent[] = [];
  readonly messages: SentMessage[] = [];
  readonly givenUp: number[] = [];
  readonly admissions: number[] = [];
  readonly refusals: Refusal[] = [];
  /** Connections that are not read at the moment. */
  readonly paused = new Set<number>();
  /** Every due time that the pattern asked for. */
  readonly scheduled: Due[] = [];
  /** False while connections take no more bytes. */
  writable = true;
  now: number;
  private readonly recorder = new PopulationRecorder('all', 0);
  private readonly opened: boolean[];
  private readonly ready: boolean[];
  private dues: Due[] = [];
  private readonly dialect: Dialect;
  readonly pattern: Pattern;

  constructor(
    private readonly connections: number,
    create: (context: PatternContext) => Pattern,
    private readonly surroundings: Surroundings = {},
  ) {
    this.now = surroundings.startUs ?? 1_000_000;
    this.opened = new Array<boolean>(connections).fill(false);
    this.ready = new Array<boolean>(connections).fill(false);
    const createDialect = surroundings.dialect ?? createEchoDialect;
    this.dialect = createDialect(connections, {
      onDialectEvent: (connection, event) => this.onDialectEvent(connection, event),
      send: (connection, message, binary) => this.sendMessage(connection, message, binary),
    });
    this.pattern = create(this.context());
  }

  context(): PatternContext {
    return {
      connections: this.connections,
      startUs: this.now,
      nowUs: () => this.now,
      random: (connection, purpose, k) => randomAt(1, 2, connection, purpose, k),
      schedule: (connection, k, dueUs) => {
        this.dues.push({ connection, k, dueUs });
        this.scheduled.push({ connection, k, dueUs });
      },
      isReady: (connection) => this.ready[connection] === true,
      sendPing: (connection, sequence) => this.send('ping', connection, sequence),
      sendHeartbeat: (connection, sequence) => this.send('heartbeat', connection, sequence),
      sendEcho: (connection, sequence) => this.send('echo', connection, sequence),
      send: (connection, message, binary) => this.sendMessage(connection, message, binary),
      dialect: this.dialect,
      delivery: this.surroundings.delivery ?? null,
      pauseReading: (connection) => this.paused.add(connection),
      resumeReading: (connection) => this.paused.delete(connection),
      admitted: (connection) => this.admit(connection),
      refused: (connection, cause, text) => this.refusals.push({ connection, cause, text }),
      collateral: null,
      giveUp: (connection) => {
        this.givenUp.push(connection);
        this.close(connection);
      },
      counter: (name) => this.recorder.counter(name),
      histogram: (name) => this.recorder.histogram(name),
    };
  }

  /** The WebSocket is up; the connection is ready as soon as its dialect says so, for most at once. */
  open(connection: number): void {
    if (this.opened[connection]) return;
    this.opened[connection] = true;
    this.dialect.onOpen(connection, this.now);
  }

  close(connection: number): void {
    if (!this.opened[connection]) return;
    this.opened[connection] = false;
    this.ready[connection] = false;
    this.paused.delete(connection);
    this.dialect.onClose(connection);
    this.pattern.onClose(
      connection,
      { initiator: 'network', code: null, cause: 'reset', example: '' },
      this.now,
    );
  }

  /** The connection is in its rooms: as told by the pattern, or by another of its population. */
  admit(connection: number): void {
    this.admissions.push(connection);
    this.pattern.onAdmitted?.(connection, this.now);
  }

  /** Our own close, in good order. */
  leave(connection: number): void {
    if (this.ready[connection]) this.pattern.onLeaving?.(connection);
    this.close(connection);
  }

  phase(kind: PhaseKind): void {
    this.pattern.onPhase(kind, this.now);
  }

  /** The server answers what it was sent, unless the connection is gone. */
  answer({ kind, connection, sequence }: Sent): void {
    this.event(connection, { kind: ANSWER[kind], sequence });
  }

  /** What is left out is as in an event that says nothing. */
  event(connection: number, event: Partial<DialectEvent>): void {
    if (this.ready[connection]) this.pattern.onEvent(connection, { ...createEvent(), ...event }, this.now);
  }

  /** A message of the server arrives, for the dialect to make sense of. */
  receive(connection: number, message: string | Buffer, binary = false): void {
    const bytes = Buffer.from(message);
    if (this.opened[connection]) this.dialect.receive(connection, bytes, 0, bytes.length, binary, this.now);
  }

  /** Lets time pass; whatever falls due is called at its time. */
  run(us: number): void {
    const untilUs = this.now + us;
    for (let due = this.nextDue(untilUs); due !== undefined; due = this.nextDue(untilUs)) {
      this.now = Math.max(this.now, due.dueUs);
      this.pattern.onDue(due.connection, due.k, due.dueUs, this.now);
    }
    this.now = untilUs;
  }

  /** Lets time pass in which the thread is busy with something else: what falls due is called when `run` comes. */
  stall(us: number): void {
    this.now += us;
  }

  counter(name: string): number {
    return this.recorder.counter(name).value;
  }

  /** The three histograms of a pattern since the last call. */
  take(name: 'echo' | 'heartbeat'): Record<'sendLag' | 'service' | 'response', Samples> {
    return {
      sendLag: this.samples(`${name}.sendLag`),
      service: this.samples(`${name}.service`),
      response: this.samples(`${name}.response`),
    };
  }

  /** What a histogram has got since the last call. */
  samples(name: MetricName): Samples {
    return samplesOf(this.recorder.histogram(name).take());
  }

  private nextDue(untilUs: number): Due | undefined {
    const next = this.dues.reduce<Due | undefined>(
      (first, due) => (due.dueUs <= untilUs && due.dueUs < (first?.dueUs ?? Infinity) ? due : first),
      undefined,
    );
    this.dues = this.dues.filter((due) => due !== next);
    return next;
  }

  private send(kind: Sent['kind'], connection: number, sequence: number): boolean {
    if (!this.writable) return false;
    this.sent.push({ kind, connection, sequence, atUs: this.now });
    return true;
  }

  private sendMessage(connection: number, message: Uint8Array | null, binary: boolean): boolean {
    if (message === null || !this.writable) return false;
    this.messages.push({ connection, message: Buffer.from(message), binary, atUs: this.now });
    return true;
  }

  private onDialectEvent(connection: number, event: DialectEvent): void {
    if (event.kind !== EventKind.ready) {
      this.pattern.onEvent(connection, event, this.now);
    } else if (!this.ready[connection]) {
      this.ready[connection] = true;
      this.pattern.onReady(connection, this.now);
    }
  }
}

function samplesOf(taken: EncodedHistogram | null): Samples {
  if (taken === null) return { us: [], censored: 0 };
  const us: number[] = [];
  forEachRecorded(decodeHistogram(taken.encoded), (value, count) => {
    for (let i = 0; i < count; i++) us.push(value);
  });
  return { us, censored: taken.censored };
}
