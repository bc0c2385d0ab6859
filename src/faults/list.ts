import type { FaultKind, FaultSpec } from '../scenario/faultSpec.js';
import { runCommand } from './command.js';
import { disconnect } from './disconnect.js';
import type { Fault, FaultParts } from './fault.js';
import { killTarget } from './killTarget.js';
import { lasting } from './lasting.js';
import { restartTarget } from './restartTarget.js';

type SpecOf<Kind extends FaultKind> = Extract<FaultSpec, { readonly kind: Kind }>;

/** Every fault; to add one, write its file, its line here, and its keys in `scenario/`. */
const faults: { readonly [Kind in FaultKind]: Fault<SpecOf<Kind>> } = {
  'kill-target': killTarget,
  'restart-target': restartTarget,
  disconnect,
  command: runCommand,
  refuse: lasting,
  reset: lasting,
  blackhole: lasting,
  latency: lasting,
  bandwidth: lasting,
  'slow-accept': lasting,
};

/** Does a fault; see `Fault` for when it resolves. */
export function doFault<Kind extends FaultKind>(
  kind: Kind,
  spec: SpecOf<Kind>,
  parts: FaultParts,
): Promise<void> {
  return faults[kind](spec, parts);
}
