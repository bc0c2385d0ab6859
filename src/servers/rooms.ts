import type { ServerDefinition } from './feature.js';
import { talkInRooms } from './features/talkInRooms.js';
import { welcome } from './features/welcome.js';

/** A welcome, and rooms to join by message. */
export const roomsServer: ServerDefinition = (options) => [welcome, talkInRooms(options)];
