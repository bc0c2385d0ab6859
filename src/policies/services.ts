import { always, exponential, listOfMs, onCodes, type Preset, plus, preset, seconds, times } from './row.js';

/** Clients of one product or protocol, as they ship. */
export const servicePolicies: readonly Preset[] = [
  preset({
    name: 'centrifuge-js',
    says: '0.5 s and up to the exponential delay more, together at most 20 s',
    source: 'centrifugal/centrifuge-js src/utils.ts @c9e8678',
    notes: ['The codes after which it gives up it heeds only in a close frame that has a reason.'],
    growth: exponential(seconds(0.5), 2),
    capUs: seconds(20),
    jitters: [{ kind: 'full' }, plus(seconds(0.5), seconds(0.5))],
    capAfterJitterUs: seconds(20),
    connectTimeoutUs: seconds(5),
    closes: onCodes('give-up', 1009, [3500, 3999], [4500, 4999]),
  }),
  preset({
    name: 'pusher-js',
    says: '1 s after a close; after a failed attempt 15, 30, then 60 s',
    source:
      'pusher/pusher-js src/core/connection/connection_manager.ts, strategies/sequential_strategy.ts @f53faf9',
    notes: [
      'A failed attempt is followed by the next when its own time, 15 s and doubling, is over.',
      'Meanwhile it tries TLS and HTTP transports: not modelled. After 4000 it changes to TLS.',
    ],
    growth: listOfMs(1000, 15_000, 30_000, 60_000),
    connectTimeoutUs: seconds(15),
    closes: [
      ...onCodes('retry-at-once', 4000, [4200, 4299]),
      ...onCodes('give-up', [4001, 4099], [4300, 4999]),
    ],
  }),
  preset({
    name: 'ably-js',
    says: 'at once, then 20, 25, 30 s, up to 20 % less; 30 s from 2 min on',
    source: 'ably/ably-js src/common/lib/util/utils.ts, defaults.ts @7fa7dc5',
    notes: [
      'After two minutes it is suspended, which also ends the wait it is in; here that wait runs out first.',
      'A second loss within a second of the first waits for the rest of it: not modelled.',
    ],
    growth: listOfMs(0, 20_000, 25_000, 30_000),
    jitters: [times(0.8, 1)],
    late: { afterUs: seconds(120), delayUs: seconds(30) },
    connectTimeoutUs: seconds(10),
  }),
  preset({
    name: 'mattermost',
    says: '3 s for seven retries, then 192, 243, 300 s; up to 2 s more',
    source: 'mattermost/mattermost webapp/platform/client/src/websocket.ts @115e37a',
    notes: ['From the eighth failure k on: 3 s * k^2, at most 300 s.'],
    growth: listOfMs(...new Array<number>(7).fill(3000), 192_000, 243_000, 300_000),
    jitters: [plus(0, seconds(2))],
  }),
  preset({
    name: 'nats.js',
    says: 'at once, then 2 s and up to 0.1 s more',
    source: 'nats-io/nats.js core/src/options.ts, protocol.ts @3a7b736',
    notes: [
      'Its 2 s count from the attempt before: a connection that was open for longer is opened again at once.',
      'Over TLS up to 1 s more: not modelled. Attempts count for each server of its list.',
    ],
    growth: listOfMs(0, 2000),
    jitters: [times(1, 1.05)],
    attempts: 10,
    connectTimeoutUs: seconds(20),
  }),
  preset({
    name: 'mqtt.js',
    says: '1 s',
    source: 'mqttjs/MQTT.js src/lib/client.ts @aa03369',
    notes: ['No jitter: clients that were lost together stay together.'],
    growth: always(seconds(1)),
    connectTimeoutUs: seconds(30),
  }),
  preset({
    name: 'supabase-realtime',
    says: '1, 2, 5, then 10 s',
    source: '@supabase/realtime-js 2.109.0 src/RealtimeClient.ts (npm)',
    notes: ['No jitter: clients that were lost together come back together.'],
    growth: listOfMs(1000, 2000, 5000, 10_000),
  }),
  preset({
    name: 'slack-socket-mode',
    says: '5 s longer each time; no cap',
    source: 'slackapi/node-slack-sdk packages/socket-mode/src/SocketModeClient.ts @4322e14',
    notes: [
      'Asks over HTTP for a fresh URL before each attempt, with retries of its own: not modelled.',
      'It counts failures of that request. While those succeed, it waits 5 s each time: write step: 0s.',
    ],
    growth: { kind: 'linear', baseUs: seconds(5), stepUs: seconds(5) },
  }),
  preset({
    name: 'discord-gateway',
    says: 'at once, then 5 s: the documentation gives no delay',
    source:
      'discord/discord-api-docs developers/events/gateway.mdx, developers/topics/opcodes-and-status-codes.mdx',
    notes: [
      'At once to resume at its own URL; else to identify, of which a bot may do max_concurrency each 5 s.',
      'A bot may identify 1,000 times a day: not modelled.',
    ],
    growth: listOfMs(0, 5000),
    closes: onCodes('give-up', 4004, [4010, 4014]),
  }),
];
