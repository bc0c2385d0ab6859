import type { TargetSpec } from '../scenario/scenario.js';
import { type MetricsPage, openMetricsPage } from './metricsPage.js';
import type { ProbeSocket } from './probeSocket.js';

/** What a target tells of itself, beside what the system tells of its processes. */
export interface Insight {
  /** Where its probes connect, if it carries any; null for a target that wsherd did not start. */
  readonly probe: ProbeSocket | null;
  /** What it tells Prometheus; null unless the scenario names the page. */
  readonly page: MetricsPage | null;
}

export const NO_INSIGHT: Insight = { probe: null, page: null };

/**
 * The metrics page of a target that is ready; throws as `openMetricsPage` does.
 * @param port Fills in `${port}`, which a command's page may have.
 */
export async function findPage(
  spec: TargetSpec,
  port: number,
  allowTargets: readonly string[],
): Promise<MetricsPage | null> {
  if (spec.kind === 'server' || spec.metrics === undefined) return null;
  const url = spec.metrics.url.replaceAll('${port}', String(port));
  const isWatched = spec.kind === 'command' || spec.pid !== null;
  return openMetricsPage({ ...spec.metrics, url }, allowTargets, !isWatched);
}
