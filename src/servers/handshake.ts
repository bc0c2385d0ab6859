import type { ServerDefinition } from './feature.js';
import { upgradeByHand } from './features/upgradeByHand.js';
import { roomsServer } from './rooms.js';

/** The server `rooms` behind an upgrade that it performs itself. */
export const handshakeServer: ServerDefinition = (options) => [upgradeByHand, ...roomsServer(options)];
