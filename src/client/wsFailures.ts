import { errorCode, failure, socketFailure } from './failures.js';
import type { Close, Failure, FailureStage } from './types.js';

/** `ws` gives these errors no code: https://github.com/websockets/ws/blob/8.23.0/lib/websocket.js */
const badAnswers: ReadonlyArray<readonly [message: RegExp, cause: string]> = [
  [/^Invalid (Upgrade|Sec-WebSocket-Accept) header$/, 'bad-accept'],
  [/subprotocol/, 'bad-subprotocol'],
  [/Sec-WebSocket-Extensions|extension/, 'bad-extension'],
];

/** Names the error with which `ws` gave up an attempt in `stage`; `ended` says that the peer had sent FIN. */
export function attemptFailure(error: Error, stage: FailureStage, ended: boolean): Failure {
  const code = errorCode(error);
  // Node reports a stream that ended before the answer as ECONNRESET, "socket hang up".
  if (ended && (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE')) {
    return failure(stage, 'fin', 'the server ended the stream before it answered');
  }
  if (code.startsWith('HPE_')) return failure('upgrade', 'not-http', error.message);
  if (code === '') {
    const known = badAnswers.find(([message]) => message.test(error.message));
    if (known) return failure('upgrade', known[1], error.message);
  }
  return socketFailure(stage, error);
}

const causesByCode: Readonly<Record<string, readonly [code: number, cause: Close['cause']]>> = {
  WS_ERR_INVALID_UTF8: [1007, 'invalid-utf8'],
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: [1009, 'message-too-big'],
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: [1009, 'message-too-big'],
};

/** The record of an open connection that `ws` closes because the peer broke a rule. */
export function brokenRule(error: Error): Close {
  const errorName = errorCode(error);
  // What is not an error of the framing comes from zlib: the compressed data make no sense.
  const fallback = errorName.startsWith('WS_ERR_') ? 1002 : 1007;
  const [code, cause] = causesByCode[errorName] ?? [fallback, 'protocol-error'];
  return { initiator: 'client', code, cause, example: error.message };
}
