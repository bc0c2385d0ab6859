import type { Machine } from '../result/types.js';

/** Where connections come from. */
export interface SourcePlan {
  /** Source addresses without which there are too few ports. */
  readonly needed: number;
  /** Where addresses are for the taking: how many are taken; 1 leaves the address to the kernel. */
  readonly taken: number;
  /** Ports that connections bind themselves there, or null: the kernel chooses. */
  readonly ports: { readonly first: number; readonly count: number } | null;
}

/** What the kernel can give of the ephemeral ports in the end: some are in use by others. */
const MOST_SHARE = 0.9;

/**
 * Linux gives out ports of one parity first, and looks through all of these before it takes one of the other
 * (`__inet_hash_connect`): from half of the ports on, each connect takes it milliseconds.
 */
const QUICK_SHARE = 0.45;

/** Below it are the ports of well-known servers. */
const FIRST_OWN_PORT = 10_000;
/** Each population rounds its places up; there are no more than this many. */
const ROUNDING = 1000;
/** Fewer are not worth the trouble. */
const LEAST_OWN_PORTS = 5000;

/**
 * Left to itself, the kernel gives each port once for every address and port that is connected to. A port that is bound
 * by its number can be so for every endpoint too, and needs no search: it is taken from below the ephemeral ones, which
 * the kernel may have given to others. One that is bound without a number serves once for all endpoints.
 */
export function planSources(connections: number, instances: number, limits: Machine['limits']): SourcePlan {
  const { ports, firstPort = null } = limits;
  if (ports === null) return { needed: 1, taken: 1, ports: null };
  const perEndpoint = Math.ceil(connections / instances);
  const needed = perEndpoint <= ports * MOST_SHARE ? 1 : Math.ceil(connections / (ports * MOST_SHARE));
  if (perEndpoint <= ports * QUICK_SHARE) return { needed, taken: 1, ports: null };
  const count = (firstPort ?? 0) - FIRST_OWN_PORT;
  if (count < LEAST_OWN_PORTS) return { needed, taken: needed, ports: null };
  return {
    needed,
    taken: Math.ceil((perEndpoint + ROUNDING) / count),
    ports: { first: FIRST_OWN_PORT, count },
  };
}
