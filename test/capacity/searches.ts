/** Searches against real servers, in this process as a program of a user's would make them. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { findCapacity } from '../../dist/capacity/capacity.js';
import type { CapacityRecord } from '../../dist/result/capacity.js';
import { CAPACITY_FILE, RESULT_FILE, readCapacity, readResult } from '../../dist/result/files.js';
import type { CreateHost } from '../../dist/run/host.js';
import { parseScenario } from '../../dist/scenario/read.js';
import { scratchFolder } from '../support/scratch.js';

export interface Search {
  readonly record: CapacityRecord;
  readonly folder: string;
}

export interface SearchOptions {
  readonly createHost?: CreateHost;
  readonly interrupt?: AbortSignal;
  readonly onTry?: (load: number) => void;
}

/** Searches, and checks what holds of every record: it is on disk as it was returned, and so is that of every try. */
export async function search(document: object, options: SearchOptions = {}): Promise<Search> {
  const folder = join(scratchFolder(), 'search');
  const text = JSON.stringify({ version: 1, ...document });
  const scenario = parseScenario({ text, file: null, folder: '.', env: {} });
  if (scenario.capacity === null) throw new Error('the scenario has no capacity');
  const { createHost, interrupt = new AbortController().signal, onTry = () => {} } = options;
  const record = await findCapacity(scenario, scenario.capacity, {
    folder,
    force: false,
    workers: 1,
    processes: null,
    allowTargets: [],
    waitForTargetUs: 0,
    command: 'wsherd capacity',
    httpFloor: null,
    interrupt,
    sizeFor: [],
    onLive() {},
    onTry,
    ...(createHost === undefined ? {} : { createHost }),
  });
  expect(readCapacity(join(folder, CAPACITY_FILE))).toEqual(JSON.parse(JSON.stringify(record)));
  for (const one of record.levels.flatMap(({ tries }) => tries)) {
    if (one.result === null) continue;
    const { connections } = readResult(join(folder, one.folder, RESULT_FILE));
    expect(connections).toEqual(one.result.connections);
  }
  return { record, folder };
}

/** Loads in the order in which they were tried. */
export function loadsOf({ levels }: CapacityRecord): number[] {
  return levels
    .flatMap(({ load, tries }) => tries.map(({ order }) => ({ load, order })))
    .sort((a, b) => a.order - b.order)
    .map(({ load }) => load);
}
