import { engines } from '../client/engines.js';
import type { Close, Failure } from '../client/types.js';
import { nowUs } from '../clock.js';
import type { PopulationDelivery } from '../delivery/populationDelivery.js';
import type { CreateDialect, Dialect } from '../dialects/dialect.js';
import type { PopulationRecorder } from '../metrics/recorder.js';
import { isDrop, type PhaseKind } from '../metrics/snapshot.js';
import { createPattern, type PatternSpec } from '../patterns/list.js';
import type { Pattern, PatternContext } from '../patterns/pattern.js';
import { hashName, randomAt } from '../plan/random.js';
import { identityOf, type Shard, type ShardPopulation } from '../plan/shard.js';
import { redactor } from '../redact.js';
import { Admissions } from './admissions.js';
import { ArrivalQueue } from './arrivalQueue.js';
import { PopulationBooks } from './books.js';
import { Closing } from './closing.js';
import { Lifetimes } from './lifetimes.js';
import { Losses } from './losses.js';
import { openRequests } from './openRequest.js';
import { type PopulationListener, PopulationLoad } from './population.js';
import { Reconnects } from './reconnects.js';
import type { Scheduler } from './scheduler.js';
import type { PopulationTarget } from './shardLoad.js';

/** What a population is made of and from. */
export interface PopulationGiven {
  readonly shard: Shard;
  readonly part: ShardPopulation;
  readonly target: PopulationTarget;
  readonly createDialect: CreateDialect;
  readonly scheduler: Scheduler;
  readonly recorder: PopulationRecorder;
  /** Of the run, on the monotonic clock. */
  readonly startUs: number;
  /** Null when nobody publishes. */
  readonly delivery: PopulationDelivery | null;
}

/** Takes one population of a shard through the run: arrival, churn, patterns, drain. */
export class PopulationDriver implements PopulationListener {
  private readonly load: PopulationLoad;
  private readonly dialect: Dialect;
  private readonly arrivals: ArrivalQueue;
  private readonly patterns: readonly Pattern[];
  private readonly lifetimes: Lifetimes | null;
  private readonly losses: Losses | null;
  private readonly reconnects: Reconnects | null;
  /** 1 for a connection whose first attempt has come to an end, good or bad. */
  private readonly firstTry: Uint8Array;
  private firstTries = 0;
  private readonly closing: Closing;
  /** Null when nobody publishes: then an open connection is all that is wanted. */
  private readonly admissions: Admissions | null;
  readonly name: string;
  private draining = false;
  private openBeforeDrain = 0;

  private readonly shard: Shard;
  private readonly part: ShardPopulation;
  private readonly scheduler: Scheduler;
  private readonly recorder: PopulationRecorder;
  private readonly startUs: number;
  private readonly delivery: PopulationDelivery | null;

  constructor(
    given: PopulationGiven,
    private readonly onSettled: () => void,
  ) {
    const { shard, part, target, scheduler, recorder } = given;
    this.shard = shard;
    this.part = part;
    this.scheduler = scheduler;
    this.recorder = recorder;
    this.startUs = given.startUs;
    this.delivery = given.delivery;
    const { spec, connections } = part;
    this.name = spec.name;
    this.losses = shard.faults ? new Losses(connections, recorder) : null;
    this.firstTry = new Uint8Array(connections);
    const requestOf = openRequests(spec.connect, target.route);
    this.load = new PopulationLoad(
      connections,
      (connection) => requestOf(identityOf(part, shard.shards, connection)),
      new PopulationBooks(recorder),
      rowRedactor(shard, part),
      this.losses,
      this,
    );
    this.arrivals = new ArrivalQueue(shard, part, scheduler, (connection) => this.load.open(connection));
    this.reconnects =
      spec.reconnect === null
        ? null
        : new Reconnects(connections, spec.reconnect, scheduler, recorder, this.randomOf(), (connection) => {
            this.losses?.onAttempt(connection);
            this.load.open(connection);
          });
    this.dialect = given.createDialect(connections, this.load);
    this.patterns = spec.patterns.map((pattern) => this.createPattern(pattern));
    const client = engines[spec.connect.engine](target.settings, this.load);
    this.load.attach(client, this.dialect, this.patterns);
    this.admissions =
      given.delivery === null
        ? null
        : new Admissions(connections, spec.connect.handshakeTimeoutUs, scheduler, (connection) =>
            this.refused(connection, 'not-ready', 'the application did not let the connection in'),
          );
    this.lifetimes =
      spec.lifetimeUs === null
        ? null
        : new Lifetimes(connections, spec.lifetimeUs, scheduler, this.randomOf(), (connection) =>
            this.load.close(connection, 'close-frame'),
          );
    this.closing = new Closing(connections, (connection) => {
      const wasOpen = this.load.isOpen(connection);
      this.load.close(connection, 'local-close');
      return wasOpen;
    });
  }

  get openCount(): number {
    return this.load.openCount;
  }

  /** Connections whose arrival has come. */
  get arrived(): number {
    return this.arrivals.arrived;
  }

  get openAtEnd(): number {
    return this.openBeforeDrain;
  }

  /** Messages whose answers are awaited. */
  get awaited(): number {
    return this.patterns.reduce((total, pattern) => total + pattern.awaited, 0);
  }

  /** All that were to arrive have, and their first attempts have opened or failed. */
  get isSettled(): boolean {
    return this.arrivals.isDone && this.firstTries === this.arrivals.arrived;
  }

  get isEmpty(): boolean {
    return this.load.openCount === 0 && this.load.openingCount === 0;
  }

  arrive(fromShare: number, toShare: number, atUs: number): void {
    this.arrivals.arrive(fromShare, toShare, atUs);
  }

  onPhase(kind: PhaseKind, startUs: number): void {
    if (kind === 'fault') this.losses?.begin(startUs);
    for (const pattern of this.patterns) pattern.onPhase(kind, startUs);
  }

  /** Nothing more is sent or opened; answers still count. */
  stop(): void {
    this.draining = true;
    this.arrivals.stop();
    this.reconnects?.stop();
    for (const pattern of this.patterns) pattern.stop(nowUs());
  }

  /** Closes every connection. */
  closeAll(): void {
    const now = nowUs();
    this.openBeforeDrain = this.load.openCount;
    for (const pattern of this.patterns) pattern.finish(now);
    this.closing.begin();
  }

  abort(): void {
    for (let connection = 0; connection < this.part.connections; connection++) {
      this.load.abort(connection, 'local-abort');
    }
  }

  /** A share of the connections that are open is closed, to come back as the policy says. */
  disconnect(share: number): void {
    const { part, shard, load } = this;
    for (let connection = 0; connection < part.connections; connection++) {
      const identity = identityOf(part, shard.shards, connection);
      // Every connection knows by its number alone: no remainder is lost over workers.
      const chosen = Math.floor((identity + 1) * share) > Math.floor(identity * share);
      if (chosen && load.isOpen(connection)) load.close(connection, 'fault');
    }
  }

  countBytes(): void {
    this.load.countBytes();
  }

  onOpened(connection: number, atUs: number): void {
    this.reconnects?.onOpened(connection, atUs);
    if (this.admissions === null) this.endFirstTry(connection);
    else this.admissions.onOpened(connection, atUs);
  }

  onReady(connection: number, atUs: number): void {
    this.lifetimes?.onReady(connection, atUs);
  }

  private admitted(connection: number): void {
    const now = nowUs();
    this.admissions?.decide(connection);
    for (const pattern of this.patterns) pattern.onAdmitted?.(connection, now);
    this.endFirstTry(connection);
  }

  /** It stays open, in no room: what is published there is not for it. */
  private refused(connection: number, cause: string, text: string): void {
    this.admissions?.decide(connection);
    if (this.draining || !this.load.isOpen(connection)) return;
    this.load.refused(connection, cause, text);
    this.endFirstTry(connection);
  }

  onFailed(connection: number, failure: Failure, atUs: number): void {
    this.reconnects?.onFailed(connection, failure, atUs);
    this.endFirstTry(connection);
  }

  onClosed(connection: number, close: Close, atUs: number): void {
    this.admissions?.decide(connection);
    const livedItsTime = this.lifetimes?.onClosed(connection) === true;
    if (livedItsTime && !this.draining) this.load.open(connection);
    else if (isDrop(close)) this.reconnects?.onLost(connection, close, atUs);
    this.endFirstTry(connection);
    this.closing.onEnded();
  }

  private endFirstTry(connection: number): void {
    if (this.firstTry[connection] === 1) return;
    this.firstTry[connection] = 1;
    this.firstTries++;
    if (this.isSettled) this.onSettled();
  }

  private createPattern(spec: PatternSpec): Pattern {
    const handler = this.scheduler.reserve();
    const pattern = createPattern(spec, this.contextFor(handler));
    this.scheduler.assign(handler, pattern);
    return pattern;
  }

  private contextFor(handler: number): PatternContext {
    const { load, scheduler, recorder } = this;
    return {
      connections: this.part.connections,
      startUs: this.startUs,
      nowUs,
      random: this.randomOf(),
      schedule: (connection, k, dueUs) => scheduler.schedule(handler, connection, k, dueUs),
      isReady: (connection) => load.isReady(connection),
      sendPing: (connection, sequence) => load.sendPing(connection, sequence),
      sendHeartbeat: (connection, sequence) => load.sendHeartbeat(connection, sequence),
      sendEcho: (connection, sequence, sizeBytes) => load.sendEcho(connection, sequence, sizeBytes),
      send: (connection, message, binary) => load.send(connection, message, binary),
      dialect: this.dialect,
      delivery: this.delivery,
      pauseReading: (connection) => load.pauseReading(connection),
      resumeReading: (connection) => load.resumeReading(connection),
      admitted: (connection) => this.admitted(connection),
      refused: (connection, cause, text) => this.refused(connection, cause, text),
      giveUp: (connection) => load.abort(connection, 'heartbeat-timeout'),
      collateral: this.collateral(),
      counter: (name) => recorder.counter(name),
      histogram: (name) => recorder.histogram(name),
    };
  }

  private collateral(): PatternContext['collateral'] {
    if (this.losses === null) return null;
    return { fates: this.losses.fates, response: this.recorder.histogram('collateral.response') };
  }

  private randomOf(): PatternContext['random'] {
    const { shard, part } = this;
    const population = hashName(this.name);
    return (connection, purpose, k) =>
      randomAt(shard.seed, population, identityOf(part, shard.shards, connection), purpose, k);
  }
}

/** Values of a connection's row that are shorter than this are no tokens: names and numbers, which may be shown. */
const LEAST_TOKEN_LENGTH = 8;

function rowRedactor(shard: Shard, part: ShardPopulation): (connection: number, text: string) => string {
  const { rows } = part.spec.connect;
  if (rows === null) return (_connection, text) => text;
  return (connection, text) => {
    if (text === '') return text;
    const row = Object.values(rows[identityOf(part, shard.shards, connection)] ?? {});
    return redactor(row.filter(({ length }) => length >= LEAST_TOKEN_LENGTH))(text);
  };
}
