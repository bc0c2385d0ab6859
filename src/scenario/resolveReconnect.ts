import { policyOf, type ReconnectOverrides } from '../policies/override.js';
import type { CloseRule, ReconnectPolicy } from '../policies/policy.js';
import { findPreset, presetNames } from '../policies/presets.js';
import { type Path, type Report, shown } from './problem.js';
import type { ReconnectDocument } from './reconnectSchema.js';
import { closest } from './suggest.js';
import { baseValue } from './units.js';

/** The policy with what the scenario changes about it, or null when there were problems. */
export function resolveReconnect(
  reconnect: ReconnectDocument,
  path: Path,
  report: Report,
): ReconnectPolicy | null {
  const preset = findPreset(reconnect.policy);
  if (preset === null) {
    report([...path, 'policy'], `no policy is called ${shown(reconnect.policy)}${hint(reconnect.policy)}`);
    return null;
  }
  const resolved = policyOf(preset.policy, overridesOf(reconnect));
  if ('policy' in resolved) return resolved.policy;
  for (const { key, message } of resolved.problems) report([...path, key], message);
  return null;
}

/** There are too many policies to list them in a message. */
function hint(written: string): string {
  const name = closest(written, presetNames);
  return name === null
    ? ': wsherd presets lists them'
    : `, did you mean "${name}"? wsherd presets lists them`;
}

function overridesOf(reconnect: ReconnectDocument): ReconnectOverrides {
  const { attempts, jitter, delays, onClose } = reconnect;
  return {
    base: durationOf(reconnect.base),
    factor: reconnect.factor,
    step: durationOf(reconnect.step),
    cap: durationOf(reconnect.cap),
    delays: delays?.map((delay) => baseValue('duration', delay)),
    jitter: jitter === undefined ? undefined : jitterOf(jitter),
    attempts: attempts === 'unlimited' ? null : attempts,
    resetAfter: durationOf(reconnect.resetAfter),
    connectTimeout: durationOf(reconnect.connectTimeout),
    onClose: onClose === undefined ? undefined : closeRules(onClose),
    retryAfter: reconnect.retryAfter,
  };
}

function durationOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : baseValue('duration', text);
}

function jitterOf(text: string): NonNullable<ReconnectOverrides['jitter']> {
  switch (text) {
    case 'none':
    case 'full':
    case 'equal':
    case 'decorrelated':
      return text;
    default:
      return baseValue('percentage', text);
  }
}

/** The narrower of two rules comes first: a code before a range that it lies in, `any` last. */
function closeRules(onClose: NonNullable<ReconnectDocument['onClose']>): CloseRule[] {
  return Object.entries(onClose)
    .map(([key, action]) => ({ codes: codesOf(key), action }))
    .sort((a, b) => widthOf(a) - widthOf(b));
}

function codesOf(key: string): CloseRule['codes'] {
  if (key === 'any') return 'any-frame';
  const [from = 0, to = from] = key.split('-').map(Number);
  return [from, to];
}

function widthOf({ codes }: CloseRule): number {
  return codes === 'any-frame' ? Number.POSITIVE_INFINITY : codes[1] - codes[0];
}
