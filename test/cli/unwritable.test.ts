import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResult } from '../../dist/result/files.js';
import { run, start } from '../support/cli.js';
import { expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const beating = scenarioFile({
  target: { server: 'echo' },
  populations: { clients: { connections: 30, heartbeat: { every: '50ms' } } },
  timeline: [{ ramp: {} }, { hold: '2s' }, { drain: '1s' }],
});

test.concurrent('a folder that vanishes during the run: the record goes where temporary files go, and the reports with it', async () => {
  const temporary = join(scratchFolder(), 'tmp');
  mkdirSync(temporary);
  const wsherd = start(['run', beating, '--allow-saturated'], { env: { TMPDIR: temporary } });
  await wsherd.said(/hold/);
  rmSync(wsherd.folder, { recursive: true });
  const { code, stdout, stderr } = await wsherd.finished;
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(
    /^\S+result\.json cannot be written \(ENOENT\)\. The record is in \S+ instead\.\nReport: \S+report\.html$/m,
  );
  expect(stdout).toMatch(/30 connections/);
  const [folder = ''] = readdirSync(temporary);
  expect(readdirSync(join(temporary, folder)).sort()).toEqual(['report.html', 'result.json', 'summary.json']);
  const result = readResult(join(temporary, folder, 'result.json'));
  expectIdentities(result);
  expectBalancedBooks(result);
  expect(result.events.map(({ kind }) => kind)).toContain('intervals-lost');
});

test.concurrent('a disk that is full everywhere: the numbers are still told, and one line says what is missing', async () => {
  // No file may grow beyond 4 blocks of 512 bytes (of 1024 in some shells).
  const temporary = scratchFolder();
  const { code, stdout, stderr, folder } = await run(['run', beating, '--allow-saturated'], {
    before: 'ulimit -f 4',
    env: { TMPDIR: temporary },
  });
  expect(code).toBe(2);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^\S+result\.json cannot be written \(EFBIG\)\.$/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toMatch(/30 connections/);
  expect(stdout).toMatch(/connections {2}30 of 30 open at most/);
  expect(existsSync(join(folder, 'result.json'))).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const kept = readFileSync(join(folder, 'intervals.ndjson'), 'utf8');
  for (const line of kept.split('\n').slice(0, -1)) expect(JSON.parse(line).v).toBe(1);
  expect(kept === '' || kept.endsWith('\n')).toBe(true);
});
