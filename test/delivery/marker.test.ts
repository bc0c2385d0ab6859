import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findMark,
  MARKER_BYTES,
  Marker,
  PUBLISHERS,
  ROOMS,
  RUNS,
  SEQUENCES,
} from '../../src/dialects/marker.js';

const fields = fc.record({
  run: fc.nat(RUNS - 1),
  room: fc.nat(ROOMS - 1),
  publisher: fc.nat(PUBLISHERS - 1),
  sequence: fc.nat(SEQUENCES - 1),
  dueUs: fc.nat({ max: 3600e6 }),
  lagUs: fc.nat({ max: 60e6 }),
});

type Fields = typeof fields extends fc.Arbitrary<infer T> ? T : never;

function written({ lagUs, ...rest }: Fields): Buffer {
  const marker = Object.assign(new Marker(), rest, { sentUs: rest.dueUs + lagUs });
  const bytes = Buffer.alloc(MARKER_BYTES);
  marker.write(bytes, 0);
  return bytes;
}

describe('the marker', () => {
  it('reads what was written, wherever it lies', () => {
    fc.assert(
      fc.property(
        fields,
        fc.uint8Array({ maxLength: 50 }),
        fc.uint8Array({ maxLength: 50 }),
        (wanted, before, after) => {
          fc.pre(findMark(before, 0, before.length) < 0);
          const bytes = Buffer.concat([before, written(wanted), after]);
          const at = findMark(bytes, 0, bytes.length);
          const marker = new Marker();
          expect(at).toBe(before.length);
          expect(marker.read(bytes, at, bytes.length)).toBe(true);
          const { lagUs, ...rest } = wanted;
          expect(marker).toMatchObject({ ...rest, sentUs: rest.dueUs + lagUs });
        },
      ),
    );
  });

  it('consists of characters that neither JSON nor a URL has to escape', () => {
    fc.assert(
      fc.property(fields, (wanted) => {
        const text = written(wanted).toString('latin1');
        expect(text).toMatch(/^~w~[A-Za-z0-9_-]{29}$/);
        expect(JSON.stringify(text)).toBe(`"${text}"`);
        expect(encodeURIComponent(text)).toBe(text);
      }),
    );
  });

  it('notices that two neighbours changed places', () => {
    fc.assert(
      fc.property(fields, fc.integer({ min: 3, max: MARKER_BYTES - 2 }), (wanted, place) => {
        const bytes = written(wanted);
        const [first, second] = [bytes[place]!, bytes[place + 1]!];
        fc.pre(first !== second);
        bytes[place] = second;
        bytes[place + 1] = first;
        expect(new Marker().read(bytes, 0, bytes.length)).toBe(false);
      }),
    );
  });

  it('reads the same marker again, and another after it, whatever was written in between', () => {
    fc.assert(
      fc.property(fields, fields, fields, (first, second, between) => {
        const marker = new Marker();
        const expectToRead = ({ lagUs, ...rest }: Fields): void => {
          const bytes = written({ lagUs, ...rest });
          expect(marker.read(bytes, 0, bytes.length)).toBe(true);
          expect(marker).toMatchObject({ ...rest, sentUs: rest.dueUs + lagUs });
        };
        expectToRead(first);
        expectToRead(first);
        expectToRead(second);
        Object.assign(marker, between, { sentUs: between.dueUs + between.lagUs });
        marker.write(Buffer.alloc(MARKER_BYTES), 0);
        expectToRead(second);
        expect(marker.read(Buffer.alloc(MARKER_BYTES), 0, MARKER_BYTES)).toBe(false);
        expectToRead(second);
      }),
    );
  });

  it('notices every change of one byte after the mark, and again when it comes again', () => {
    fc.assert(
      fc.property(
        fields,
        fc.integer({ min: 3, max: MARKER_BYTES - 1 }),
        fc.nat(255),
        (wanted, place, byte) => {
          const bytes = written(wanted);
          fc.pre(bytes[place] !== byte);
          bytes[place] = byte;
          const marker = new Marker();
          for (let i = 0; i < 3; i++) expect(marker.read(bytes, 0, bytes.length)).toBe(false);
        },
      ),
    );
    const nothing = Buffer.alloc(MARKER_BYTES);
    nothing.write('~w~', 'latin1');
    expect(new Marker().read(nothing, 0, nothing.length)).toBe(false);
  });

  it('is not read past the end of what was received', () => {
    fc.assert(
      fc.property(fields, fc.nat(MARKER_BYTES - 1), (wanted, length) => {
        expect(new Marker().read(written(wanted), 0, length)).toBe(false);
      }),
    );
  });
});
