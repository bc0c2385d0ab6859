import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameStart, maskedFrame } from '../../src/client/frameWriter.js';
import { readByWs } from './frameEvents.js';
import { cut } from './serverFrames.js';

const payload = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0, 125, 126, 65_535, 65_536, 200_001)
      .map((length) => Buffer.alloc(length, 'b')),
  },
);

test('a server decodes every frame to the payload that was written', async () => {
  const frame = fc.oneof(
    fc.tuple(fc.constant('binary' as const), payload),
    fc.tuple(
      fc.constant('text' as const),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    ),
    fc.tuple(
      fc.constantFrom('ping' as const, 'pong' as const),
      payload.map((bytes) => bytes.subarray(0, 125)),
    ),
  );
  const property = fc.asyncProperty(
    fc.array(frame),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
    async (frames, cuts) => {
      const written = frames.map(([kind, bytes]) => {
        const before = Buffer.from(bytes);
        const encoded = maskedFrame(FrameStart[kind], bytes);
        expect(bytes.equals(before), 'the payload is left as it was').toBe(true);
        return encoded;
      });
      const events = await readByWs(cut(Buffer.concat(written), cuts), { isServer: true });
      expect(events).toEqual(
        frames.map(([kind, bytes]) =>
          kind === 'ping' || kind === 'pong'
            ? [kind, bytes.toString('hex')]
            : ['message', kind === 'binary', bytes.toString('hex')],
        ),
      );
    },
  );
  await fc.assert(property, { numRuns: 500 });
});

test('every frame has a masking key of its own', () => {
  const keys = new Set<number>();
  for (let i = 0; i < 10_000; i++)
    keys.add(maskedFrame(FrameStart.binary, Buffer.from('same')).readUInt32BE(2));
  // Chance alone makes two of 10,000 equal now and then.
  expect(keys.size).toBeGreaterThan(9_990);
});
