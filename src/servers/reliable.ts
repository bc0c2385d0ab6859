import type { ServerDefinition } from './feature.js';
import { talkReliably } from './features/talkReliably.js';

/** Nothing is lost for good, and nothing that a sender repeats is passed on twice. */
export const reliableServer: ServerDefinition = (options) => [talkReliably(options)];
