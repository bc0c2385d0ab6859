/** The page that lays the runs of a matrix side by side. */
import type { MatrixRecord } from '../result/matrix.js';
import type { Frame } from './html/chart.js';
import { htmlDocument } from './html/document.js';
import { matrixOpening } from './html/matrix/opening.js';
import { matrixSections } from './html/matrix/sections.js';
import { sideFrame, stormsSideBySide } from './html/matrix/storms.js';
import { matrixVerdict } from './matrixWords.js';

/** A whole HTML document in one file; the reports of the runs are linked by their folders beside it. */
export function renderMatrix(matrix: MatrixRecord): string {
  const storms = stormsSideBySide(matrix);
  const frames: Record<string, Frame> = Object.fromEntries(
    storms.map((storm) => [storm.frame, sideFrame(storm)]),
  );
  return htmlDocument({
    title: `${matrix.scenario.name}: ${matrixVerdict(matrix).sentence}`,
    opening: matrixOpening(matrix),
    first: null,
    sections: matrixSections(matrix, storms),
    frames,
  });
}
