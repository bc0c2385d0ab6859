import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryPerConnection, type ObservedMemory } from '../../src/target/memory.js';
import { areEnough, type MemoryReading, medianReading } from '../../src/target/memoryReading.js';

const MIB = 2 ** 20;

interface World {
  readonly base: number;
  readonly each: number;
  readonly heapEach: number;
}

/** A server that takes exactly that, with `noise` on its resident memory. */
function reading(open: number, { base, each, heapEach }: World, noise = 0, roots = '7'): MemoryReading {
  return {
    open,
    roots,
    rssBytes: base + each * open + noise,
    pssBytes: base - MIB + each * open + noise,
    kernelBytes: 100 * MIB + 10_000 * open,
    heap: { usedBytes: MIB + heapEach * open, externalBytes: 1000, threads: 1, collected: true },
  };
}

function observed(world: World, noises: readonly number[] = []): ObservedMemory {
  const plateaus = Array.from({ length: 9 }, (_, i) => reading(i * 100, world, noises[i] ?? 0));
  return {
    plateaus,
    ramp: 'up',
    held: [
      { phase: 'quiet', readings: [reading(800, world)] },
      { phase: 'loud', readings: [reading(800, { ...world, each: world.each + 2000 })] },
      { phase: 'restarted', readings: [reading(800, world, 0, '8')] },
    ],
    drained: { phase: 'drain', reading: reading(0, { ...world, base: world.base + 400_000 }) },
    opened: 800,
  };
}

const world: World = { base: 50 * MIB, each: 6000, heapEach: 2700 };

function found(what: ObservedMemory) {
  const { memory, unknownBecause } = memoryPerConnection(what, true);
  if (memory === null) throw new Error(unknownBecause);
  return memory;
}

test('without noise every figure is what the server takes', () => {
  const memory = found(observed(world));
  expect(memory).toMatchObject({
    ...{ bytes: 6000, ci95: [6000, 6000], baseBytes: 50 * MIB, theilSenBytes: 6000, reliable: true },
    pss: { bytes: 6000, baseBytes: 49 * MIB },
    heap: { bytes: 2700, externalBytes: 0, collected: true, baseBytes: MIB + 1000 },
    ...{ kernelBytes: 10_000, kernelCi95: [10_000, 10_000] },
  });
  expect(memory.byPhase).toMatchObject([
    { phase: 'up', moment: 'idle', bytes: 6000, connections: 800, heapBytes: 2700, kernelBytes: 10_000 },
    { phase: 'quiet', moment: 'held', bytes: 6000, ci95: [6000, 6000], connections: 800, heapBytes: null },
    { phase: 'loud', moment: 'held', bytes: 8000 },
    { phase: 'drain', moment: 'retained', bytes: 500, connections: 800, heapBytes: 0 },
  ]);
  expect(memory.retained).toMatchObject({ opened: 800, bytes: 400_000, heapBytes: 0, collected: true });
  expect(memory.retained?.shareOfPeak).toBeCloseTo(400_000 / (8000 * 800), 2);
});

test('the interval of a phase holds its true cost as often as it says', () => {
  let held = 0;
  const runs = 400;
  let seed = 1;
  // A sum of twelve is near enough to a normal distribution; multiplicative congruential (Park and Miller, 1988).
  const noise = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) {
      seed = (seed * 48_271) % 2_147_483_647;
      sum += seed / 2_147_483_647;
    }
    return sum * 300_000;
  };
  for (let i = 0; i < runs; i++) {
    const noises = Array.from({ length: 9 }, noise);
    const what = observed(world, noises);
    const phase = found({ ...what, held: [{ phase: 'quiet', readings: [reading(800, world, noise())] }] });
    const [low, high] = phase.byPhase[1]?.ci95 ?? [0, 0];
    if (low <= 6000 && high >= 6000) held++;
  }
  expect(held / runs).toBeGreaterThan(0.91);
  expect(held / runs).toBeLessThan(0.99);
});

test('a heap that other threads told, or was not collected every time, is no slope', () => {
  const what = observed(world);
  const [first, ...rest] = what.plateaus;
  if (first?.heap === null || first === undefined) throw new Error('there is a heap');
  const heaps = [null, { ...first.heap, threads: 2 }, { ...first.heap, collected: false }];
  for (const heap of heaps) {
    const memory = found({ ...what, plateaus: [{ ...first, heap }, ...rest] });
    expect(memory.heap).toBeNull();
    expect(memory.retained?.heapBytes).toBeNull();
    expect(memory.bytes).toBe(6000);
  }
});

test('after a restart nothing is said of what was retained', () => {
  const what = observed(world);
  const restarted = { phase: 'drain', reading: reading(0, world, 0, '8') };
  expect(found({ ...what, drained: restarted }).retained).toBeNull();
  expect(found({ ...what, drained: null }).byPhase.map(({ moment }) => moment)).not.toContain('retained');
});

test('too little to fit a line to is said, not guessed', () => {
  const what = observed(world);
  expect(memoryPerConnection(what, false).unknownBecause).toContain('target.pid');
  const few = memoryPerConnection({ ...what, plateaus: what.plateaus.slice(0, 4) }, true);
  expect(few.unknownBecause).toContain('too few plateaus');
  const same = what.plateaus.map((plateau) => ({ ...plateau, open: 5 }));
  expect(memoryPerConnection({ ...what, plateaus: same }, true).unknownBecause).toContain('did not change');
});

test('no readings whatever make a figure that is not a number', () => {
  const bytes = fc.integer({ min: 0, max: 2 ** 40 });
  const anyReading = fc.record<MemoryReading>({
    open: fc.integer({ min: 0, max: 100_000 }),
    roots: fc.constantFrom('7', '8'),
    rssBytes: bytes,
    pssBytes: fc.option(bytes),
    kernelBytes: fc.option(bytes),
    heap: fc.option(
      fc.record({
        usedBytes: bytes,
        externalBytes: fc.option(bytes),
        threads: fc.integer({ min: 1, max: 2 }),
        collected: fc.boolean(),
      }),
    ),
  });
  const readings = fc.array(anyReading, { maxLength: 10 });
  fc.assert(
    fc.property(readings, readings, fc.option(anyReading), fc.nat(), (plateaus, held, drained, opened) => {
      const { memory } = memoryPerConnection(
        {
          ...{ plateaus, ramp: 'ramp', opened, held: [{ phase: 'hold', readings: held }] },
          drained: drained && { phase: 'drain', reading: drained },
        },
        true,
      );
      expect(JSON.stringify(memory, (_, value) => (Number.isNaN(value) ? 'NaN' : value))).not.toContain(
        'NaN',
      );
    }),
  );
});

test('no more is read of a plateau than can change its median', () => {
  const world = { base: 40 * MIB, each: 5000, heapEach: 2000 };
  const noise = fc.integer({ min: 0, max: 2 });
  fc.assert(
    fc.property(fc.array(noise, { minLength: 5, maxLength: 5 }), (noises) => {
      const all = noises.map((bytes) => reading(100, world, bytes));
      const few = all.findIndex((_, i) => areEnough(all.slice(0, i + 1)));
      if (few < 0) return;
      expect(few).toBeGreaterThanOrEqual(2);
      const [early, whole] = [medianReading(all.slice(0, few + 1)), medianReading(all)];
      expect([early?.rssBytes, early?.pssBytes]).toEqual([whole?.rssBytes, whole?.pssBytes]);
    }),
  );
  const coming = [1, 2, 3, 4, 5].map((open) => reading(open, { ...world, each: 0 }));
  expect(areEnough(coming)).toBe(false);
});
