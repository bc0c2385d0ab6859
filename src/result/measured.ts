import { catalogue, ofNoPopulation } from '../metrics/catalogue.js';
import { patternOf } from '../scenario/deliveryPopulations.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import type { MetricSet } from './metricSet.js';
import { TotalHistogram } from './totalHistogram.js';
import type { Metric, Metrics } from './types.js';

/** Groups whose histograms are there without a sample too: that nothing was delivered has to be told. */
const WITH_HISTOGRAMS: readonly string[] = ['broadcast', 'acknowledge'];

/**
 * The metrics of one population or, with null, of all. What the scenario measures is there although nothing was counted:
 * its counters are 0. What nobody does is not there.
 */
export function metricsOf(set: MetricSet, scenario: Scenario, population: string | null): Metrics {
  const groups = measuredBy(scenario, population);
  const metrics: Record<string, Metric> = {};
  for (const [name, { kind }] of Object.entries(catalogue)) {
    const group = groupOf(name);
    if (!groups.includes(group)) continue;
    if (population !== null && ofNoPopulation.some((known) => known === name)) continue;
    if (kind === 'counter') metrics[name] = { kind, value: 0 };
    else if (WITH_HISTOGRAMS.includes(group)) metrics[name] = new TotalHistogram().toMetric('us');
  }
  return { ...metrics, ...set.toMetrics() };
}

function groupOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

/** The groups of metrics that a scenario fills, of one population or, with null, of all. */
function measuredBy({ populations, timeline, beside }: Scenario, population: string | null): string[] {
  const members = populations.filter(({ name }) => population === null || name === population);
  const anyPublishes = populations.some((any) => patternOf(any, 'publish') !== null);
  return [
    ...members.flatMap((member) => groupsOf(member)),
    ...(anyPublishes ? ['broadcast'] : []),
    ...(timeline.some(({ kind }) => kind === 'fault') ? ['recovery'] : []),
    ...(beside !== null && population === null ? ['http'] : []),
  ];
}

function groupsOf(population: PopulationSpec): string[] {
  const acknowledges =
    (patternOf(population, 'publish')?.options.acknowledge ?? null) !== null ||
    patternOf(population, 'join')?.options.acknowledges === true;
  return [
    ...(patternOf(population, 'heartbeat') === null ? [] : ['heartbeat']),
    ...(patternOf(population, 'echo') === null ? [] : ['echo']),
    ...(patternOf(population, 'read') === null ? [] : ['reading']),
    ...(acknowledges ? ['acknowledge'] : []),
    ...(population.reconnect === null ? [] : ['reconnect']),
  ];
}
