import { clientPolicies } from './clients.js';
import { genericPolicies } from './generic.js';
import type { Preset } from './row.js';
import { servicePolicies } from './services.js';
import { systemPolicies } from './systems.js';

/** Every policy that a scenario can name, in the order in which they are listed. */
export const presetGroups = {
  Generic: genericPolicies,
  Clients: clientPolicies,
  'Clients of one service': servicePolicies,
  'Written by hand': systemPolicies,
} as const satisfies Record<string, readonly Preset[]>;

const byName: ReadonlyMap<string, Preset> = new Map(
  Object.values(presetGroups).flatMap((presets) => presets.map((preset) => [preset.policy.name, preset])),
);

export const presetNames: readonly string[] = [...byName.keys()];

export function findPreset(name: string): Preset | null {
  return byName.get(name) ?? null;
}
