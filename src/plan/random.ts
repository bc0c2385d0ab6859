/**
 * Randomness without a shared sequence: every draw is a function of what it is for, so that a scenario does
 * the same on one worker and on three. The mixer is MurmurHash3's 32-bit finaliser, applied to each part.
 */

/** Uniform in [0, 1) with 32 bits. `population` is a hash of its name. */
export function randomAt(
  seed: number,
  population: number,
  connection: number,
  purpose: number,
  k: number,
): number {
  let hash = mix(seed ^ 0x9e3779b9);
  hash = mix(hash ^ population);
  hash = mix(hash ^ connection);
  hash = mix(hash ^ purpose);
  hash = mix(hash ^ k);
  return (hash >>> 0) / 0x1_0000_0000;
}

/** A 32-bit number for a name (FNV-1a). */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** A draw from the exponential distribution with mean 1, from a uniform draw in [0, 1). */
export function exponential(uniform: number): number {
  return -Math.log(1 - uniform);
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
