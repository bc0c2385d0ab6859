import type { RawData } from 'ws';
import type { Feature } from '../feature.js';

const pong = '{"type":"pong"}';

/** Answers the text `{"type":"ping"}`, whatever else it holds, by `{"type":"pong"}`; all else is only counted. */
export const answerPings: Feature = () => ({
  onMessage: (peer, payload, binary) => {
    if (!binary && isPing(payload)) peer.sendMessage(pong, false);
  },
});

function isPing(payload: RawData): boolean {
  try {
    const message: unknown = JSON.parse(payload.toString());
    return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ping';
  } catch {
    return false;
  }
}
