import { nowUs } from '../clock.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import type { PhaseSpec } from '../scenario/scenario.js';
import { type MemoryFinding, memoryPerConnection } from '../target/memory.js';
import type { MemoryReader } from '../target/memoryReader.js';
import type { MemoryReading } from '../target/memoryReading.js';

/** The end of a hold phase: its last samples, one a second. */
const END_US = 5_000_000;
/** After the last connection is closed the server has still to do with it, for so long at most. */
const SETTLE_MS = 500;

/** Whether the ramp has plateaus to measure memory on. */
export function hasPlateaus(timeline: readonly PhaseSpec[]): boolean {
  return timeline.some((phase) => phase.kind === 'ramp' && phase.steps > 1);
}

/** What is written down of the target's memory while the run goes on. */
export class MemoryLog {
  private readonly plateaus: MemoryReading[] = [];
  private readonly held: Array<{ readonly phase: string; readonly readings: readonly MemoryReading[] }> = [];
  private empty: { readonly phase: string; readonly reading: MemoryReading } | null = null;
  /** The first phase that had plateaus, and the one that ended last. */
  private ramp = '';
  private phase = '';
  private phaseFromUs = nowUs();

  constructor(
    private readonly reader: MemoryReader,
    /** What was sampled of the target since then. */
    private readonly readingsSince: (sinceUs: number) => readonly MemoryReading[],
    /** The ramp has plateaus. */
    private readonly measures: boolean,
  ) {}

  /** Memory without connections. What starting up has left is collected first, as before every other plateau. */
  async start(): Promise<void> {
    if (!this.measures) return;
    await this.reader.collect();
    await this.plateau();
  }

  async plateau(): Promise<void> {
    const reading = await this.reader.plateau();
    if (reading !== null) this.plateaus.push(reading);
  }

  phaseEnds(kind: PhaseKind, name: string): void {
    // The one without connections was before it.
    if (kind === 'ramp' && this.plateaus.length > 1) this.ramp ||= name;
    if (kind === 'hold') {
      const sinceUs = Math.max(this.phaseFromUs, nowUs() - END_US);
      this.held.push({ phase: name, readings: this.readingsSince(sinceUs) });
    }
    this.phase = name;
    this.phaseFromUs = nowUs();
  }

  /** Every connection has ended: reads what the target has kept. */
  async drained(open: number): Promise<void> {
    if (!this.measures || open > 0) return;
    await this.reader.standStill(SETTLE_MS);
    const reading = await this.reader.collected();
    if (reading !== null) this.empty = { phase: this.phase, reading };
  }

  finding(watched: boolean, opened: number): MemoryFinding {
    const { plateaus, ramp, held, empty } = this;
    return memoryPerConnection({ plateaus, ramp, held, drained: empty, opened }, watched);
  }
}
