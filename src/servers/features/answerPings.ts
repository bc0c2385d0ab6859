import type { Feature } from '../feature.js';
import { readMessage } from '../jsonMessage.js';

const pong = '{"type":"pong"}';

/** Answers the text `{"type":"ping"}`, whatever else it holds, by `{"type":"pong"}`. */
export const answerPings: Feature = () => ({
  onMessage: (peer, payload, binary) => {
    if (binary || readMessage(payload)?.type !== 'ping') return false;
    peer.sendMessage(pong, false);
    return true;
  },
});
