import { extension, PerMessageDeflate } from 'ws';
import type { ClientSettings, CompressionOptions } from './types.js';

/** The value of Sec-WebSocket-Extensions that offers permessage-deflate (RFC 7692 section 7). */
export function deflateOffer(options: CompressionOptions): string {
  const offer = new PerMessageDeflate({ ...options }).offer();
  return extension.format({ [PerMessageDeflate.extensionName]: offer });
}

/**
 * The permessage-deflate of one connection as `answer`, the server's Sec-WebSocket-Extensions, has it; null when
 * it has none. Throws when the answer does not fit the offer.
 */
export function agreeOnDeflate(settings: ClientSettings, answer: string | null): PerMessageDeflate | null {
  if (answer === null) return null;
  const extensions = extension.parse(answer);
  const { [PerMessageDeflate.extensionName]: accepted, ...others } = extensions;
  if (settings.compression === null || accepted === undefined || Object.keys(others).length > 0) {
    throw new Error('an extension that was not offered');
  }
  const deflate = new PerMessageDeflate({ ...settings.compression, maxPayload: settings.maxMessageBytes });
  deflate.accept(accepted);
  return deflate;
}
