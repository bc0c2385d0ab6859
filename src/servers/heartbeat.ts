import type { ServerDefinition } from './feature.js';
import { answerPings } from './features/answerPings.js';
import { pingClients } from './features/pingClients.js';

const EVERY_30_S = { everyUs: 30_000_000, timeoutUs: null };

/** Heartbeats from both sides: the server pings its clients, and answers the pings of the application. */
export const heartbeatServer: ServerDefinition = (options) => [
  answerPings,
  // The option of the same name brings its own `pingClients` to every server.
  ...(options.heartbeat === null ? [pingClients(EVERY_30_S)] : []),
];
