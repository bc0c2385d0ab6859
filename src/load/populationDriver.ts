import { engines } from '../client/engines.js';
import { nowUs } from '../clock.js';
import { dialects } from '../dialects/list.js';
import type { PopulationRecorder } from '../metrics/recorder.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import { createPattern, type PatternSpec } from '../patterns/list.js';
import type { Pattern, PatternContext } from '../patterns/pattern.js';
import { hashName, randomAt } from '../plan/random.js';
import { identityOf, type Shard, type ShardPopulation } from '../plan/shard.js';
import { redactor } from '../redact.js';
import { ArrivalQueue } from './arrivalQueue.js';
import { PopulationBooks } from './books.js';
import { Lifetimes } from './lifetimes.js';
import { openRequests } from './openRequest.js';
import { PopulationLoad } from './population.js';
import type { Scheduler } from './scheduler.js';
import type { PopulationTarget } from './shardLoad.js';

/** Takes one population of a shard through the run: arrival, churn, patterns, drain. */
export class PopulationDriver {
  private readonly load: PopulationLoad;
  private readonly arrivals: ArrivalQueue;
  private readonly patterns: readonly Pattern[];
  private readonly lifetimes: Lifetimes | null;
  private readonly closer: number;
  readonly name: string;
  private draining = false;
  private openBeforeDrain = 0;

  constructor(
    private readonly shard: Shard,
    private readonly part: ShardPopulation,
    target: PopulationTarget,
    private readonly scheduler: Scheduler,
    private readonly recorder: PopulationRecorder,
    private readonly startUs: number,
    private readonly onSettled: () => void,
  ) {
    const { spec, connections } = part;
    this.name = spec.name;
    const requestOf = openRequests(spec.connect, target.path, target.sources);
    this.load = new PopulationLoad(
      connections,
      (connection) => requestOf(identityOf(part, shard.shards, connection)),
      new PopulationBooks(recorder),
      rowRedactor(shard, part),
      (connection, change) => this.onChange(connection, change),
    );
    this.arrivals = new ArrivalQueue(shard, part, scheduler, (connection) => this.load.open(connection));
    this.patterns = spec.patterns.map((pattern) => this.createPattern(pattern));
    const client = engines[spec.connect.engine](target.settings, this.load);
    this.load.attach(client, dialects[spec.dialect](connections, this.load), this.patterns);
    this.lifetimes =
      spec.lifetimeUs === null
        ? null
        : new Lifetimes(connections, spec.lifetimeUs, scheduler, this.randomOf(), (connection) =>
            this.load.close(connection, 'close-frame'),
          );
    this.closer = scheduler.register({ onDue: (connection) => this.load.close(connection, 'local-close') });
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

  /** All that were to arrive have, and have opened or failed. */
  get isSettled(): boolean {
    return this.arrivals.isDone && this.load.openingCount === 0;
  }

  get isEmpty(): boolean {
    return this.load.openCount === 0 && this.load.openingCount === 0;
  }

  arrive(fromShare: number, toShare: number, atUs: number): void {
    this.arrivals.arrive(fromShare, toShare, atUs);
  }

  onPhase(kind: PhaseKind, startUs: number): void {
    for (const pattern of this.patterns) pattern.onPhase(kind, startUs);
  }

  /** Nothing more is sent or opened; answers still count. */
  stop(): void {
    this.draining = true;
    this.arrivals.stop();
    for (const pattern of this.patterns) pattern.stop(nowUs());
  }

  /** Closes every connection, a few at a time so that answers are read in between. */
  closeAll(): void {
    const now = nowUs();
    this.openBeforeDrain = this.load.openCount;
    for (const pattern of this.patterns) pattern.finish(now);
    for (let connection = 0; connection < this.part.connections; connection++) {
      this.scheduler.schedule(this.closer, connection, 0, now);
    }
  }

  abort(): void {
    for (let connection = 0; connection < this.part.connections; connection++) {
      this.load.abort(connection, 'local-abort');
    }
  }

  countBytes(): void {
    this.load.countBytes();
  }

  private onChange(connection: number, change: 'ready' | 'failed' | 'closed'): void {
    if (change === 'ready') this.lifetimes?.onReady(connection, nowUs());
    if (change === 'closed' && this.lifetimes?.onClosed(connection) && !this.draining) {
      this.load.open(connection);
    }
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
      giveUp: (connection) => load.abort(connection, 'heartbeat-timeout'),
      counter: (name) => recorder.counter(name),
      histogram: (name) => recorder.histogram(name),
    };
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
