/** The public API: read a scenario, run it, draw reports from its record; and the types of a dialect of your own. */

export { type CapacityOptions, findCapacity } from './capacity/capacity.js';
export {
  type BinaryDialect,
  defineDialect,
  type Emit,
  type Outgoing,
  type TextDialect,
} from './dialects/defineDialect.js';
export type { MessageId } from './dialects/dialect.js';
export { ExitCode, PreflightError, ScenarioError, TargetError, UsageError, UserError } from './errors.js';
export { renderCapacityText } from './report/capacityText.js';
export { renderHtml } from './report/html.js';
export { renderSummary, type Summary } from './report/json.js';
export { renderText } from './report/text.js';
export type * from './result/capacity.js';
export { capacityExitCode, exitCodeOf } from './result/exitCode.js';
export { readCapacity, readResult } from './result/files.js';
export type * from './result/targetRecord.js';
export type * from './result/types.js';
export type { Live } from './run/live.js';
export { type RunOptions, runScenario } from './run/run.js';
export type { CapacitySpec } from './scenario/capacitySpec.js';
export { parseScenario, readScenario } from './scenario/read.js';
export type { Scenario } from './scenario/scenario.js';
