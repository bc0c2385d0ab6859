import { expect, test } from 'vitest';
import { run } from '../support/cli.js';
import { expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { scenarioFile } from '../support/scratch.js';

const timeline = [{ ramp: {} }, { hold: '1s' }, { drain: '2s' }];
const populations = { clients: { connections: 40, arrive: { over: '1s' }, echo: { every: '100ms' } } };
const MOST = 25;

/** What becomes of 40 connections on a server that holds 25. */
async function overrun(how: 'http' | 'close') {
  const options = {
    limit: { connections: MOST, how },
    cost: { message: '20us' },
    state: '8KiB',
    leak: '1KiB',
  };
  const file = scenarioFile({ target: { server: 'echo', options }, populations, timeline });
  // Who never opens, or is closed, is no failed threshold here.
  const { result, stderr } = await run(['run', file, '--workers', '2', '--allow-saturated']);
  expect(result.run.complete, stderr).toBe(true);
  expectIdentities(result);
  expectBalancedBooks(result);
  return result;
}

test('the books of a server that turns connections away balance, and show its cap', async () => {
  const [refused, closed] = await Promise.all([overrun('http'), overrun('close')]);

  expect(refused.connections).toMatchObject({ opened: MOST, failed: 15, neverOpened: 15, peakOpen: MOST });
  expect(refused.target.counts).toMatchObject({ refused: { 503: 15 }, closesByCode: { 1000: MOST } });
  expect(refused.failures).toEqual([
    expect.objectContaining({ stage: 'upgrade', cause: 'http-503', count: 15 }),
  ]);

  expect(closed.connections).toMatchObject({ opened: 40, failed: 0, openAtEnd: MOST });
  expect(closed.target.counts).toMatchObject({ refused: {}, closesByCode: { 1000: MOST, 1013: 15 } });
});
