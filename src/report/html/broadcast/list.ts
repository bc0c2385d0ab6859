import type { RunResult } from '../../../result/types.js';
import type { Section } from '../section.js';
import { acknowledgeSection } from './acknowledgeSection.js';
import { deliverySection } from './deliverySection.js';
import { fanOutSection } from './fanOutSection.js';
import { inOutSection } from './inOutSection.js';
import { slowReadersSection } from './slowReadersSection.js';

/** Everything about messages that are published, in the order of a reader's questions; empty where nobody does. */
export function broadcastSections(result: RunResult): Section[] {
  const { broadcast } = result;
  if (broadcast === null) return [];
  return [
    deliverySection(result, broadcast),
    fanOutSection(result, broadcast),
    slowReadersSection(result),
    acknowledgeSection(result),
    inOutSection(result, broadcast),
  ].filter((section) => section !== null);
}
