import type { Socket } from 'node:net';
import { nowUs } from '../clock.js';

/** What a socket tells the connection that owns it. */
export interface SocketOwner {
  onConnected(atUs: number): void;
  onSecured(atUs: number): void;
  /** The first `bytes` of `readBuffer` have just been read from the socket. */
  onBytes(bytes: number, receivedUs: number): void;
  /** The peer ended the stream. */
  onEnd(): void;
  onError(error: Error): void;
}

const owner = Symbol('owner');
export type OwnedSocket = Socket & { [owner]: SocketOwner };

/** All sockets of the thread are read into this: whoever wants to keep bytes past the call copies them. */
export const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

// One function each for all connections, which Node calls with the socket as `this`: an idle connection
// holds no closure, and no stream event is made per read.

/** The option of that name of `net.connect` and `tls.connect`. */
export const onread = {
  buffer: readBuffer,
  callback(this: OwnedSocket, bytes: number): boolean {
    this[owner].onBytes(bytes, nowUs());
    return true;
  },
};

function onConnect(this: OwnedSocket): void {
  this[owner].onConnected(nowUs());
}

function onSecureConnect(this: OwnedSocket): void {
  this[owner].onSecured(nowUs());
}

function onEnd(this: OwnedSocket): void {
  this[owner].onEnd();
}

function onError(this: OwnedSocket, error: Error): void {
  this[owner].onError(error);
}

/** Makes `connection` the owner of a socket that was made with `onread`. */
export function ownSocket(socket: Socket, connection: SocketOwner, secure: boolean): OwnedSocket {
  const owned = Object.assign(socket, { [owner]: connection });
  owned.once('connect', onConnect);
  if (secure) owned.once('secureConnect', onSecureConnect);
  owned.on('end', onEnd);
  owned.on('error', onError);
  return owned;
}
