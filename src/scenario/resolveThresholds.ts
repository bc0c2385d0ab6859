import type { Scope } from './measured.js';
import type { Path, Report } from './problem.js';
import type { PhaseSpec, Threshold } from './scenario.js';
import { parseThreshold } from './thresholds.js';
import type { CheckedDocument } from './validate.js';

/** What thresholds may be about. */
export function scopeOf({ sound, broken }: CheckedDocument, phases: readonly PhaseSpec[]): Scope {
  const doing = ['heartbeat', 'echo', 'publish', 'acknowledge', 'read', 'reconnect'] as const;
  const populations = Object.entries(sound.populations ?? {}).map(
    ([name, settings]): [string, readonly string[]] => [
      name,
      doing.filter((key) => settings[key] !== undefined),
    ],
  );
  return {
    populations: new Map(populations),
    phases: phases.map((phase) => phase.name),
    hasFault: phases.some(({ kind }) => kind === 'fault'),
    hasBeside: sound.beside !== undefined || broken.has('beside'),
  };
}

/** True when connections that are lost come back. */
export function canReturn({ populations }: Scope): boolean {
  return [...populations.values()].some((doing) => doing.includes('reconnect'));
}

/** Every threshold that can be judged; what is wrong with the others goes to `report`. */
export function resolveThresholds(expressions: readonly string[], scope: Scope, report: Report): Threshold[] {
  const firstAt = new Map<string, number>();
  return expressions.flatMap((expression, i) => {
    const path: Path = ['thresholds', i];
    const parsed = parseThreshold(expression, scope);
    if ('problem' in parsed) {
      report(path, parsed.problem);
      return [];
    }
    const identity = JSON.stringify({ ...parsed.threshold, expression: '' });
    const first = firstAt.get(identity);
    if (first !== undefined) report(path, `says the same as thresholds.${first}: take one of them out`);
    else firstAt.set(identity, i);
    return [parsed.threshold];
  });
}
