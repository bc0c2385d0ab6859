/** The page of a capacity search: how much the server holds, what gave out first, what the next size would need. */
import type { CapacityRecord } from '../result/capacity.js';
import { capacityVerdict } from './capacityWords.js';
import { capacityOpening } from './html/capacity/opening.js';
import { capacitySections } from './html/capacity/sections.js';
import { htmlDocument } from './html/document.js';

/** A whole HTML document in one file; the reports of the tries are linked by their folders beside it. */
export function renderCapacity(record: CapacityRecord): string {
  return htmlDocument({
    title: `${record.scenario.name}: ${capacityVerdict(record).sentence}`,
    opening: capacityOpening(record),
    first: null,
    sections: capacitySections(record),
    frames: {},
  });
}
