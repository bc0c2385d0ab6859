import { badFrames } from './badFrames.js';
import type { OpenConnection } from './way.js';

/** RFC 6455 section 5.5: 125 bytes of payload, two of them the code. */
export const MAX_REASON_BYTES = 123;

const hostileText = `<script>alert(1)</script>"'&\x1b[31m\x07\r\n::error::=1+1,"\u202eé]]>|*_`;
const hostileReason = hostileText.padEnd(
  MAX_REASON_BYTES - (Buffer.byteLength(hostileText) - hostileText.length),
  '!',
);

/** Closes with the code in the path, or by a close frame without one: `/code/empty`. */
export function closeWithCode({ peer, argument, reason }: OpenConnection): void {
  if (argument === 'empty') peer.close();
  else peer.close(Number(argument), reason);
}

/** Closes with a reason as long as it may be, full of what breaks terminals, HTML, XML, CSV and CI logs. */
export function closeWithHostileReason({ peer }: OpenConnection): void {
  peer.close(1008, hostileReason);
}

/** Ends the TCP stream without a close frame. */
export function endStream({ socket }: OpenConnection): void {
  socket.end();
}

export function resetConnection({ transport }: OpenConnection): void {
  transport.resetAndDestroy();
}

/** What a server does that gives a client up: both directions are gone at once. */
export function terminate({ peer }: OpenConnection): void {
  peer.terminate();
}

/** Stays open and never reads again: no pong, no answer to a close frame, no notice of the client's end. */
export function fallSilent({ peer }: OpenConnection): void {
  peer.pause();
}

/** Sends the frame that the path names and leaves the next step to the client. */
export function sendBadFrame({ socket, argument }: OpenConnection): void {
  const frame = badFrames.get(argument);
  if (frame !== undefined) socket.write(frame);
}

/** The way for those who want none: the server echoes, and the client ends it. */
export function stay(): void {}
