import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from '../../dist/clock.js';
import type { FaultParts } from '../../dist/faults/fault.js';
import type { RunningProxy } from '../../dist/proxy/proxy.js';
import type { RunningTarget } from '../../dist/target/target.js';

/** What a fault did, in the order in which it did it. */
export interface Faulting {
  readonly parts: FaultParts;
  readonly story: readonly string[];
  /** Resolves when all that was handed to the background is over. */
  over(): Promise<void>;
  /** The run is on its way out. */
  leave(): void;
}

/** Parts as a run has them, that write down what they are asked for. */
export function faulting(
  target: RunningTarget,
  folder: string,
  proxy: ((story: string[]) => RunningProxy) | null = null,
): Faulting {
  const story: string[] = [];
  const rests: Array<Promise<void>> = [];
  const leaving = new AbortController();
  const parts: FaultParts = {
    startUs: nowUs(),
    target,
    proxy: proxy?.(story) ?? null,
    logFile: join(folder, 'target.log'),
    disconnectClients: (share) => story.push(`clients ${share}`),
    async until(instantUs) {
      const waitMs = Math.max(0, Math.ceil((instantUs - nowUs()) / 1000));
      await sleep(waitMs, undefined, { signal: leaving.signal }).catch(() => {});
    },
    background: (rest) => rests.push(rest),
    targetDown: () => story.push('target down'),
    targetUp: () => story.push('target up'),
    done: (detail) => story.push(`done: ${detail}`),
    failed: (detail) => story.push(`failed: ${detail}`),
    notMended: (detail) => story.push(`not mended: ${detail}`),
  };
  return {
    parts,
    story,
    async over() {
      await Promise.all(rests);
    },
    leave: () => leaving.abort(),
  };
}

/** A proxy that does nothing but write down what it is told, and how many connections it ends. */
export const quietProxy =
  (ends = 0) =>
  (story: string[]): RunningProxy => ({
    address: '127.0.0.1',
    port: 1,
    pid: 1,
    async apply() {},
    async lift() {},
    async disconnect({ share, how }) {
      story.push(`proxy ${how} ${share}`);
      return ends;
    },
    async setUpstream(isUp) {
      story.push(`upstream ${isUp ? 'up' : 'down'}`);
    },
    counts: () => Promise.reject(new Error('it counts nothing')),
    async stop() {},
  });
