import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { writeWhole } from '../result/files.js';
import type { HttpFloor } from '../result/types.js';

/** Beside the runs, so that a report of this folder can say what the same machine does in plain HTTP. */
const FLOOR_FILE = 'reports/http-floor.json';

interface Kept {
  readonly machine: string;
  readonly node: string;
  readonly floor: HttpFloor;
}

export function keepFloor(floor: HttpFloor): string {
  mkdirSync(dirname(FLOOR_FILE), { recursive: true });
  const kept: Kept = { machine: hostname(), node: process.version, floor };
  writeWhole(FLOOR_FILE, `${JSON.stringify(kept, null, 2)}\n`);
  return FLOOR_FILE;
}

/** The floor measured earlier on this machine with this Node, or null. */
export function readFloor(): HttpFloor | null {
  try {
    const kept: Kept = JSON.parse(readFileSync(FLOOR_FILE, 'utf8'));
    return kept.machine === hostname() && kept.node === process.version ? kept.floor : null;
  } catch {
    return null;
  }
}
