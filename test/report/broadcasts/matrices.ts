/** Every matrix of runs that publish and that a page must be able to show. */
import { type MatrixRecord, matrixRecord } from '../../../src/result/matrix.js';
import type { RunResult } from '../../../src/result/types.js';
import { HOSTILE } from '../hostile.js';
import { once } from '../storms/once.js';
import { generatorLimited } from '../trouble.js';
import { missedInStorm, reliable } from './cases.js';
import { broadcastRun } from './run.js';
import { type BroadcastShape, LOBBY } from './shape.js';

type Run = Parameters<typeof matrixRecord>[0]['runs'][number];

function matrixOf(name: string, runs: readonly Run[]): MatrixRecord {
  return matrixRecord({
    tool: { name: 'wsherd', version: '0.1.0' },
    scenario: { name, file: `scenarios/${name}.yaml` },
    startedAt: '2026-03-02T10:15:00.000Z',
    command: `wsherd run scenarios/${name}.yaml --out reports/${name}`,
    runs,
  });
}

function runOf(path: string, label: string, result: RunResult | null, exitCode = 0): Run {
  return { label, folder: label, settings: { [path]: label }, exitCode, result };
}

/** Everybody talks, twice a second for every hundred members; one thread sends 60,000 copies a second and no more. */
function talk(members: number, accounted = members): RunResult {
  const perSecond = members / 50;
  const owed = members * perSecond;
  const most = 60_000;
  const over = Math.max(1, owed / most);
  const shape: BroadcastShape = {
    ...LOBBY,
    populations: { everyone: { connections: members, publishes: true } },
    perSecond,
    timing: { firstUs: 700, spreadUs: members * 16 * over, growth: over > 1 ? 60 : 1 },
    cpuPerDeliveryUs: 16,
    accounted,
    inTime: Math.min(1, most / owed),
  };
  return broadcastRun(shape, 30);
}

const MEMBERS = 'populations.everyone.connections';

export const square = once<MatrixRecord>(() => {
  const variants = [250, 500, 1000, 2000].map((members) =>
    runOf(MEMBERS, String(members), talk(members), members > 1000 ? 99 : 0),
  );
  return matrixOf('broadcast-n2', variants);
});

/** Of 250 members 50 are in the ledger. */
export const sampledSquare = once<MatrixRecord>(() => {
  return matrixOf('broadcast-n2', [runOf(MEMBERS, '250', talk(250, 50))]);
});

/** All within what the server can do, and one that the generator could not. */
export const noWall = once<MatrixRecord>(() => {
  const limited = { ...talk(1200), run: generatorLimited().run };
  return matrixOf('broadcast-n2', [
    ...[300, 600, 900].map((members) => runOf(MEMBERS, String(members), talk(members))),
    runOf(MEMBERS, '1200', limited, 4),
  ]);
});

export const allOver = once<MatrixRecord>(() => {
  return matrixOf(
    'broadcast-n2',
    [2400, 3000].map((n) => runOf(MEMBERS, String(n), talk(n), 99)),
  );
});

/** As many members with as many messages: only what each delivery weighs and costs differs. */
function deflated(content: string, compression: string, shape: BroadcastShape, bytesEach: number): Run {
  const run = broadcastRun(shape);
  const phases = run.phases.map((phase) => {
    const received = phase.metrics['messages.received'];
    const value = received?.kind === 'counter' ? received.value * bytesEach : 0;
    return { ...phase, metrics: { ...phase.metrics, 'bytes.received': { kind: 'counter', value } as const } };
  });
  const settings = { 'populations.speakers.publish.content': content, 'connect.compression': compression };
  const label = `content=${content}, compression=${compression}`;
  return { label, folder: label, settings, exitCode: 0, result: { ...run, phases } };
}

const COSTLY = { ...LOBBY, cpuPerDeliveryUs: 21 };

export const compression = once<MatrixRecord>(() => {
  return matrixOf('deflate-text-vs-binary', [
    deflated('text', 'off', LOBBY, 4096),
    deflated('text', 'on', COSTLY, 910),
    deflated('noise', 'off', LOBBY, 4096),
    deflated('noise', 'on', COSTLY, 4102),
  ]);
});

/** One of the four did not run: of its pair nothing can be said. */
export const brokenCompression = once<MatrixRecord>(() => {
  const [off, , noiseOff, noiseOn] = compression().variants;
  const known = [off, noiseOff, noiseOn].flatMap((variant) => variant ?? []);
  const broken = known.slice(0, 1).map((variant) => ({ ...variant, exitCode: 3, result: null }));
  return { ...compression(), variants: [...known, ...broken] };
});

/** What a server may do about members that do not keep up. */
export const slowPolicies = once<MatrixRecord>(() => {
  const path = 'target.options.slow.policy';
  const shape: BroadcastShape = {
    ...LOBBY,
    populations: {
      everyone: { connections: 980, publishes: true },
      slow: { connections: 20, publishes: false, slow: true },
    },
    timing: { firstUs: 800, spreadUs: 9500 },
  };
  return matrixOf('slow-readers', [
    runOf(path, 'none', broadcastRun({ ...shape, rssGrowthBytes: 300 * 1024 ** 2 })),
    runOf(path, 'drop-slow', broadcastRun({ ...shape, lost: 0.012 })),
    runOf(path, 'disconnect-slow', broadcastRun({ ...shape, missed: 0.018 })),
  ]);
});

export const storms = once<MatrixRecord>(() => {
  return matrixOf('reliable-delivery-storm', [
    runOf('target.server', 'reliable', reliable()),
    runOf('target.server', 'rooms', missedInStorm(), 99),
  ]);
});

const hostileFanOut = once<MatrixRecord>(() => {
  const run = square();
  return {
    ...run,
    scenario: { name: HOSTILE, file: HOSTILE },
    variants: run.variants.map((variant, i) => ({
      ...variant,
      label: `${i}${HOSTILE}`,
      folder: `${HOSTILE}/${i}`,
      settings: { [`a.${HOSTILE}`]: String(i + 1) },
    })),
  };
});

export const fanOutMatrices = {
  square,
  sampledSquare,
  noWall,
  allOver,
  compression,
  brokenCompression,
  slowPolicies,
  storms,
  hostileFanOut,
} as const satisfies Record<string, () => MatrixRecord>;
