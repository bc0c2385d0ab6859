import { type RoundsOptions, runRounds } from '../compare/rounds.js';
import { comparisonAnswer } from '../report/comparisonWords.js';
import type { ComparisonRecord, Side } from '../result/comparison.js';
import type { Validity } from '../result/types.js';
import { checkDialects } from '../scenario/checkDialects.js';
import type { Scenario } from '../scenario/scenario.js';
import { parseRounds, type RoundsArguments } from './comparingOptions.js';
import { deliver, deliverComparison } from './deliver.js';
import { interruptible } from './interrupt.js';
import { parseReporters } from './options.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';
import { mannerOf, type RunningArguments } from './runOptions.js';

type Comparison = Pick<RoundsOptions, 'kind' | 'folder' | 'tolerance' | 'calibration'>;

/** Runs two sides in turn, shows how it goes, and makes the reports of each run and of their comparison. */
export async function runInTurn(
  sides: Readonly<Record<Side, Scenario>>,
  given: RunningArguments & RoundsArguments,
  comparison: Comparison,
): Promise<ComparisonRecord> {
  const wanted = parseReporters(given.reporter);
  const rounds = parseRounds(given);
  await checkDialects(Object.values(sides));
  const manner = mannerOf(given);
  const progress = createProgress({ quiet: manner.quiet || !process.stderr.isTTY });
  const interrupt = interruptible();
  const say = (words: string): void => {
    progress.end();
    if (!manner.quiet) printError(words);
  };
  try {
    const record = await runRounds(sides, {
      ...manner,
      ...rounds,
      ...comparison,
      seed: sides.baseline.seed,
      interrupt: interrupt.signal,
      onLive: progress.show,
      onRun(side, round, folder, result) {
        say(
          `round ${round} of ${Math.max(round, rounds.rounds)}, ${side}: ${validityWords(result.run.validity)}`,
        );
        deliver(result, { folder, wanted, json: false, open: false, quiet: true });
      },
      onLook: (look) => say(`So far: ${comparisonAnswer(look).sentence}`),
    });
    const { json, open } = given;
    deliverComparison(record, { folder: comparison.folder, wanted, json, open, quiet: false });
    return record;
  } finally {
    progress.end();
    interrupt.release();
  }
}

function validityWords({ status, reasons }: Validity): string {
  return [status, ...reasons.slice(0, 1)].join(': ');
}
