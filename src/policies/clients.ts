import { exponential, listOfMs, onCodes, type Preset, plus, preset, seconds, times } from './row.js';

const PHOENIX_DELAYS = listOfMs(10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000);

/** Client libraries for a server of one's own, as they ship. */
export const clientPolicies: readonly Preset[] = [
  preset({
    name: 'phoenix',
    says: '10, 50, 100, 150, 200, 250, 500 ms, 1, 2 s, then 5 s',
    source: 'phoenixframework/phoenix assets/js/phoenix/socket.js @167c469',
    notes: [
      'No jitter: clients that were lost together come back together.',
      'Channels join anew by a timer of their own (1, 2, 5, then 10 s): not modelled.',
    ],
    growth: PHOENIX_DELAYS,
    closes: onCodes('give-up', 1000),
  }),
  preset({
    name: 'liveview',
    says: 'as phoenix',
    source: 'phoenixframework/phoenix_live_view assets/js/phoenix_live_view/constants.ts @d7f327c',
    notes: [
      'When the view cannot join again, its page is loaded anew over HTTP after 5 to 10 s, and from the tenth time on after 30 s: not modelled.',
    ],
    growth: PHOENIX_DELAYS,
    closes: onCodes('give-up', 1000),
  }),
  preset({
    name: 'socket.io',
    says: '1 s doubling, 50 % more or less, together at most 5 s',
    source: 'socketio/socket.io packages/socket.io-client/lib/manager.ts, contrib/backo2.ts @d2d753f',
    notes: [
      'The cap comes after the jitter: from the fifth retry on everybody waits exactly 5 s.',
      'By default it opens with HTTP long-polling and upgrades later: only the WebSocket is modelled.',
      'After a disconnect packet of the server it does not retry: messages are not looked into.',
    ],
    growth: exponential(seconds(1), 2),
    jitters: [{ kind: 'deviation', share: 0.5 }],
    capAfterJitterUs: seconds(5),
    connectTimeoutUs: seconds(20),
  }),
  preset({
    name: 'graphql-ws',
    says: '1 s doubling, and 0.3 to 3 s more; no cap',
    source: 'enisdenjo/graphql-ws src/client.ts @af4f5c9',
    notes: [
      'After 1000 it opens at once while somebody is subscribed, as here, and stays away otherwise.',
      'The count begins again when the server has acknowledged the connection; here when it opens.',
    ],
    growth: exponential(seconds(1), 2),
    jitters: [plus(seconds(0.3), seconds(3))],
    attempts: 5,
    closes: [
      ...onCodes('retry-at-once', 1000),
      ...onCodes('give-up', [1002, 1004], [1007, 1011], [1015, 1999]),
      ...onCodes('give-up', 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500),
    ],
  }),
  preset({
    name: 'subscriptions-transport-ws',
    says: '0.1 s doubling, 50 % more or less, together at most 10 s',
    source: 'apollographql/subscriptions-transport-ws src/client.ts @36f3f6f',
    notes: [
      'Reconnecting has to be asked for: reconnect: true.',
      'Its connect timeout grows from 1 s by 1.2 an attempt, up to 30 s: not modelled.',
    ],
    growth: exponential(seconds(0.1), 2),
    jitters: [{ kind: 'deviation', share: 0.5 }],
    capAfterJitterUs: seconds(10),
  }),
  preset({
    name: 'reconnecting-websocket',
    says: 'm, growing by 1.3, at most 10 s; m between 1 and 5 s, drawn once',
    source: 'pladaria/reconnecting-websocket reconnecting-websocket.ts @05a2f7c',
    notes: ['m is drawn when the page loads: here once for each connection, as each stands for a page.'],
    growth: exponential(seconds(1), 1.3),
    jitters: [{ kind: 'times', low: 1, high: 5, first: null, once: true }],
    capAfterJitterUs: seconds(10),
    resetAfterUs: seconds(5),
    connectTimeoutUs: seconds(4),
  }),
  preset({
    name: 'partysocket',
    says: '3 s, growing by 1.3, at most 10 s',
    source: 'partysocket 1.3.0 dist/ws.js (npm)',
    notes: ['No jitter: clients that were lost together come back together.'],
    growth: exponential(seconds(3), 1.3),
    capUs: seconds(10),
    resetAfterUs: seconds(5),
    connectTimeoutUs: seconds(4),
  }),
  preset({
    name: 'reconnecting-websocket-joewalnes',
    says: '1 s, growing by 1.5, at most 30 s',
    source: 'joewalnes/reconnecting-websocket reconnecting-websocket.js @fd7c819',
    notes: ['No jitter: clients that were lost together come back together.'],
    growth: exponential(seconds(1), 1.5),
    capUs: seconds(30),
    connectTimeoutUs: seconds(2),
  }),
  preset({
    name: 'signalr-js',
    says: 'at once, then 2, 10, 30 s, then never',
    source: '@microsoft/signalr 10.0.11 dist/esm/DefaultReconnectPolicy.js (npm)',
    notes: [
      'Reconnecting has to be asked for: withAutomaticReconnect().',
      'Negotiates over HTTP before each attempt: not modelled.',
      'After a close message of the server that does not allow it, it does not retry: messages are not looked into.',
    ],
    growth: listOfMs(0, 2000, 10_000, 30_000),
    attempts: 4,
  }),
  preset({
    name: 'actioncable',
    says: '6 s, growing by 1.15 for ten retries; first up to twice as long, then up to 15 % longer',
    source: '@rails/actioncable 8.1.400 src/connection_monitor.js (npm)',
    notes: [
      'Its clock runs from its last look at the connection; here the first delay begins with the loss.',
      'Older releases: 5 s * ln(n + 1), at least 3 s and at most 30 s, without jitter.',
    ],
    growth: exponential(seconds(6), 1.15, 10),
    jitters: [{ kind: 'times', low: 1, high: 1.15, first: [1, 2], once: false }],
  }),
  preset({
    name: 'anycable',
    says: 'between 3 and 6 s doubling, 50 % more or less; no cap',
    source: 'anycable/anycable-client packages/core/monitor/index.js @cf64027',
    notes: ["Made from the interval of the server's pings, which is 3 s unless the server says otherwise."],
    growth: exponential(seconds(3), 2),
    jitters: [times(1, 2), times(0.5, 1.5)],
  }),
];
