import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run, start } from '../support/cli.js';
import { expectIdentities } from '../support/identities.js';
import { scenarioFile } from '../support/scratch.js';

const beating = { connections: 40, heartbeat: { every: '100ms', timeout: '5s' } };
/** A stall of one second is 1 % of the time or more: so much of it must show at p99. */
const SHOWN_US = 500_000;

function p99(result: RunResult, name: string): number {
  const metric = result.metrics[`heartbeat.${name}`];
  if (metric?.kind !== 'histogram' || metric.p99 === null) throw new Error(`${name} has no p99`);
  return metric.p99;
}

// Another program that takes the processor for seconds makes any generator late: then once more.
test('a server that stalls for a second shows in service and response, and is not blamed on the generator', {
  retry: 2,
}, async () => {
  const file = scenarioFile({
    target: { server: 'echo', options: { stall: { after: '2s', for: '1s' } } },
    populations: { clients: beating },
    timeline: [{ ramp: {} }, { hold: '4s' }, { drain: '2s' }],
  });
  const { code, result } = await run(['run', file]);
  expect(p99(result, 'response')).toBeGreaterThan(SHOWN_US);
  expect(p99(result, 'service')).toBeGreaterThan(SHOWN_US);
  expect(p99(result, 'sendLag')).toBeLessThan(p99(result, 'service') / 2);
  expect(result.run.validity).toMatchObject({ status: 'valid', reasons: [] });
  expect(code).toBe(0);
});

test('a generator that stalls is called the limit: exit 4, or 0 where that is allowed, and it is said in any case', async () => {
  const file = scenarioFile({
    target: { server: 'echo' },
    populations: { clients: beating },
    timeline: [{ ramp: {} }, { hold: '9s' }, { drain: '2s' }],
  });
  const strict = start(['run', file]);
  const lenient = start(['run', file, '--allow-saturated']);
  await Promise.all([strict.said(/hold/), lenient.said(/hold/)]);
  for (let stop = 0; stop < 4; stop++) {
    for (const { pid } of [strict, lenient]) process.kill(pid, 'SIGSTOP');
    await sleep(1200);
    for (const { pid } of [strict, lenient]) process.kill(pid, 'SIGCONT');
    await sleep(700);
  }
  const finished = await Promise.all([strict.finished, lenient.finished]);
  expect(finished.map(({ code }) => code)).toEqual([4, 0]);
  for (const { result, stdout } of finished) {
    expectIdentities(result);
    expect(result.run.validity.status).toBe('generator-limited');
    expect(result.run.validity.reasons.join(' ')).toMatch(/generator sent late in \d+ of \d+ seconds/);
    expect(stdout).toMatch(/the generator, not the server, was the limit/);
    // The record tells the two apart: what was due waited, what was sent did not.
    expect(p99(result, 'sendLag')).toBeGreaterThan(SHOWN_US);
    expect(p99(result, 'response')).toBeGreaterThan(SHOWN_US);
    expect(p99(result, 'service')).toBeLessThan(p99(result, 'response') / 2);
  }
});
