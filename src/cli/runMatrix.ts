import { join } from 'node:path';
import { wallClockLabel } from '../clock.js';
import { ExitCode } from '../errors.js';
import { createMatrixFolder, MATRIX_FILE, writeWhole } from '../result/files.js';
import { type MatrixFacts, matrixRecord } from '../result/matrix.js';
import type { Variant } from '../scenario/matrix.js';
import { version } from '../version.js';
import { carryOut, type Manner } from './carryOut.js';
import { type Delivery, deliver, deliverMatrix } from './deliver.js';
import { printError } from './print.js';

/**
 * Runs the variants of a matrix one after the other, each against a fresh target and in a folder of its own, and
 * lays them side by side. Every record is on disk before the next run begins.
 * @returns The exit code: that of the worst run.
 */
export async function runMatrix(
  variants: readonly Variant[],
  delivery: Delivery,
  manner: Manner,
): Promise<number> {
  const { folder } = delivery;
  createMatrixFolder(folder, manner.force);
  const { name, file } = variants[0]!.scenario;
  const startedAt = wallClockLabel();
  const runs: Array<MatrixFacts['runs'][number]> = [];
  const keep = () => {
    const tool = { name: 'wsherd', version } as const;
    const record = matrixRecord({ tool, scenario: { name, file }, startedAt, command: manner.command, runs });
    writeWhole(join(folder, MATRIX_FILE), `${JSON.stringify(record)}\n`);
    return record;
  };

  for (const [i, { label, folder: own, settings, scenario }] of variants.entries()) {
    if (manner.interrupt.aborted) break;
    if (!manner.quiet) printError(`${label} (${i + 1} of ${variants.length})`);
    const done = await carryOut(scenario, join(folder, own), manner);
    deliver(done.result, { ...delivery, folder: done.folder, quiet: true, open: false });
    runs.push({
      label,
      folder: own,
      settings: inWords(settings),
      exitCode: done.exitCode,
      result: done.result,
    });
    keep();
  }
  deliverMatrix(keep(), delivery);
  return worst(runs.map(({ exitCode }) => exitCode));
}

function inWords(settings: Variant['settings']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([path, value]) => [
      path,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** In the order of `ExitCode`, but for `ok`, which is the best. */
function worst(codes: readonly number[]): number {
  return Object.values(ExitCode).find((code) => code !== ExitCode.ok && codes.includes(code)) ?? ExitCode.ok;
}
