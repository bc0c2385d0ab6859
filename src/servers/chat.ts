import type { ServerDefinition } from './feature.js';
import { chatInRoom, errorMessage } from './features/chatInRoom.js';
import { limitRate } from './features/limitRate.js';
import { requireToken } from './features/requireToken.js';

/** A minimal chat with what a baseline asks for: a token, a rate limit, validation. */
export const chatServer: ServerDefinition = (options) => {
  const { token, rate } = options;
  return [
    ...(token === null ? [] : [requireToken(token)]),
    ...(rate === null ? [] : [limitRate(rate, errorMessage('rate limit exceeded'))]),
    chatInRoom(options),
  ];
};
