import type { ServerDefinition } from './feature.js';
import { answerPings } from './features/answerPings.js';
import { sayToAll } from './features/sayToAll.js';

/** The naive broadcast: whatever is no ping of the application goes to everybody. */
export const broadcastServer: ServerDefinition = (options) => [answerPings, sayToAll(options)];
