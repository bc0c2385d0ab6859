import type { Feature } from '../feature.js';

/** Sends every message back to whoever sent it, text as text and binary as binary. */
export const echoMessages: Feature = () => ({
  onMessage: (peer, payload, binary) => {
    peer.sendMessage(payload, binary);
    return true;
  },
});
