import { expect, test } from 'vitest';
import { decidedBy } from '../../src/capacity/decided.js';
import type { CloseDelta, FailureDelta, Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import type { PopulationSpec } from '../../src/scenario/scenario.js';
import { population, scenario } from '../plan/scenarios.js';
import { parse, scenarioText } from '../scenario/texts.js';

interface Seen {
  readonly failures?: ReadonlyArray<Pick<FailureDelta, 'stage' | 'cause'>>;
  readonly closes?: ReadonlyArray<Pick<CloseDelta, 'initiator' | 'cause' | 'code'>>;
  readonly counters?: Snapshot['counters'];
}

function accumulated({ failures = [], closes = [], counters = {} }: Seen): Accumulator {
  const accumulator = new Accumulator(0, 1);
  const common = { population: 'clients', count: 3, bin: 2, example: '' };
  accumulator.add({
    v: 1,
    source: { machine: 0, host: 0, worker: 0 },
    seq: 0,
    fromUs: 0,
    toUs: 1_000_000,
    phase: 'ramp',
    counters,
    values: {},
    histograms: {},
    closes: closes.map((close) => ({ ...common, ...close })),
    failures: failures.map((failure) => ({ ...common, ...failure })),
    bins: {},
  });
  return accumulator;
}

const refused = { stage: 'upgrade', cause: 'http-503' } as const;
const policy = parse(scenarioText()).populations[0];

function decide(
  seen: Seen,
  thresholds: readonly string[],
  given: Partial<PopulationSpec> = {},
): string | null {
  const read = parse(scenarioText(`thresholds: ${JSON.stringify(thresholds)}`)).thresholds;
  const one = scenario({ thresholds: read, populations: [population('clients', 10, given)] });
  return decidedBy(one)(accumulated(seen));
}

test('who was refused and does not try again never opens, also where no threshold says so', () => {
  expect(policy?.reconnect).toBeNull();
  expect(decide({ failures: [refused] }, [])).toBe(
    'connections.neverOpened == 0 cannot hold any more, it is 3 already',
  );
  expect(decide({ failures: [refused] }, ['connections.neverOpened <= 2'])).toMatch(
    /^connections.neverOpened <= 2/,
  );
  expect(decide({ failures: [refused] }, ['connections.neverOpened <= 3'])).toBeNull();
  expect(decide({ failures: [refused] }, ['connections.neverOpened < 3'])).not.toBeNull();
});

test('who tries again may open yet', () => {
  expect(decide({ failures: [refused] }, [], { lifetimeUs: 1e6 })).toBeNull();
  expect(decide({ failures: [refused] }, ['connections.failed == 0'], { lifetimeUs: 1e6 })).not.toBeNull();
});

test('what a slow generator may have caused is waited out', () => {
  const failures = [
    { stage: 'tcp', cause: 'timeout' },
    { stage: 'upgrade', cause: 'timeout' },
    { stage: 'local', cause: 'too-many-files' },
    { stage: 'dialect', cause: 'not-ready' },
  ] as const;
  expect(decide({ failures }, ['connections.failed == 0'])).toBeNull();
  const closes = [
    { initiator: 'client', cause: 'heartbeat-timeout', code: null },
    { initiator: 'client', cause: 'local-abort', code: null },
  ] as const;
  expect(decide({ closes }, ['closes.abnormal == 0'])).toBeNull();
});

test('what the server ended stays ended', () => {
  const reset = { initiator: 'network', cause: 'reset', code: null } as const;
  const away = { initiator: 'server', cause: 'close-frame', code: 1001 } as const;
  expect(decide({ closes: [reset] }, ['closes.abnormal == 0'])).not.toBeNull();
  expect(decide({ closes: [away] }, ['closes.abnormal == 0'])).toBeNull();
  expect(decide({ closes: [reset] }, ['clients/closes.abnormal <= 3'])).toBeNull();
});

test('lower bounds, ratios and single phases are not decided before the end', () => {
  const failures = [refused];
  const neverOpened = 'connections.neverOpened <= 9';
  expect(decide({ failures }, [neverOpened, 'connections.failed >= 1'])).toBeNull();
  expect(decide({ failures }, [neverOpened, 'connections.failed / connections.attempted < 1%'])).toBeNull();
  const closes = [{ initiator: 'network', cause: 'fin', code: null }] as const;
  expect(decide({ closes }, ['closes.abnormal == 0 during hold'])).toBeNull();
});

test('counters that only grow', () => {
  const counters = { 'clients/dialect.errors': 2 };
  expect(decide({ counters }, ['dialect.errors == 0'])).not.toBeNull();
  expect(decide({ counters }, ['clients/dialect.errors < 3'])).toBeNull();
});
