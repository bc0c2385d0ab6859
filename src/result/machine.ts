import type { Machine } from './types.js';

/** The same kind of machine: a runner of a fleet is a new one each time, and gets its patches. */
export function isSameMachine(a: Machine, b: Machine): boolean {
  const [less, more] = [a.memory.totalBytes, b.memory.totalBytes].sort((x, y) => x - y) as [number, number];
  return (
    release(a.os) === release(b.os) &&
    a.cpus.model === b.cpus.model &&
    a.cpus.count === b.cpus.count &&
    less >= more * 0.95 &&
    release(a.node) === release(b.node)
  );
}

/** `Linux 6.18` of `Linux 6.18.44-generic`, `v20.20` of `v20.20.2`. */
function release(name: string): string {
  return /^\D*\d+\.\d+/.exec(name)?.[0] ?? name;
}
