import type { CloseRule, DelayRule, Jitter, ReconnectPolicy } from './policy.js';

/** What a scenario changes about a policy: its keys, with durations in us. */
export interface ReconnectOverrides {
  readonly base?: number | undefined;
  readonly factor?: number | undefined;
  readonly step?: number | undefined;
  readonly cap?: number | undefined;
  readonly delays?: readonly number[] | undefined;
  /** A number is the share of a deviation: 0.5 for 50 % more or less. */
  readonly jitter?: JitterWord | number | undefined;
  /** Null: unlimited. */
  readonly attempts?: number | null | undefined;
  readonly resetAfter?: number | undefined;
  readonly connectTimeout?: number | undefined;
  /** Before those of the policy. */
  readonly onClose?: readonly CloseRule[] | undefined;
  readonly retryAfter?: 'wait' | 'ignore' | undefined;
}

export const jitterWords = ['none', 'full', 'equal', 'decorrelated'] as const;
type JitterWord = (typeof jitterWords)[number];

/** A key that means nothing for its policy, and what to write instead. */
export interface OverrideProblem {
  readonly key: 'policy' | keyof ReconnectOverrides;
  readonly message: string;
}

/** A policy with some of its settings replaced, or everything that does not go together. */
export function policyOf(
  policy: ReconnectPolicy,
  overrides: ReconnectOverrides,
): { readonly policy: ReconnectPolicy } | { readonly problems: readonly OverrideProblem[] } {
  const delay = withOverrides(policy.delay, overrides);
  const problems = [...meaningless(policy, delay, overrides), ...impossible(policy.name, delay, overrides)];
  if (problems.length > 0) return { problems };
  const { attempts, resetAfter, connectTimeout, onClose = [], retryAfter } = overrides;
  return {
    policy: {
      name: policy.name,
      delay,
      attempts: attempts === undefined ? policy.attempts : attempts,
      resetAfterUs: resetAfter ?? policy.resetAfterUs,
      connectTimeoutUs: connectTimeout ?? policy.connectTimeoutUs,
      closes: [...onClose, ...policy.closes],
      waitsRetryAfter: retryAfter === undefined ? policy.waitsRetryAfter : retryAfter === 'wait',
    },
  };
}

function withOverrides(delay: DelayRule, overrides: ReconnectOverrides): DelayRule {
  const growth = withGrowth(delay.growth, overrides);
  return {
    growth,
    ...withCap(delay, overrides),
    jitters: withJitter(delay.jitters, growth, overrides),
    late: delay.late,
  };
}

function withGrowth(growth: DelayRule['growth'], overrides: ReconnectOverrides): DelayRule['growth'] {
  switch (growth.kind) {
    case 'list':
      return { ...growth, delaysUs: overrides.delays ?? growth.delaysUs };
    case 'linear':
      return { ...growth, baseUs: overrides.base ?? growth.baseUs, stepUs: overrides.step ?? growth.stepUs };
    case 'exponential':
      return {
        ...growth,
        baseUs: overrides.base ?? growth.baseUs,
        factor: overrides.factor ?? growth.factor,
      };
  }
}

function withCap(
  { capUs, capAfterJitterUs }: DelayRule,
  { cap, jitter }: ReconnectOverrides,
): Pick<DelayRule, 'capUs' | 'capAfterJitterUs'> {
  // A policy without a cap gets one that no delay exceeds.
  const before = capUs === null ? null : (cap ?? capUs);
  const after = capUs !== null && capAfterJitterUs === null ? null : (cap ?? capAfterJitterUs);
  // These jitters go down from the delay: from one that grows without end, all of them would end at the cap.
  const isDownward = jitter === 'full' || jitter === 'equal';
  return { capUs: isDownward ? (before ?? after) : before, capAfterJitterUs: after };
}

function withJitter(
  jitters: readonly Jitter[],
  growth: DelayRule['growth'],
  { jitter }: ReconnectOverrides,
): readonly Jitter[] {
  switch (jitter) {
    case undefined:
      return jitters.map((own) => (own.kind === 'decorrelated' ? decorrelated(growth) : own));
    case 'none':
      return [];
    case 'decorrelated':
      return [decorrelated(growth)];
    case 'full':
    case 'equal':
      return [{ kind: jitter }];
    default:
      return [{ kind: 'deviation', share: jitter }];
  }
}

function decorrelated(growth: DelayRule['growth']): Jitter {
  return { kind: 'decorrelated', baseUs: growth.kind === 'list' ? 0 : growth.baseUs };
}

type ShapeKey = 'base' | 'factor' | 'step' | 'cap' | 'delays' | 'jitter';

/** How delays come about, and what can be set about that. */
const shapes = {
  none: { takes: [], instead: 'does not wait: write policy: fixed, or another one, for' },
  list: { takes: ['delays', 'jitter'], instead: 'is a list of delays: write delays, not' },
  constant: { takes: ['base', 'jitter'], instead: 'always waits the same: write base, not' },
  decorrelated: {
    takes: ['base', 'cap', 'jitter'],
    instead: 'grows by chance, from base to cap: write those, not',
  },
  linear: { takes: ['base', 'step', 'cap', 'jitter'], instead: 'grows by a step: write base or step, not' },
  exponential: {
    takes: ['base', 'factor', 'cap', 'jitter'],
    instead: 'grows by a factor: write base or factor, not',
  },
} as const satisfies Record<string, { takes: readonly ShapeKey[]; instead: string }>;

function shapeOf({ growth }: DelayRule, jitters: readonly Jitter[]): keyof typeof shapes {
  if (growth.kind === 'list') return 'list';
  if (jitters.some(({ kind }) => kind === 'decorrelated')) return 'decorrelated';
  if (growth.kind === 'exponential') return 'exponential';
  if (growth.stepUs > 0) return 'linear';
  return growth.baseUs > 0 ? 'constant' : 'none';
}

const SHAPE_KEYS = [
  'base',
  'factor',
  'step',
  'cap',
  'delays',
  'jitter',
] as const satisfies readonly ShapeKey[];

/** @param changed The delays of `policy` with the overrides. */
function meaningless(
  policy: ReconnectPolicy,
  changed: DelayRule,
  overrides: ReconnectOverrides,
): OverrideProblem[] {
  const { takes, instead } = shapes[shapeOf(policy.delay, changed.jitters)];
  const taken: readonly ShapeKey[] = takes;
  return SHAPE_KEYS.filter((key) => overrides[key] !== undefined && !taken.includes(key)).map((key) => ({
    key,
    message: `${policy.name} ${instead} ${key}`,
  }));
}

function impossible(name: string, delay: DelayRule, overrides: ReconnectOverrides): OverrideProblem[] {
  const problems: OverrideProblem[] = [];
  const { growth } = delay;
  if (name === 'delays' && overrides.delays === undefined) {
    problems.push({ key: 'policy', message: 'delays needs its list: add delays: [1s, 2s, 5s]' });
  }
  if (growth.kind === 'list' && overrides.jitter === 'decorrelated') {
    const message = `${name} is a list of delays, and decorrelated jitter needs a base: write policy: decorrelated-jitter`;
    problems.push({ key: 'jitter', message });
  }
  const capUs = delay.capUs ?? delay.capAfterJitterUs;
  if (growth.kind !== 'list' && capUs !== null && capUs < growth.baseUs) {
    problems.push(
      overrides.cap === undefined
        ? { key: 'base', message: 'is more than cap: lower it, or raise cap' }
        : { key: 'cap', message: 'is less than base, the first delay: raise it, or lower base' },
    );
  }
  return problems;
}
