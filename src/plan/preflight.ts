import type { Machine } from '../result/types.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Plan } from './plan.js';

/** Descriptors that a server needs beside its connections. */
const SERVER_DESCRIPTORS = 60;

/**
 * What stands in the way of the plan on this machine, each with its remedy; empty when nothing does. Pure, and
 * done before any socket is opened.
 */
export function preflight(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  return [
    ...descriptorProblems(scenario, plan, machine),
    ...portProblems(scenario, plan, machine),
    ...memoryProblems(plan, machine),
  ];
}

function descriptorProblems(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  const limit = machine.limits.descriptors;
  if (limit === null) return [];
  const serverNeeds = scenario.target.kind === 'url' ? 0 : plan.connections + SERVER_DESCRIPTORS;
  const needed = Math.max(plan.descriptors, serverNeeds);
  if (needed <= limit) return [];
  return [
    `${plan.connections} connections need ${needed} file descriptors in one process; the limit is ${limit}. ` +
      `Raise it in this shell with \`ulimit -n ${needed}\` (as root \`ulimit -Hn ${needed}\` first), or ask for at most ` +
      `${limit - (needed - plan.connections)} connections.`,
  ];
}

function portProblems(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  const { ports } = machine.limits;
  if (ports === null || plan.sourceAddresses === 1 || scenario.target.kind !== 'url') return [];
  const spread = scenario.populations.every(
    ({ connect }) =>
      connect.sourceAddresses !== 'auto' && connect.sourceAddresses.length >= plan.sourceAddresses,
  );
  if (spread || isLoopbackUrl(scenario.target.url)) return [];
  return [
    `${plan.connections} connections to one address and port need ${plan.sourceAddresses} source addresses, since each has only ` +
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

/** On the loopback interface, source addresses are there for the taking: 127.0.0.0/8. */
function isLoopbackUrl(url: string): boolean {
  return /^wss?:\/\/(localhost|127\.)/.test(url);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
