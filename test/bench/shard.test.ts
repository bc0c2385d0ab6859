import { expect, test } from 'vitest';
import { runShard } from '../../bench/shard.mjs';

test.each(['fast', 'ws'])('a shard of engine %s can be measured by itself', async (engine) => {
  const population = { connections: 20, echo: { pace: 'answered', size: '20B' } };
  const report = await runShard({ population, connect: { engine }, seconds: 1 });
  expect(report.opened).toBe(20);
  expect(report.during['echo.answered']).toBeGreaterThan(0);
  expect(report.cpu.user).toBeGreaterThan(0);
});
