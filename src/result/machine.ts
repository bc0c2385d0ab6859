import type { Machine } from './types.js';

/** The same kind of machine: a runner of a fleet is a new one each time. */
export function isSameMachine(a: Machine, b: Machine): boolean {
  const [less, more] = [a.memory.totalBytes, b.memory.totalBytes].sort((x, y) => x - y) as [number, number];
  return (
    a.os === b.os &&
    a.cpus.model === b.cpus.model &&
    a.cpus.count === b.cpus.count &&
    less >= more * 0.95 &&
    a.node === b.node
  );
}
