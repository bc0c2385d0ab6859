import type { FaultDocument } from './faultSchema.js';
import type { FaultSpec } from './faultSpec.js';
import type { Path } from './problem.js';
import { fillEnv, type Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

/** One fault in base units, the environment filled in. */
export function resolveFault(fault: FaultDocument, path: Path, around: Surroundings): FaultSpec {
  const { kind } = fault;
  switch (kind) {
    case 'kill-target':
      return { kind, downUs: us(fault.down) };
    case 'restart-target':
      return { kind, downUs: us(fault.down), graceUs: us(fault.grace) };
    case 'disconnect':
      return { kind, share: part(fault.share), how: fault.how, code: fault.code ?? 1012 };
    case 'refuse':
      return { kind, forUs: us(fault.for) };
    case 'reset':
    case 'blackhole':
      return { kind, forUs: us(fault.for), share: part(fault.share) };
    case 'latency':
      return {
        kind,
        forUs: us(fault.for),
        share: part(fault.share),
        delayUs: us(fault.delay),
        jitterUs: us(fault.jitter),
      };
    case 'bandwidth':
      return {
        kind,
        forUs: us(fault.for),
        share: part(fault.share),
        bytesPerSecond: baseValue('size', fault.rate),
      };
    case 'slow-accept':
      return { kind, forUs: us(fault.for), perSecond: baseValue('rate', fault.rate) };
    case 'command':
      return { kind, run: fillWords(fault.run, [...path, 'run'], around), timeoutUs: us(fault.timeout) };
  }
}

/** Words that could not be filled in are left out: their problem is reported. */
function fillWords(words: readonly string[], path: Path, around: Surroundings): string[] {
  return words.map((word, i) => fillEnv(word, [...path, i], ['env'], around)).filter((word) => word !== null);
}

function us(text: string): number {
  return baseValue('duration', text);
}

function part(text: string): number {
  return baseValue('percentage', text);
}
