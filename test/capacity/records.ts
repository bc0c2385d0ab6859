/** Records of searches as they are found on disk, for tests of what is made from them. */
import type {
  CapacityFigures,
  CapacityLevel,
  CapacityRecord,
  CapacityTry,
  Limit,
} from '../../src/result/capacity.js';

/** What a level of so many connections measures when all is well: memory and CPU in line, latency with a knee near 12,000. */
export function figuresAt(load: number, opened = load): CapacityFigures {
  const kneeUs = 900 + 5e6 / Math.max(200, 13_500 - load);
  const times = (p50Us: number) => ({
    count: opened * 4,
    p50Us: Math.round(p50Us),
    p90Us: Math.round(p50Us * 1.6),
    p99Us: Math.round(p50Us * 2.4),
    maxUs: Math.round(p50Us * 5),
  });
  return {
    durationMs: 14_000 + load / 2,
    connections: {
      planned: load,
      attempted: load,
      opened,
      failed: load - opened,
      peakOpen: opened,
      dropped: 0,
      reconnected: 0,
      gaveUp: 0,
      neverOpened: load - opened,
      openAtEnd: opened,
    },
    achieved: opened,
    latencies: { 'handshake.total': times(1800), 'heartbeat.response': times(kneeUs) },
    messagesSentPerSecond: opened / 5,
    messagesReceivedPerSecond: opened / 5,
    opensPerSecond: 1990,
    target: {
      processes: 1,
      rssBytes: Math.round(5.2e7 + 5800 * opened),
      pssBytes: Math.round(4.9e7 + 5750 * opened),
      cores: 0.02 + 0.00005 * opened,
      hottestThreadPercent: Math.min(99, 8 + opened / 140),
      descriptors: 22 + opened,
      cpuPerConnectUs: 210,
      cpuPerMessageUs: 24,
      memoryPerConnectionBytes: null,
    },
    generator: { eventLoopUtilization: 0.05 + opened / 40_000, sendLagP99Us: 900 },
  };
}

/** A try at a load that all the figures of `figuresAt` belong to. */
export function tryAt(order: number, load: number, given: Partial<CapacityTry> = {}): CapacityTry {
  return {
    order,
    folder: `try-${String(order).padStart(2, '0')}-connections-${load}`,
    passed: true,
    validity: { status: 'valid', reasons: [], fromMs: null },
    failedThresholds: [],
    stoppedEarly: false,
    limits: [],
    result: figuresAt(load),
    ...given,
  };
}

export const CAP = 12_400;

/** Of a server that refuses connection 12,401 and all after it. */
export function refusedAt(order: number, load: number): CapacityTry {
  const refused = load - CAP;
  return tryAt(order, load, {
    passed: false,
    stoppedEarly: true,
    failedThresholds: [
      { expression: 'connections.neverOpened == 0', observed: refused, unit: 'count', passed: false },
    ],
    limits: [{ code: 'refused', atMs: 6200, status: 503, cause: 'upgrade:http-503', count: refused }],
    result: figuresAt(load, CAP),
  });
}

export function invalidAt(order: number, load: number): CapacityTry {
  const reasons = ["The generator's event loop was more than 80 % busy in 9 of 24 seconds, first at 6 s."];
  return tryAt(order, load, {
    passed: false,
    validity: { status: 'generator-limited', reasons, fromMs: 6000 },
    limits: [{ code: 'generator', atMs: 6000, reasons }],
  });
}

/** One of each code, as a failing try may hold them. */
export const everyLimit: readonly Limit[] = [
  { code: 'target-cpu', atMs: 8000, scope: 'thread', pid: 4720, percent: 99.2, limitPercent: 100 },
  { code: 'target-cpu', atMs: 9000, scope: 'all', pid: null, percent: 193, limitPercent: 200 },
  { code: 'target-memory', atMs: 9000, bytes: 4.1e9, limitBytes: 4.29e9 },
  { code: 'target-oom', atMs: 9500, kills: 1 },
  { code: 'target-descriptors', atMs: 7000, pid: 4720, descriptors: 1024, limit: 1024 },
  { code: 'accept-queue', atMs: 3000, listenOverflows: 312, synRetransmissions: 298 },
  { code: 'refused', atMs: 6200, status: 503, cause: 'upgrade:http-503', count: 124 },
  { code: 'refused', atMs: 6300, status: null, cause: 'tcp:refused', count: 12 },
  { code: 'handshake-timeout', atMs: 12_000, stage: 'upgrade', count: 40 },
  { code: 'closed', atMs: 8000, closeCode: 1013, cause: 'close-frame', count: 7 },
  { code: 'closed', atMs: 8000, closeCode: null, cause: 'reset', count: 9 },
  { code: 'target-died', atMs: 9500, how: 'ended by SIGKILL' },
  {
    code: 'latency',
    atMs: 8000,
    expression: 'heartbeat.response p99 < 250ms',
    observedUs: 412_000,
    limitUs: 250_000,
  },
  { code: 'threshold', atMs: null, expression: 'broadcast.lost == 0', observed: 12, unit: 'count' },
  { code: 'generator', atMs: 6000, reasons: ['The generator sent late in 9 of 24 seconds, first at 6 s.'] },
];

/** In the order of the tries; the verdict of a level is that of most of its tries. */
export function levelsOf(tries: ReadonlyArray<readonly [load: number, one: CapacityTry]>): CapacityLevel[] {
  const loads = [...new Set(tries.map(([load]) => load))].sort((a, b) => a - b);
  return loads.map((load) => {
    const own = tries.flatMap(([at, one]) => (at === load ? [one] : []));
    const passes = own.filter(({ passed }) => passed).length;
    const invalid = own.some(({ validity }) => validity?.status !== 'valid');
    return { load, verdict: passes * 2 > own.length ? 'pass' : invalid ? 'invalid' : 'fail', tries: own };
  });
}

/** The search that a server capped at 12,400 connections makes: doubling, bisection, repeats at both ends. */
export function bracketedRecord(given: Partial<CapacityRecord> = {}): CapacityRecord {
  const loads = [1000, 2000, 4000, 8000, 16_000, 12_000, 14_000, 13_000, 12_500, 12_250, 12_375];
  const all = [...loads, 12_375, 12_500].map((load, i) => {
    const one = load > CAP ? refusedAt(i + 1, load) : tryAt(i + 1, load);
    return [load, one] as const;
  });
  const evidence = refusedAt(9, 12_500).limits;
  return {
    schemaVersion: 1,
    tool: { name: 'wsherd', version: '0.1.0' },
    scenario: { name: 'capacity-connections', file: 'scenarios/capacity-connections.yaml' },
    startedAt: '2026-03-02T10:15:00.000Z',
    durationMs: 263_000,
    command: 'wsherd capacity scenarios/capacity-connections.yaml --from 1000 --to 20000',
    vary: 'connections',
    search: {
      from: 1000,
      to: 20_000,
      precision: 0.01,
      tries: 3,
      needed: 2,
      freshTarget: true,
      coolDownMs: 1000,
    },
    levels: levelsOf(all),
    lastPass: 12_375,
    firstFail: 12_500,
    outcome: 'bracketed',
    limitedBy: { code: 'refused', evidence },
    sizing: null,
    notes: [],
    ...given,
  };
}

/** One of each other outcome, by outcome. */
export function otherRecords(): Readonly<
  Record<Exclude<CapacityRecord['outcome'], 'bracketed'>, CapacityRecord>
> {
  const passing = [1000, 2000, 4000, 8000].map((load, i) => [load, tryAt(i + 1, load)] as const);
  const reasons = invalidAt(5, 16_000).limits;
  const broken = tryAt(5, 16_000, {
    passed: false,
    limits: [{ code: 'target-died', atMs: 5000, how: 'ended by SIGSEGV' }],
  });
  const none = { limitedBy: null, firstFail: null };
  return {
    'at-least': bracketedRecord({
      ...none,
      search: { ...bracketedRecord().search, to: 8000 },
      levels: levelsOf([...passing, [8000, tryAt(5, 8000)]]),
      lastPass: 8000,
      outcome: 'at-least',
    }),
    generator: bracketedRecord({
      levels: levelsOf([...passing, [16_000, invalidAt(5, 16_000)], [16_000, invalidAt(6, 16_000)]]),
      lastPass: 8000,
      firstFail: 16_000,
      outcome: 'generator',
      limitedBy: { code: 'generator', evidence: reasons },
    }),
    'never-passed': bracketedRecord({
      search: { ...bracketedRecord().search, from: 16_000 },
      levels: levelsOf([
        [16_000, refusedAt(1, 16_000)],
        [16_000, refusedAt(2, 16_000)],
      ]),
      lastPass: null,
      firstFail: 16_000,
      outcome: 'never-passed',
      limitedBy: { code: 'refused', evidence: refusedAt(1, 16_000).limits },
    }),
    'target-broken': bracketedRecord({
      levels: levelsOf([...passing, [16_000, broken]]),
      lastPass: 8000,
      firstFail: 16_000,
      outcome: 'target-broken',
      limitedBy: { code: 'target-died', evidence: broken.limits },
      notes: ['ws://127.0.0.1:8080/ does not accept connections any more after 16,000 connections.'],
    }),
    interrupted: bracketedRecord({
      ...none,
      levels: levelsOf(passing),
      lastPass: 8000,
      outcome: 'interrupted',
    }),
  };
}
