/** The page of a comparison: whether the candidate is worse than the baseline, by how much, and how sure that is. */
import type { ComparisonRecord } from '../result/comparison.js';
import { comparisonAnswer } from './comparisonWords.js';
import { comparisonOpening } from './html/comparison/opening.js';
import { comparisonSections } from './html/comparison/sections.js';
import { htmlDocument } from './html/document.js';

/** A whole HTML document in one file; the reports of runs that were made for it are linked by their folders beside it. */
export function renderComparison(record: ComparisonRecord): string {
  return htmlDocument({
    title: `${record.scenario.name}: ${comparisonAnswer(record).sentence}`,
    opening: comparisonOpening(record),
    first: null,
    sections: comparisonSections(record),
    frames: {},
  });
}
