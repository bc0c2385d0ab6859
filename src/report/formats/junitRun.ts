import type { RunResult, ThresholdVerdict } from '../../result/types.js';
import { verdict } from '../verdict.js';
import { junitXml, passed, type TestCase } from './junit.js';
import { unsoundness } from './soundness.js';
import { seenAndLimitWords } from './thresholdWords.js';

/** A test for each threshold, and one for whether the run says anything at all. */
export function junitOfRun(result: RunResult): string {
  const { run, scenario, target, tool } = result;
  return junitXml({
    name: scenario.name,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    properties: {
      tool: `${tool.name} ${tool.version}`,
      run: run.id,
      command: run.command,
      target: target.name,
      validity: run.validity.status,
    },
    cases: [validityCase(result), ...result.thresholds.map(thresholdCase)],
    output: verdict(result).sentence,
  });
}

/** The only one that takes time: the thresholds are judged when the run is over. */
function validityCase(result: RunResult): TestCase {
  const { durationMs, validity } = result.run;
  const [message, ...reasons] = unsoundness(result);
  if (message === undefined) return passed('validity', durationMs);
  return {
    name: 'validity',
    durationMs,
    trouble: { kind: 'error', type: validity.status, message, detail: reasons.join('\n') },
  };
}

function thresholdCase(threshold: ThresholdVerdict): TestCase {
  const { expression } = threshold;
  if (threshold.passed) return passed(expression);
  const message = seenAndLimitWords(threshold);
  return {
    name: expression,
    durationMs: 0,
    trouble: { kind: 'failure', type: 'threshold', message, detail: `${expression}: ${message}` },
  };
}
