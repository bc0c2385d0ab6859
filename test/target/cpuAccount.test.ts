import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuAccount } from '../../dist/target/cpuAccount.js';

const threads = (times: Readonly<Record<string, number>>, isExact = true) => ({
  cpuUs: new Map(Object.entries(times)),
  isExact,
});
const account = () => new CpuAccount(0, new Map());

describe('the CPU time of a process', () => {
  it('is what its threads tell, which ticks round down', () => {
    const cpu = new CpuAccount(50_000, threads({ main: 57_300, pool: 4_100 }).cpuUs);
    expect(cpu.add(50_000, threads({ main: 58_050, pool: 4_200 }))).toEqual({ usedUs: 850, hottestUs: 750 });
    expect(cpu.add(60_000, threads({ main: 61_050, pool: 4_200 }))).toEqual({
      usedUs: 3000,
      hottestUs: 3000,
    });
  });

  it('keeps what a thread told before it ended, and sees by the ticks what it did not tell', () => {
    const cpu = account();
    cpu.add(100_000, threads({ main: 100_000, worker: 8_000 }));
    expect(cpu.add(100_000, threads({ main: 100_500 })).usedUs).toBe(500);
    expect(cpu.add(400_000, threads({ main: 100_500 })).usedUs).toBe(400_000 - 20_000 - 108_500);
    // What was seen by ticks is not counted again when a thread tells it.
    expect(cpu.add(400_000, threads({ main: 300_000 })).usedUs).toBe(0);
  });

  it('takes a number that is given anew for another thread', () => {
    const cpu = account();
    cpu.add(0, threads({ 7: 9000 }));
    expect(cpu.add(0, threads({ 7: 1000 }))).toEqual({ usedUs: 1000, hottestUs: 0 });
  });

  it('is that of its ticks alone where threads tell ticks too', () => {
    const cpu = account();
    expect(cpu.add(30_000, threads({ main: 0, pool: 10_000 }, false)).usedUs).toBe(30_000);
    expect(cpu.add(30_000, threads({ main: 20_000, pool: 10_000 }, false)).usedUs).toBe(0);
  });

  it('is never off by more than two ticks in all, whatever its threads do', () => {
    const step = fc.record({ main: fc.nat(50_000), worker: fc.nat(50_000), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cpu = account();
        let [mainUs, workerUs, endedUs, toldUs] = [0, 0, 0, 0];
        let worker = 0;
        for (const { main, worker: more, ends } of steps) {
          mainUs += main;
          workerUs += more;
          const allUs = mainUs + workerUs + endedUs;
          if (ends) {
            endedUs += workerUs;
            workerUs = 0;
            worker++;
          }
          const ticksUs = Math.floor(allUs / 10_000) * 10_000;
          toldUs += cpu.add(ticksUs, threads({ main: mainUs, [`worker${worker}`]: workerUs })).usedUs;
          expect(toldUs).toBeLessThanOrEqual(allUs);
          expect(toldUs).toBeGreaterThan(allUs - 30_000);
        }
      }),
    );
  });
});
