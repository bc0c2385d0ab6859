import type { Machine } from '../result/types.js';
import type { Scenario, TargetSpec } from '../scenario/scenario.js';
import type { Plan } from './plan.js';

/** Descriptors that a server needs beside its connections. */
const SERVER_DESCRIPTORS_BESIDE = 50;

/** Descriptors that the fault proxy needs beside its connections. */
const PROXY_DESCRIPTORS_BESIDE = 100;

/**
 * What stands in the way of the plan on this machine, each with its remedy; empty when nothing does. Pure, and
 * done before any socket is opened.
 */
export function preflight(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  return [
    ...descriptorProblems(plan, machine),
    ...instanceProblems(scenario, plan, machine),
    ...proxyProblems(scenario, plan, machine),
    ...portProblems(scenario, plan, machine),
    ...memoryProblems(plan, machine),
  ];
}

function descriptorProblems(plan: Plan, machine: Machine): string[] {
  const { connections, connectionsPerProcess, descriptors } = plan;
  const limit = machine.limits.descriptors;
  if (limit === null || descriptors <= limit) return [];
  const beside = descriptors - connectionsPerProcess;
  const more =
    limit > beside
      ? `, take more processes: --processes ${Math.ceil(connections / (limit - beside))}, or ask for at most ` +
        `${(limit - beside) * (plan.processes ?? 1)} connections`
      : '';
  return [
    `${connections} connections need ${descriptors} file descriptors in one process; the limit is ${limit}. ` +
      `Raise it in this shell with ${raiseTo(descriptors)}${more}.`,
  ];
}

/** Each instance of a server that wsherd starts is a process of its own, with the limit that this one has. */
function instanceProblems({ target }: Scenario, { connections }: Plan, machine: Machine): string[] {
  const limit = machine.limits.descriptors;
  if (target.kind === 'url' || limit === null) return [];
  const room = limit - SERVER_DESCRIPTORS_BESIDE;
  const needed = Math.ceil(connections / target.instances) + SERVER_DESCRIPTORS_BESIDE;
  if (needed <= limit || room <= 0) return [];
  return [
    `${connections} connections need ${needed} file descriptors in ` +
      `${target.instances === 1 ? "the server's process" : `each of ${target.instances} server processes`}; the limit is ${limit}. Raise it in this shell with ` +
      `${raiseTo(needed)}, write target.instances: ${Math.ceil(connections / room)}, or ask for at most ` +
      `${room * target.instances} connections.`,
  ];
}

function raiseTo(descriptors: number): string {
  return `\`ulimit -n ${descriptors}\` (as root \`ulimit -Hn ${descriptors}\` first)`;
}

/** A connection has two ends in the fault proxy. */
function proxyProblems({ proxied }: Scenario, { connections }: Plan, machine: Machine): string[] {
  const limit = machine.limits.descriptors;
  const needed = 2 * connections + PROXY_DESCRIPTORS_BESIDE;
  if (!proxied || limit === null || needed <= limit) return [];
  const possible = Math.floor((limit - PROXY_DESCRIPTORS_BESIDE) / 2);
  return [
    `${connections} connections through the proxy need ${needed} file descriptors in its process; the limit is ${limit}. ` +
      `Raise it in this shell with ${raiseTo(needed)}, or ask for at most ${Math.max(0, possible)} connections.`,
  ];
}

function portProblems(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  const { ports } = machine.limits;
  const { needed } = plan.sources;
  if (ports === null || needed === 1) return [];
  const local = isOnLoopback(scenario.target);
  const spread = scenario.populations.every(({ connect: { sourceAddresses } }) =>
    sourceAddresses === 'auto' ? local : sourceAddresses.length >= needed,
  );
  if (spread) return [];
  return [
    `${plan.connections} connections to ${portsOf(scenario.target)} need ${needed} source addresses, since each has only ` +
      `${ports} ports. Name them with connect.sourceAddresses: [...], or widen the range with ` +
      '`sysctl -w net.ipv4.ip_local_port_range="1024 65535"`.',
  ];
}

function memoryProblems(plan: Plan, machine: Machine): string[] {
  const { availableBytes } = machine.memory;
  if (plan.memoryBytes <= availableBytes) return [];
  return [
    `${plan.connections} connections need about ${mebibytes(plan.memoryBytes)} MiB of memory at the generator; ` +
      `${mebibytes(availableBytes)} MiB are available. Ask for fewer connections, or free memory.`,
  ];
}

function portsOf(target: TargetSpec): string {
  return target.kind === 'url' || target.instances === 1
    ? 'one address and port'
    : `${target.instances} ports of one address`;
}

/** There, source addresses are for the taking: 127.0.0.0/8. What wsherd starts listens there. */
function isOnLoopback(target: TargetSpec): boolean {
  return target.kind !== 'url' || /^(localhost|127(\.\d+){3})$/.test(new URL(target.url).hostname);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
