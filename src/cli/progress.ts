import { duration } from '../report/numbers.js';
import type { Live } from '../run/live.js';
import { colors } from './print.js';

/** Where no terminal can redraw, a line so often. */
const LINE_EVERY_MS = 5000;

export interface Progress {
  show(live: Live): void;
  end(): void;
}

/** How the run is going, on stderr: a live line on a terminal, a plain line now and then elsewhere. */
export function createProgress({ quiet }: { readonly quiet: boolean }): Progress {
  const stream = process.stderr;
  if (quiet) return { show() {}, end() {} };
  if (stream.isTTY) {
    return {
      show: (live) => stream.write(`\r\u001b[K${describe(live).slice(0, (stream.columns ?? 100) - 1)}`),
      end: () => stream.write('\r\u001b[K'),
    };
  }
  let shown: { phase: string; atMs: number } = { phase: '', atMs: 0 };
  return {
    show(live) {
      if (live.phase === shown.phase && live.elapsedMs - shown.atMs < LINE_EVERY_MS) return;
      shown = { phase: live.phase, atMs: live.elapsedMs };
      stream.write(`${describe(live)}\n`);
    },
    end() {},
  };
}

function describe({ phase, elapsedMs, open, planned, failed, dropped, latency }: Live): string {
  const parts = [
    `${(elapsedMs / 1000).toFixed(0).padStart(4)} s`,
    colors.bold(phase.padEnd(6)),
    `${open.toLocaleString('en')} of ${planned.toLocaleString('en')} open`,
  ];
  if (latency?.p50Us != null) {
    const p99 = latency.p99Us === null ? '' : `, p99 ${duration(latency.p99Us)}`;
    parts.push(`${latency.metric} p50 ${duration(latency.p50Us)}${p99}`);
  }
  if (failed > 0) parts.push(colors.red(`${failed} failed`));
  if (dropped > 0) parts.push(colors.red(`${dropped} lost`));
  return parts.join('  ');
}
