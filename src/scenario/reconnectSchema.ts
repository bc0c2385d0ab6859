import { z } from 'zod';
import { isCloseCode } from '../client/closeFrame.js';
import { jitterWords } from '../policies/override.js';
import { presetNames } from '../policies/presets.js';
import { duration, keys, oneOf } from './fields.js';
import { shown } from './problem.js';
import { suggestFrom } from './suggest.js';
import { explain, parsePercentage, patterns } from './units.js';

const jitter = z
  .string({ error: (issue) => (issue.input === undefined ? undefined : explainJitter(issue.input)) })
  .check((payload) => {
    const message = isJitter(payload.value) ? null : explainJitter(payload.value);
    if (message !== null) payload.issues.push({ code: 'custom', input: payload.value, message });
  })
  .meta({
    description: 'What makes delays random: none, full, equal, decorrelated, or a deviation to both sides',
    examples: ['full', '50%'],
    pattern: `^(${jitterWords.join('|')})$|${patterns.percentage.source}`,
  });

function isJitter(text: string): boolean {
  if (jitterWords.some((word) => word === text)) return true;
  const share = parsePercentage(text);
  return 'value' in share && share.value > 0 && share.value <= 1;
}

function explainJitter(written: unknown): string {
  const words = jitterWords.join(', ');
  if (typeof written !== 'string')
    return `must be ${words} or a percentage such as 50%, not ${shown(written)}`;
  const share = parsePercentage(written);
  if ('value' in share) return share.value === 0 ? 'is no jitter: write none' : 'must be at most 100%';
  if (/^[\d.]/.test(written)) return explain('percentage', written);
  return `${shown(written)} is not known${suggestFrom(written, jitterWords)}, or a percentage such as 50%`;
}

/** A code, a range of codes, or any frame at all. */
const closes = z.string().check((payload) => {
  const message = explainCloses(payload.value);
  if (message !== null) payload.issues.push({ code: 'custom', input: payload.value, message });
});

function explainCloses(key: string): string | null {
  if (key === 'any') return null;
  const [from, to] = key.split('-').map(Number);
  if (!/^\d{4}(-\d{4})?$/.test(key) || from === undefined) {
    return 'is not a close code: write one such as 1012, a range such as 4000-4099, or any';
  }
  if (to !== undefined) return from < to ? null : 'is not a range: the smaller code comes first';
  if (isCloseCode(from)) return null;
  return 'is never in a close frame: without one, clients always retry';
}

/** How connections that were lost come back. What is not written is as the policy has it. */
export const reconnectSchema = keys({
  policy: z.string().meta({
    description: 'A preset of a client, or a generic policy; wsherd presets lists them',
    examples: ['socket.io'],
    enum: presetNames,
  }),
  base: duration('The first delay', '500ms').optional(),
  factor: z
    .number()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Each delay by this much longer than the one before', examples: [2] }),
  step: duration('Each delay longer than the one before by this', '1s', { positive: false }).optional(),
  cap: duration('No delay grows beyond this', '30s').optional(),
  jitter: jitter.optional(),
  delays: z
    .array(duration('A delay', '1s', { positive: false }))
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'Delays in order; the last one repeats', examples: [['1s', '2s', '5s']] }),
  attempts: z
    .union([z.int().min(1).max(1_000_000), z.literal('unlimited')])
    .optional()
    .meta({ description: 'Attempts in a row before the client gives up, or unlimited', examples: [10] }),
  resetAfter: duration('Open for this long, and attempts count from the start again', '5s', {
    positive: false,
  }).optional(),
  connectTimeout: duration('Longest attempt, in place of connect.handshakeTimeout', '4s').optional(),
  onClose: z
    .record(closes, oneOf(['retry', 'retry-at-once', 'give-up'], 'What to do after such a close frame'))
    .optional()
    .meta({
      description: 'By close code, range of codes, or any; before what the policy does',
      examples: [{ '1008': 'give-up', '4000-4099': 'retry-at-once' }],
    }),
  retryAfter: oneOf(
    ['wait', 'ignore'],
    'Wait at least as long as the Retry-After of a refused upgrade asks, or not',
  ).optional(),
}).describe('How connections that were lost come back; without it they stay away');

export type ReconnectDocument = z.output<typeof reconnectSchema>;
