import type { Feature } from '../feature.js';
import type { ServerOptions } from '../options.js';
import { createRules, Hall } from '../passing/hall.js';
import { LOBBY } from '../passing/rooms.js';

const rules = createRules(true);

/** Sends every message to every client as it came, whoever has sent it included: n clients that talk are n^2 messages. */
export function sayToAll(options: ServerOptions): Feature {
  return (parts) => {
    const hall = new Hall(parts, options, rules);
    return {
      onOpen: (peer) => {
        hall.rooms.join(LOBBY, peer);
      },
      onMessage: (peer, payload, binary) => {
        hall.say(LOBBY, payload, binary, peer);
        return true;
      },
      onClose: (peer) => {
        hall.rooms.leave(LOBBY, peer);
      },
      stats: () => hall.report(),
      stop: () => hall.stop(),
    };
  };
}
