import { countUpTo, samplesIn } from '../../../result/aftermath.js';
import type { Recovery } from '../../../result/recovery.js';
import type { RunResult } from '../../../result/types.js';
import { count, duration, factor, rate } from '../../numbers.js';
import { policyOf } from '../../resolvedScenario.js';
import { fastest, heaviest } from '../../stormWords.js';
import { escapeTerminal } from '../../visible.js';
import type { Line, TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { SIDES } from '../sides.js';
import { columns, type Table } from '../table.js';
import { fromFaultOn } from './model.js';
import { SHARE_AXIS } from './recoverySection.js';
import type { Storm } from './storm.js';

interface Herd {
  readonly population: string;
  /** Of the policy, or null where it stays away. */
  readonly policy: string | null;
  readonly recovery: Recovery;
}

/** Which policy did best, when populations with several went through the same storm. */
export function policiesSection(result: RunResult, storm: Storm): Section | null {
  const herds = herdsOf(result, result.recoveries.indexOf(storm.recovery));
  if (herds.length < 2) return null;
  return {
    id: `policies${storm.suffix}`,
    name: `Policies${storm.suffix.replace('-', ' ')}`,
    title: finding(herds),
    pictures: [curves(herds, storm)],
    reading:
      'All of them met the same server at the same time: a population that is slower may have been kept waiting by another. To compare policies each by itself, run them as a matrix.',
    numbers: [herdTable(herds, storm)],
  };
}

function herdsOf({ populations, scenario }: RunResult, index: number): Herd[] {
  return Object.entries(populations).flatMap(([population, { recoveries }]) => {
    const recovery = recoveries[index];
    if (recovery === undefined || recovery.dropped === 0) return [];
    return [{ population, policy: policyOf(scenario.resolved, population), recovery }];
  });
}

function nameOf({ population, policy }: Herd): string {
  return policy === null || policy === population ? population : `${population} (${policy})`;
}

function finding(herds: readonly Herd[]): string {
  const first = fastest(herds);
  const hardest = heaviest(herds);
  const best =
    first === null || first.recovery.t99Ms === null
      ? 'No population had 99 % back'
      : `${nameOf(first)} had 99 % back first, after ${duration(first.recovery.t99Ms * 1000)}`;
  if (hardest === null) return best;
  const { herdFactor, peakAttemptsPerSecond } = hardest.recovery;
  const load = `${factor(herdFactor ?? 0)} attempts in the worst second for each lost connection (${rate(peakAttemptsPerSecond)})`;
  return hardest === first
    ? `${best}, and asked most of the server: ${load}`
    : `${best}; ${nameOf(hardest)} asked most of the server: ${load}`;
}

function curves(herds: readonly Herd[], { aftermath, bins, frame, suffix, fault }: Storm): TimeChart {
  const lines = herds.slice(0, SIDES.length).map(({ population, recovery }, i): Line => {
    const back = countUpTo(samplesIn(aftermath.phases, 'recovery.time', population), bins.edgesMs);
    return {
      name: escapeTerminal(population).slice(0, 24),
      tone: SIDES[i] ?? 'context',
      style: 'solid',
      values: fromFaultOn(bins.edgesMs, (_edgeMs, at) => (back[at] ?? 0) / recovery.dropped),
    };
  });
  return {
    id: `policies-curve${suffix}`,
    frame,
    title: `Share of each population's lost connections that is open again, by time since the ${fault}`,
    alt: herds.map((herd) => `${nameOf(herd)}: ${timeWords(herd.recovery.t99Ms)} for 99 %`).join('; '),
    height: 184,
    axis: { ...SHARE_AXIS, max: 1.06 },
    atMs: bins.edgesMs,
    form: 'line',
    lines,
    notes: [],
    heat: null,
    names: false,
  };
}

function timeWords(ms: number | null): string {
  return ms === null ? 'not reached' : duration(ms * 1000);
}

function herdTable(herds: readonly Herd[], { recovery: all }: Storm): Table {
  const models = all.predicted?.populations ?? {};
  const hasModel = Object.keys(models).length > 0;
  return {
    caption: null,
    columns: [
      ...columns('name', 'population', 'policy'),
      ...columns(
        'number',
        'lost',
        'open again',
        '50 % after',
        '99 % after',
        ...(hasModel ? ['model'] : []),
        '100 % after',
      ),
      ...columns('number', 'attempts each', 'peak', 'herd factor', 'gave up'),
    ],
    rows: herds.map(({ population, policy, recovery }) => [
      population,
      policy ?? 'none',
      count(recovery.dropped),
      count(recovery.recovered),
      timeWords(recovery.t50Ms),
      timeWords(recovery.t99Ms),
      ...(hasModel ? [timeWords(models[population]?.t99Ms ?? null)] : []),
      timeWords(recovery.t100Ms),
      recovery.amplification === null ? '–' : factor(recovery.amplification),
      rate(recovery.peakAttemptsPerSecond),
      recovery.herdFactor === null ? '–' : factor(recovery.herdFactor),
      count(recovery.gaveUp),
    ]),
  };
}
