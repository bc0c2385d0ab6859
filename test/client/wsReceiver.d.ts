/** The parts of `ws` that only tests use and that `@types/ws` does not know. */
import type { Writable } from 'node:stream';
import type { PerMessageDeflate } from 'ws';

declare module 'ws' {
  interface ReceiverSettings {
    isServer?: boolean;
    maxPayload?: number;
    allowSynchronousEvents?: boolean;
    skipUTF8Validation?: boolean;
    extensions?: { 'permessage-deflate'?: PerMessageDeflate };
  }

  class Receiver extends Writable {
    constructor(settings: ReceiverSettings);
  }
}
