import type { RunResult } from '../../../result/types.js';
import type { Section } from '../section.js';
import { stormSections } from '../storm/list.js';
import { beside } from './beside.js';
import { books } from './books.js';
import { closes } from './closes.js';
import { environment } from './environment.js';
import { failures } from './failures.js';
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
  const found = [...stormSections(result), ...sections.map((section) => section(result))];
  return found.filter((section) => section !== null);
}

const sections = [
  beside,
  headlineLatency,
  secondLatency,
  handshakeLatency,
  handshakeStages,
  memory,
  closes,
  failures,
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
