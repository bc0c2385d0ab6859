import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is there until the tests of this file are over. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-test-'));
  folders.push(folder);
  return folder;
}

/** A file in a folder of its own; returns its path. */
export function scratchFile(name: string, content: string): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** A scenario file with this content, in a folder of its own. JSON is YAML too. */
export function scenarioFile(document: object, name = 'scenario.yaml'): string {
  return scratchFile(name, JSON.stringify({ version: 1, ...document }, null, 2));
}
