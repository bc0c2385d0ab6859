import { always, exponential, listOfMs, type Preset, preset, seconds } from './row.js';

const AWS = 'https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/';
const BASE_US = seconds(1);
const CAP_US = seconds(30);

/** Policies to set by hand: their base, factor, step and cap are meant to be replaced. */
export const genericPolicies: readonly Preset[] = [
  preset({
    name: 'immediate',
    says: 'at once, without end',
    source: 'generic',
    notes: ['Saturates whatever it is pointed at: the worst that a client can do.'],
    growth: always(0),
    waitsRetryAfter: true,
  }),
  preset({
    name: 'fixed',
    says: 'always base (1 s)',
    source: 'generic',
    notes: ['Clients that were lost together stay together.'],
    growth: always(BASE_US),
    waitsRetryAfter: true,
  }),
  preset({
    name: 'linear',
    says: 'base (1 s) + n * step (1 s), up to cap (30 s)',
    source: 'generic',
    growth: { kind: 'linear', baseUs: BASE_US, stepUs: BASE_US },
    capUs: CAP_US,
    waitsRetryAfter: true,
  }),
  preset({
    name: 'exponential',
    says: 'base (1 s) * factor (2) ^ n, up to cap (30 s)',
    source: 'generic',
    growth: exponential(BASE_US, 2),
    capUs: CAP_US,
    waitsRetryAfter: true,
  }),
  preset({
    name: 'full-jitter',
    says: 'between 0 and the exponential delay',
    source: AWS,
    growth: exponential(BASE_US, 2),
    capUs: CAP_US,
    jitters: [{ kind: 'full' }],
    waitsRetryAfter: true,
  }),
  preset({
    name: 'equal-jitter',
    says: 'between half the exponential delay and all of it',
    source: AWS,
    growth: exponential(BASE_US, 2),
    capUs: CAP_US,
    jitters: [{ kind: 'equal' }],
    waitsRetryAfter: true,
  }),
  preset({
    name: 'decorrelated-jitter',
    says: 'between base (1 s) and three times the delay before, up to cap (30 s)',
    source: AWS,
    growth: always(BASE_US),
    capUs: CAP_US,
    jitters: [{ kind: 'decorrelated', baseUs: BASE_US }],
    waitsRetryAfter: true,
  }),
  preset({
    name: 'rfc6455',
    says: 'between 0 and 5 s, then 0 and 10 s, doubling up to cap (30 s)',
    source: 'RFC 6455, section 7.2.3',
    notes: [
      'The RFC asks for a truncated binary exponential backoff and gives no number but the first: the cap is ours.',
    ],
    growth: exponential(seconds(5), 2),
    capUs: CAP_US,
    jitters: [{ kind: 'full' }],
    waitsRetryAfter: true,
  }),
  preset({
    name: 'delays',
    says: 'a list of your own, such as delays: [1s, 2s, 5s, 10s]; the last one repeats',
    source: 'generic',
    growth: listOfMs(1000, 2000, 5000, 10_000),
    waitsRetryAfter: true,
  }),
];
