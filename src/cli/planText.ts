import type { PlannedCurve } from '../plan/curve.js';
import type { Plan } from '../plan/plan.js';
import { redactor } from '../redact.js';
import { bytes, count, duration } from '../report/numbers.js';
import { escapeTerminal } from '../report/visible.js';
import type { Machine } from '../result/types.js';
import type { PopulationSpec, Scenario, TargetSpec } from '../scenario/scenario.js';

const CURVE_COLUMNS = 60;
const CURVE_ROWS = 8;
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** What `check` shows: who connects when, what that takes, and every program it would start. */
export function describePlan(scenario: Scenario, plan: Plan, curve: PlannedCurve, machine: Machine): string {
  const { descriptors, ports } = machine.limits;
  return [
    `${scenario.name}: ${count(plan.connections)} connections, about ${duration(curve.durationUs)}`,
    '',
    ...drawCurve(curve, plan.connections),
    '',
    'Timeline',
    ...curve.phases.map(
      ({ name, startUs, endUs }) =>
        `  ${name.padEnd(10)} from ${duration(startUs)} for ${duration(endUs - startUs)}`,
    ),
    '',
    'Populations',
    ...scenario.populations.map((population) => `  ${describePopulation(population)}`),
    '',
    'Needs',
    `  workers      ${plan.shards.length} of ${machine.cpus.count} cores`,
    `  descriptors  ${count(plan.descriptors)}${descriptors === null ? '' : ` of ${count(descriptors)}`}`,
    `  ports        ${count(plan.connections)}${ports === null ? '' : ` of ${count(ports)} for each source address`}${
      plan.sourceAddresses > 1 ? `: ${plan.sourceAddresses} source addresses` : ''
    }`,
    `  memory       about ${bytes(plan.memoryBytes)} at the generator; ${bytes(machine.memory.availableBytes)} are available`,
    `  programs     ${redactor(scenario.secrets)(describePrograms(scenario.target))}`,
    '',
    'Thresholds',
    ...(scenario.thresholds.length === 0
      ? ['  none but connections.neverOpened == 0']
      : scenario.thresholds.map(({ expression }) => `  ${expression}`)),
  ].join('\n');
}

/** Connections over time, as blocks. */
function drawCurve({ arrivalsUs, durationUs, phases }: PlannedCurve, connections: number): string[] {
  const closingUs = phases.at(-1)?.endUs ?? durationUs;
  const heights = Array.from({ length: CURVE_COLUMNS }, (_, column) => {
    const atUs = ((column + 1) * durationUs) / CURVE_COLUMNS;
    if (atUs > closingUs) return 0;
    const arrived = arrivalsUs.findLastIndex((arrivalUs) => arrivalUs <= atUs) + 1;
    return (arrived / connections) * CURVE_ROWS;
  });
  const width = count(connections).length;
  const rows = Array.from({ length: CURVE_ROWS }, (_, row) => {
    const floor = CURVE_ROWS - 1 - row;
    const label = row === 0 ? count(connections) : '';
    const blocks = heights.map((height) => BLOCKS[Math.round(Math.min(1, Math.max(0, height - floor)) * 8)]);
    return `  ${label.padStart(width)} │${blocks.join('').trimEnd()}`;
  });
  const end = duration(durationUs);
  return [
    ...rows,
    `  ${' '.repeat(width)} └${'─'.repeat(CURVE_COLUMNS)}`,
    `  ${' '.repeat(width)}  0${end.padStart(CURVE_COLUMNS - 1)}`,
  ];
}

function describePopulation({ name, connections, patterns, dialect, connect }: PopulationSpec): string {
  const what = patterns.map(({ kind }) => kind).join(', ') || 'idle';
  return `${name}: ${count(connections)} connections, ${what}; dialect ${dialect}, engine ${connect.engine}`;
}

function describePrograms(target: TargetSpec): string {
  switch (target.kind) {
    case 'url':
      return `none; ${escapeTerminal(target.url)} runs already`;
    case 'server':
      return `the reference server ${target.server}, in a process of its own`;
    case 'command':
      return escapeTerminal(target.command.join(' '));
  }
}
