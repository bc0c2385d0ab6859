import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { type CliRun, run } from '../support/cli.js';
import { expectIdentities } from '../support/identities.js';

const file = fileURLToPath(new URL('../../scenarios/close-codes.yaml', import.meta.url));
/** Of each population of the scenario. */
const CONNECTIONS = 5;

/** Population, and how each of its connections ends: initiator, code, cause. */
const endings = [
  // The server's close frame, by its code.
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3008, 4400].map(
    (code) => [`code-${code}`, 'server', code, 'close-frame'] as const,
  ),
  ['code-empty', 'server', null, 'close-frame'],
  ['hostile-reason', 'server', 1008, 'close-frame'],
  // No close frame, which others call 1006 whichever it was.
  ['fin', 'network', null, 'fin'],
  ['terminated', 'network', null, 'fin'],
  ['reset', 'network', null, 'reset'],
  ['silent', 'client', null, 'heartbeat-timeout'],
  // The server broke RFC 6455: we ended it, with the code that the rule asks for.
  ['bad-masked', 'client', 1002, 'protocol-error'],
  ['bad-rsv', 'client', 1002, 'protocol-error'],
  ['bad-opcode', 'client', 1002, 'protocol-error'],
  ['bad-long-control', 'client', 1002, 'protocol-error'],
  ['bad-fragmented-control', 'client', 1002, 'protocol-error'],
  ['bad-close-code', 'client', 1002, 'protocol-error'],
  ['bad-close-length', 'client', 1002, 'protocol-error'],
  ['bad-continuation', 'client', 1002, 'protocol-error'],
  ['bad-utf8', 'client', 1007, 'invalid-utf8'],
  ['bad-too-big', 'client', 1009, 'message-too-big'],
  // Nobody ended it before the run was over.
  ['stays', 'client', 1000, 'local-close'],
] as const;

/** Population, and how each of its attempts fails: stage, cause. */
const failings = [
  ['refused-401', 'upgrade', 'http-401'],
  ['refused-403', 'upgrade', 'http-403'],
  ['refused-429', 'upgrade', 'http-429'],
  ['refused-503', 'upgrade', 'http-503'],
  ['redirected', 'upgrade', 'http-302'],
  ['web-page', 'upgrade', 'http-200'],
  ['not-http', 'upgrade', 'not-http'],
  ['bad-accept', 'upgrade', 'bad-accept'],
  ['wrong-subprotocol', 'upgrade', 'bad-subprotocol'],
  ['no-answer', 'upgrade', 'timeout'],
  ['fin-early', 'upgrade', 'fin'],
  ['reset-early', 'upgrade', 'reset'],
] as const;

const engines = ['fast', 'ws'] as const;
const runs = new Map<string, CliRun>();

beforeAll(async () => {
  await Promise.all(
    engines.map(async (engine) => {
      const shortened = ['--set', `connect.engine=${engine}`, '--set', 'timeline.1.hold=2500ms'];
      runs.set(engine, await run(['run', file, ...shortened, '--allow-saturated']));
    }),
  );
});

describe.each(engines)('engine %s', (engine) => {
  let code: number | null;
  let result: RunResult;

  beforeAll(() => {
    const finished = runs.get(engine);
    if (finished === undefined) throw new Error(`${engine} was not run`);
    ({ code, result } = finished);
  });

  test('is the one that the scenario was told to use', () => {
    expect(result.scenario.resolved).toMatchObject({ connect: { engine } });
  });

  test('every way to end a connection comes back under its own initiator, code and cause', () => {
    const found = result.closes.map((close) => [
      close.population,
      close.initiator,
      close.code,
      close.cause,
      close.count,
    ]);
    expect(merged(found)).toEqual(merged(endings.map((ending) => [...ending, CONNECTIONS])));
  });

  test('every way to refuse a connection comes back under its own stage and cause', () => {
    const found = result.failures.map(({ population, stage, cause, count }) => [
      population,
      stage,
      cause,
      count,
    ]);
    expect(merged(found)).toEqual(merged(failings.map((failing) => [...failing, CONNECTIONS])));
  });

  test('the scenario says so itself: its thresholds hold', () => {
    expect(result.thresholds.filter(({ passed }) => !passed)).toEqual([]);
    expect(code).toBe(0);
  });

  test('the record holds what holds in every record, and the books differ by the silent ones alone', () => {
    expectIdentities(result);
    const differing = result.target.books.filter(({ balanced }) => !balanced);
    for (const { what, server, ours } of differing) {
      // A server that never reads again hears of no ping and of no end.
      expect(['connections closed', 'closed with none', 'pings to the server']).toContain(what);
      expect(ours - server).toBeLessThanOrEqual(2 * CONNECTIONS);
      expect(ours - server).toBeGreaterThan(0);
    }
  });
});

/** Lines of the same text with their last column added up: one ending may fall into two phases. */
function merged(rows: ReadonlyArray<ReadonlyArray<string | number | null>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const key = row.slice(0, -1).join(' ');
    counts[key] = (counts[key] ?? 0) + Number(row.at(-1));
  }
  return Object.fromEntries(Object.entries(counts).sort());
}
