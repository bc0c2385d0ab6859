import type { ServerDefinition } from './feature.js';
import { echoMessages } from './features/echoMessages.js';

/** The reference for speed: nothing but the echo. */
export const echoServer: ServerDefinition = () => [echoMessages];
