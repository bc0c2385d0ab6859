import { type DialectEvent, EventKind } from '../../src/dialects/dialect.js';
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
  readonly givenUp: number[] = [];
  /** Every due time that the pattern asked for. */
  readonly scheduled: Due[] = [];
  /** False while connections take no more bytes. */
  writable = true;
  private readonly recorder = new PopulationRecorder('all', 0);
  private readonly ready: boolean[];
  private dues: Due[] = [];
  readonly pattern: Pattern;

  constructor(
    private readonly connections: number,
    create: (context: PatternContext) => Pattern,
    public now = 1_000_000,
  ) {
    this.ready = new Array<boolean>(connections).fill(false);
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
      collateral: null,
      giveUp: (connection) => {
        this.givenUp.push(connection);
        this.close(connection);
      },
      counter: (name) => this.recorder.counter(name),
      histogram: (name) => this.recorder.histogram(name),
    };
  }

  open(connection: number): void {
    if (this.ready[connection]) return;
    this.ready[connection] = true;
    this.pattern.onReady(connection, this.now);
  }

  close(connection: number): void {
    if (!this.ready[connection]) return;
    this.ready[connection] = false;
    this.pattern.onClose(
      connection,
      { initiator: 'network', code: null, cause: 'reset', example: '' },
      this.now,
    );
  }

  phase(kind: PhaseKind): void {
    this.pattern.onPhase(kind, this.now);
  }

  /** The server answers what it was sent, unless the connection is gone. */
  answer({ kind, connection, sequence }: Sent): void {
    this.event(connection, { kind: ANSWER[kind], sequence });
  }

  event(connection: number, event: DialectEvent): void {
    if (this.ready[connection]) this.pattern.onEvent(connection, event, this.now);
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
    const histograms: Record<string, EncodedHistogram> = {};
    this.recorder.take({}, histograms, [], []);
    return {
      sendLag: samplesOf(histograms[`all/${name}.sendLag`]),
      service: samplesOf(histograms[`all/${name}.service`]),
      response: samplesOf(histograms[`all/${name}.response`]),
    };
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
}

function samplesOf(taken: EncodedHistogram | undefined): Samples {
  if (taken === undefined) return { us: [], censored: 0 };
  const us: number[] = [];
  forEachRecorded(decodeHistogram(taken.encoded), (value, count) => {
    for (let i = 0; i < count; i++) us.push(value);
  });
  return { us, censored: taken.censored };
}
