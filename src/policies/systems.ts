import { always, exponential, onCodes, type Preset, plus, preset, seconds } from './row.js';

/** As written by hand in clients of chats and gateways, again and again. */
export const systemPolicies: readonly Preset[] = [
  preset({
    name: 'additive-jitter',
    says: '2 s doubling up to 30 s, and up to 1 s more',
    source: 'client of a broadcast server with heartbeats',
    notes: ['Counts attempts from 1, so that the first delay is 2 s.'],
    growth: exponential(seconds(2), 2),
    capUs: seconds(30),
    jitters: [plus(0, seconds(1))],
    closes: onCodes('give-up', 1000),
  }),
  preset({
    name: 'capped-additive-jitter',
    says: '1 s doubling and up to 1 s more, together at most 30 s',
    source: 'clients of a chat with rooms and of a production gateway',
    notes: [
      'Takes a close with a close frame for a decision of the server, whatever its code: it stays away.',
      'The gateway allows 15 attempts: write attempts: 15.',
    ],
    growth: exponential(seconds(1), 2),
    jitters: [plus(0, seconds(1))],
    capAfterJitterUs: seconds(30),
    attempts: 10,
    closes: [{ codes: 'any-frame', action: 'give-up' }],
  }),
  preset({
    name: 'naive-exponential',
    says: '1 s doubling up to 15 s',
    source: 'client of a minimal chat',
    notes: ['Clients that were lost together stay together.'],
    growth: exponential(seconds(1), 2),
    capUs: seconds(15),
    attempts: 8,
  }),
  preset({
    name: 'naive-fixed',
    says: '5 s',
    source: 'client that resends what was not acknowledged',
    notes: ['Clients that were lost together stay together.'],
    growth: always(seconds(5)),
  }),
];
