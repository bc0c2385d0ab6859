import type { ServerDefinition } from './feature.js';
import { echoMessages } from './features/echoMessages.js';
import { endAsOrdered } from './features/endAsOrdered.js';

/** Echoes until it ends the connection, in whichever way the path of the upgrade request names. */
export const closerServer: ServerDefinition = () => [endAsOrdered, echoMessages];
