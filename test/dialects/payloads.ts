import { MARKER_BYTES, Marker } from '../../src/dialects/marker.js';

/** A payload as a run makes them: a marker, then whatever fills it. */
export function payloadOf(filler: string | Uint8Array, { publisher = 12, sequence = 34 } = {}): Buffer {
  const marker = new Marker();
  Object.assign(marker, { run: 7, room: 1, publisher, sequence, dueUs: 5_000_000, sentUs: 5_000_123 });
  const payload = Buffer.concat([Buffer.alloc(MARKER_BYTES), Buffer.from(filler)]);
  marker.write(payload, 0);
  return payload;
}
