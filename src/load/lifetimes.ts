import { Purpose } from '../patterns/pattern.js';
import { exponential } from '../plan/random.js';
import type { Scheduler } from './scheduler.js';

/** Churn: ends each connection after an exponentially distributed time, to be opened again at once. */
export class Lifetimes {
  private readonly handler: number;
  /** How often each connection has been opened: tells a due time of an earlier life from the present one. */
  private readonly lives: Int32Array;
  private readonly ending: Uint8Array;

  constructor(
    connections: number,
    private readonly meanUs: number,
    private readonly scheduler: Scheduler,
    private readonly random: (connection: number, purpose: number, k: number) => number,
    private readonly close: (connection: number) => void,
  ) {
    this.lives = new Int32Array(connections);
    this.ending = new Uint8Array(connections);
    this.handler = scheduler.register(this);
  }

  onReady(connection: number, nowUs: number): void {
    const life = this.lives[connection]!;
    const lifeUs = this.meanUs * exponential(this.random(connection, Purpose.lifetime, life));
    this.scheduler.schedule(this.handler, connection, life, Math.floor(nowUs + lifeUs));
  }

  onDue(connection: number, life: number): void {
    if (life !== this.lives[connection]) return;
    this.ending[connection] = 1;
    this.close(connection);
  }

  /** True when the connection ended because its time was up: then it is to be opened again. */
  onClosed(connection: number): boolean {
    this.lives[connection]!++;
    const ended = this.ending[connection] === 1;
    this.ending[connection] = 0;
    return ended;
  }
}
