/** What a report needs of the scenario as it was resolved: plain data, of which nothing is certain. */
import { readAmount } from './limits.js';

/** The longest time after which a client knows that its connection is dead, in us: a heartbeat's period and timeout. */
export function heartbeatBoundUs(resolved: unknown): number | null {
  const bounds = Object.values(entriesOf(resolved, 'populations')).flatMap((population) => {
    const every = durationAt(population, 'heartbeat', 'every');
    const timeout = durationAt(population, 'heartbeat', 'timeout');
    return every === null || timeout === null ? [] : [every + timeout];
  });
  return bounds.length === 0 ? null : Math.max(...bounds);
}

/** The name of a population's reconnect policy; null without one. */
export function policyOf(resolved: unknown, population: string): string | null {
  const policy = valueAt(resolved, 'populations', population, 'reconnect', 'policy');
  return typeof policy === 'string' ? policy : null;
}

function durationAt(value: unknown, ...path: readonly string[]): number | null {
  const found = valueAt(value, ...path);
  const amount = typeof found === 'string' ? readAmount(found) : null;
  return amount?.kind === 'us' ? amount.value : null;
}

function entriesOf(value: unknown, ...path: readonly string[]): object {
  const found = valueAt(value, ...path);
  return typeof found === 'object' && found !== null ? found : {};
}

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => {
    if (typeof found !== 'object' || found === null) return undefined;
    return Object.entries(found).find(([name]) => name === key)?.[1];
  }, value);
}
