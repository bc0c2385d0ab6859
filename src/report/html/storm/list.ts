import type { RunResult } from '../../../result/types.js';
import type { Frame } from '../chart.js';
import type { Section } from '../section.js';
import { attemptsSection } from './attemptsSection.js';
import { causesSection } from './causesSection.js';
import { collateralSection } from './collateralSection.js';
import { faultsSection } from './faultsSection.js';
import { figuresSection } from './figuresSection.js';
import { noticedSection } from './noticedSection.js';
import { policiesSection } from './policiesSection.js';
import { recoverySection } from './recoverySection.js';
import { type Storm, stormFrame, stormsOf } from './storm.js';

/** Everything about faults, in the order of a reader's questions; empty without one. */
export function stormSections(result: RunResult): Section[] {
  const storms = stormsOf(result);
  return [
    faultsSection(result),
    ...storms.flatMap((storm) => ofOne(result, storm)),
    collateralSection(result),
    noticedSection(result),
  ].filter((section) => section !== null);
}

function ofOne(result: RunResult, storm: Storm): Array<Section | null> {
  return [
    recoverySection(storm),
    attemptsSection(storm),
    causesSection(result, storm),
    policiesSection(result, storm),
    figuresSection(storm),
  ];
}

/** The time axes of the storms, by name. */
export function stormFrames(result: RunResult): Record<string, Frame> {
  return Object.fromEntries(stormsOf(result).map((storm) => [storm.frame, stormFrame(result, storm)]));
}
