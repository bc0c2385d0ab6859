import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import type { Machine } from '../result/types.js';

/** Limits that the kernel sets when /proc does not tell: the usual range of ephemeral ports. */
const USUAL_PORTS = 28_232;

/** What this machine is and what it can carry. */
export function readMachine(coLocated: boolean): Machine {
  return {
    node: process.version,
    os: `${type()} ${release()}`,
    cpus: { model: cpus()[0]?.model.trim() ?? 'unknown', count: availableParallelism() },
    memory: { totalBytes: totalmem(), availableBytes: readAvailableBytes() },
    limits: { descriptors: readDescriptorLimit(), ...readPorts() },
    coLocated,
  };
}

/** The soft limit of open files of this process, which Node has raised to the hard one; null when unlimited or unknown. */
function readDescriptorLimit(): number | null {
  const soft = readText('/proc/self/limits')?.match(/^Max open files\s+(\d+)/m)?.[1];
  return soft === undefined ? null : Number(soft);
}

function readPorts(): Pick<Machine['limits'], 'ports' | 'firstPort'> {
  const [low, high] =
    readText('/proc/sys/net/ipv4/ip_local_port_range')?.trim().split(/\s+/).map(Number) ?? [];
  if (low === undefined || high === undefined) return { ports: USUAL_PORTS, firstPort: null };
  return { ports: high - low + 1, firstPort: low };
}

/** What can be used without swapping; `freemem` leaves out what the page cache would give back. */
function readAvailableBytes(): number {
  const kiB = readText('/proc/meminfo')?.match(/^MemAvailable:\s+(\d+) kB/m)?.[1];
  return kiB === undefined ? freemem() : Number(kiB) * 1024;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
