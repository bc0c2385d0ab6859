import type { RunResult } from '../../../result/types.js';
import { deliveryLeads } from '../../broadcastVerdict.js';
import { broadcastSections } from '../broadcast/list.js';
import type { Section } from '../section.js';
import { stormSections } from '../storm/list.js';
import { beside } from './beside.js';
import { books } from './books.js';
import { claims } from './claims.js';
import { closes } from './closes.js';
import { environment } from './environment.js';
import { applicationRefusals, failures } from './failures.js';
import { generator } from './generator.js';
import { handshakeLatency, headlineLatency, secondLatency } from './latency.js';
import { memory } from './memory.js';
import { metrics } from './metrics.js';
import { repeat } from './repeat.js';
import { scenario } from './scenario.js';
import { handshakeStages } from './stages.js';
import { target } from './target.js';
import { thresholds } from './thresholds.js';
import { traffic } from './traffic.js';
import { warnings } from './warnings.js';

/** In the order of a reader's questions; a section with nothing to say is left out. */
export function sectionsOf(result: RunResult): Section[] {
  const topics = [stormSections(result), broadcastSections(result)];
  if (deliveryLeads(result)) topics.reverse();
  const found = [...topics.flat(), ...sections.map((section) => section(result))];
  return found.filter((section) => section !== null);
}

const sections = [
  beside,
  headlineLatency,
  secondLatency,
  handshakeLatency,
  handshakeStages,
  memory,
  claims,
  closes,
  failures,
  applicationRefusals,
  books,
  thresholds,
  traffic,
  target,
  generator,
  metrics,
  scenario,
  environment,
  warnings,
  repeat,
] satisfies ReadonlyArray<(result: RunResult) => Section | null>;
