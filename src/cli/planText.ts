import { dialectName } from '../dialects/abilities.js';
import type { PatternSpec } from '../patterns/list.js';
import type { PlannedCurve } from '../plan/curve.js';
import type { Plan } from '../plan/plan.js';
import { redactor } from '../redact.js';
import { bytes, count, counted, duration } from '../report/numbers.js';
import { escapeTerminal } from '../report/visible.js';
import type { Machine } from '../result/types.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import { describeBroadcast } from './broadcastText.js';
import { drawPicture, PICTURE_COLUMNS } from './picture.js';

/** What `check` shows: who connects when, what that takes, and every program it would start. */
export function describePlan(scenario: Scenario, plan: Plan, curve: PlannedCurve, machine: Machine): string {
  const { descriptors, ports } = machine.limits;
  return [
    `${scenario.name}: ${count(plan.connections)} connections, about ${duration(curve.durationUs)}`,
    '',
    ...drawCurve(curve, plan.connections),
    '',
    'Timeline',
    ...curve.phases.map(({ name, startUs, endUs, mayEndEarly }) =>
      endUs === startUs
        ? `  ${name.padEnd(10)} at ${duration(startUs)}`
        : `  ${name.padEnd(10)} from ${duration(startUs)} for ${mayEndEarly ? 'at most ' : ''}${duration(endUs - startUs)}`,
    ),
    '',
    'Populations',
    ...scenario.populations.map((population) => `  ${describePopulation(population)}`),
    ...(plan.broadcast === null ? [] : ['', ...describeBroadcast(plan.broadcast, plan.shards.length)]),
    '',
    'Needs',
    plan.processes === null
      ? `  workers      ${counted(plan.shards.length, 'thread')} on ${counted(machine.cpus.count, 'core')}`
      : `  processes    ${count(plan.processes)} with a worker each, on ${counted(machine.cpus.count, 'core')}`,
    `  descriptors  ${count(plan.descriptors)}${descriptors === null ? '' : ` of ${count(descriptors)}`} in one process`,
    `  ports        ${count(plan.connections)}${ports === null ? '' : ` of ${count(ports)} for each source address`}${
      plan.sources.needed > 1 ? `: ${plan.sources.needed} source addresses` : ''
    }`,
    `  memory       about ${bytes(plan.memoryBytes)} at the generator; ${bytes(machine.memory.availableBytes)} are available`,
    ...describePrograms(scenario).map(
      (program, i) => `  ${i === 0 ? 'programs' : '        '}     ${redactor(scenario.secrets)(program)}`,
    ),
    '',
    'Thresholds',
    ...(scenario.thresholds.length === 0
      ? ['  none but connections.neverOpened == 0']
      : scenario.thresholds.map(({ expression }) => `  ${expression}`)),
  ].join('\n');
}

/** Connections over time. */
function drawCurve({ arrivalsUs, durationUs, phases }: PlannedCurve, connections: number): string[] {
  const closingUs = phases.at(-1)?.endUs ?? durationUs;
  const shares = Array.from({ length: PICTURE_COLUMNS }, (_, column) => {
    const atUs = ((column + 1) * durationUs) / PICTURE_COLUMNS;
    if (atUs > closingUs) return 0;
    return (arrivalsUs.findLastIndex((arrivalUs) => arrivalUs <= atUs) + 1) / connections;
  });
  return drawPicture({ shares, top: count(connections), end: duration(durationUs) });
}

function describePopulation(population: PopulationSpec): string {
  const { name, connections, patterns, dialect, connect, reconnect } = population;
  const what = patterns.flatMap(describePattern).join(', ') || 'idle';
  const back = reconnect === null ? '' : `, reconnects by ${reconnect.name}`;
  return `${name}: ${count(connections)} connections, ${what}${back}; dialect ${escapeTerminal(dialectName(dialect))}, engine ${connect.engine}`;
}

/** Whoever is not told to join anything receives what is for everybody. */
function describePattern(pattern: PatternSpec): string[] {
  if (pattern.kind !== 'join') return [pattern.kind];
  const { rooms, acknowledges } = pattern.options;
  return [rooms === null ? 'receive' : 'join', ...(acknowledges ? ['acknowledge'] : [])];
}

/** Every program that a run would start, and those that it finds running. */
function describePrograms({ target, proxied, beside, timeline }: Scenario): string[] {
  return [
    describeTarget(target),
    ...(proxied ? ['the fault proxy, in a process of its own'] : []),
    ...(beside === null
      ? []
      : [`HTTP requests for ${escapeTerminal(beside.path)}, in a thread of their own`]),
    ...timeline.flatMap((phase) =>
      phase.kind === 'fault' && phase.fault.kind === 'command'
        ? [`${escapeTerminal(phase.fault.run.join(' '))}, at ${phase.name}`]
        : [],
    ),
  ];
}

function describeTarget(target: Scenario['target']): string {
  switch (target.kind) {
    case 'url':
      return `none; ${escapeTerminal(target.url)} runs already`;
    case 'server':
      return target.instances === 1
        ? `the reference server ${target.server}, in a process of its own`
        : `the reference server ${target.server}, in ${count(target.instances)} processes`;
    case 'command':
      return `${escapeTerminal(target.command.join(' '))}${target.instances === 1 ? '' : `, ${count(target.instances)} times`}`;
  }
}
