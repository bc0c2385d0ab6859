/**
 * The parts of `ws` that it exports but that `@types/ws` does not know, as far as they are used here.
 * Source: https://github.com/websockets/ws/tree/8.23.0/lib
 */
import type { CompressionOptions } from './types.js';

declare module 'ws' {
  namespace WebSocket {
    interface ClientOptions {
      /** Milliseconds from our close frame to the destruction of the socket. */
      closeTimeout?: number;
      /** Pings answered at one time before the peer is cut off; 0 is no limit. */
      maxPendingAutoPongs?: number;
    }
  }

  interface PerMessageDeflateSettings {
    isServer?: boolean;
    maxPayload?: number;
    threshold?: number;
    serverNoContextTakeover?: boolean;
    clientNoContextTakeover?: boolean;
    serverMaxWindowBits?: number;
    clientMaxWindowBits?: number;
  }

  type ExtensionParameters = Record<string, unknown>;

  class PerMessageDeflate {
    static readonly extensionName: 'permessage-deflate';
    constructor(settings: PerMessageDeflateSettings);
    offer(): ExtensionParameters;
    /** Throws when the peer's answer does not fit what was offered. */
    accept(answers: ExtensionParameters[]): ExtensionParameters;
    compress(
      message: Uint8Array,
      fin: boolean,
      done: (error: Error | null, compressed: Buffer) => void,
    ): void;
    decompress(message: Uint8Array, fin: boolean, done: (error: Error | null, message: Buffer) => void): void;
    cleanup(): void;
  }

  const extension: {
    format(extensions: Record<string, ExtensionParameters>): string;
    /** Throws a `SyntaxError` for a header that is not a list of extensions. */
    parse(header: string): Record<string, ExtensionParameters[]>;
  };
}

/** Messages shorter than this stay uncompressed unless the scenario says otherwise; `ws` has the same default. */
const DEFAULT_THRESHOLD_BYTES = 1024;

/** The least length of a message that is compressed. */
export function compressionThreshold(options: CompressionOptions): number {
  return options.thresholdBytes ?? DEFAULT_THRESHOLD_BYTES;
}
