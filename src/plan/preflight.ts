import type { Machine } from '../result/types.js';
import type { Scenario, TargetSpec } from '../scenario/scenario.js';
import type { Plan } from './plan.js';

/** Descriptors that the fault proxy needs beside its connections. */
const PROXY_DESCRIPTORS_BESIDE = 100;

/**
 * What stands in the way of the plan on this machine, each with its remedy; empty when nothing does. Pure, and
 * done before any socket is opened.
 */
export function preflight(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  return [
    ...descriptorProblems(plan, machine),
    ...proxyProblems(scenario, plan, machine),
    ...portProblems(scenario, plan, machine),
    ...memoryProblems(plan, machine),
  ];
}

/** A server that wsherd starts has a process of its own and, but for its connections, needs fewer than we do. */
function descriptorProblems({ connections, descriptors }: Plan, machine: Machine): string[] {
  const limit = machine.limits.descriptors;
  if (limit === null || descriptors <= limit) return [];
  const possible = limit - (descriptors - connections);
  const fewer = possible > 0 ? `, or ask for at most ${possible} connections` : '';
  return [
    `${connections} connections need ${descriptors} file descriptors in one process; the limit is ${limit}. ` +
      `Raise it in this shell with \`ulimit -n ${descriptors}\` (as root \`ulimit -Hn ${descriptors}\` first)${fewer}.`,
  ];
}

/** A connection has two ends in the fault proxy. */
function proxyProblems({ proxied }: Scenario, { connections }: Plan, machine: Machine): string[] {
  const limit = machine.limits.descriptors;
  const needed = 2 * connections + PROXY_DESCRIPTORS_BESIDE;
  if (!proxied || limit === null || needed <= limit) return [];
  const possible = Math.floor((limit - PROXY_DESCRIPTORS_BESIDE) / 2);
  return [
    `${connections} connections through the proxy need ${needed} file descriptors in its process; the limit is ${limit}. ` +
      `Raise it in this shell with \`ulimit -n ${needed}\` (as root \`ulimit -Hn ${needed}\` first), or ask for at most ${Math.max(0, possible)} connections.`,
  ];
}

function portProblems(scenario: Scenario, plan: Plan, machine: Machine): string[] {
  const { ports } = machine.limits;
  if (ports === null || plan.sourceAddresses === 1) return [];
  const local = isOnLoopback(scenario.target);
  const spread = scenario.populations.every(({ connect: { sourceAddresses } }) =>
    sourceAddresses === 'auto' ? local : sourceAddresses.length >= plan.sourceAddresses,
  );
  if (spread) return [];
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

/** There, source addresses are for the taking: 127.0.0.0/8. What wsherd starts listens there. */
function isOnLoopback(target: TargetSpec): boolean {
  return target.kind !== 'url' || /^(localhost|127(\.\d+){3})$/.test(new URL(target.url).hostname);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
