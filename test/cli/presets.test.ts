import { expect, test } from 'vitest';
import { drawDelays } from '../../src/cli/presetDelays.js';
import { describePreset, describePresets } from '../../src/cli/presetText.js';
import { findPreset, presetNames } from '../../src/policies/presets.js';
import { run } from '../support/cli.js';

function described(name: string): string {
  const preset = findPreset(name);
  return preset === null ? '' : describePreset(preset, drawDelays(preset.policy));
}

/** The bars of the picture, with what stands left of them. */
function bars(name: string): Array<readonly [label: string, bar: string]> {
  return described(name)
    .split('\n')
    .filter((line) => /^ +\d+ .*│/.test(line))
    .map((line) => {
      const [label = '', bar = ''] = line.split('│');
      return [label.trim().replaceAll(/ {2,}/g, '  '), bar];
    });
}

test('every policy has its line, with its attempts, cap and delays in words', () => {
  const text = describePresets();
  for (const name of presetNames) expect(text).toMatch(new RegExp(`^  ${name} +(unlimited|\\d+) +\\S`, 'm'));
  expect(text).toMatch(/^ {2}signalr-js +4 +30 s +at once, then 2, 10, 30 s, then never$/m);
  expect(text).toMatch(/^ {2}graphql-ws +5 +none +1 s doubling/m);
  expect(text).toMatch(/^ {2}actioncable +unlimited +24\.3 s /m);
  expect(text).toMatch(/^ {2}nats\.js +10 +2 s /m);
});

test('delays without jitter are drawn as one mark each, on one time scale', () => {
  expect(bars('naive-exponential')).toEqual([
    ['1  1.0 s  1.0 s  1.0 s  1.0 s', '  █'],
    ['2  2.0 s  2.0 s  2.0 s  3.0 s', '     █'],
    ['3  4.0 s  4.0 s  4.0 s  7.0 s', '          █'],
    ['4  8.0 s  8.0 s  8.0 s  15.0 s', '                     █'],
    ['5  15.0 s  15.0 s  15.0 s  30.0 s', '                                       █'],
    ['6  15.0 s  15.0 s  15.0 s  45.0 s', '                                       █'],
    ['7  15.0 s  15.0 s  15.0 s  60.0 s', '                                       █'],
    ['8  15.0 s  15.0 s  15.0 s  75.0 s', '                                       █'],
  ]);
  expect(bars('immediate')).toHaveLength(12);
  expect(bars('immediate')[11]).toEqual(['12  0 µs  0 µs  0 µs  0 µs', '█']);
});

test('jitter is drawn as a range around its median', () => {
  const [first, second] = bars('full-jitter');
  expect(first?.[1]).toMatch(/^░*█░*$/);
  expect(second?.[1].length).toBeGreaterThanOrEqual(first?.[1].length ?? 0);
  const delays = drawDelays(findPreset('full-jitter')!.policy);
  expect(delays).toHaveLength(12);
  for (const { n, leastUs, medianUs, mostUs } of delays) {
    const expectedUs = Math.min(30, 2 ** n) * 1e6;
    expect(leastUs).toBeLessThan(0.02 * expectedUs);
    expect(Math.abs(medianUs / expectedUs - 0.5)).toBeLessThan(0.1);
    expect(mostUs / expectedUs).toBeGreaterThan(0.98);
  }
});

test('what is drawn once per connection spreads connections, not retries', () => {
  const delays = drawDelays(findPreset('reconnecting-websocket')!.policy);
  expect(delays[1]!.leastUs / delays[0]!.leastUs).toBeCloseTo(1.3, 5);
  expect(delays[1]!.mostUs / delays[0]!.mostUs).toBeCloseTo(1.3, 5);
  expect(delays[0]!.mostUs / delays[0]!.leastUs).toBeGreaterThan(4);
});

test('whatever else there is to a policy stands below its delays', () => {
  const pusher = described('pusher-js');
  expect(pusher).toContain('Attempts         unlimited');
  expect(pusher).toContain('Counted anew     as soon as a connection opens');
  expect(pusher).toContain('Connect timeout  15 s');
  expect(pusher).toContain(
    'After a close    retries at once after 4000, 4200-4299; gives up after 4001-4099, 4300-4999; else retries',
  );
  expect(pusher).toMatch(/^Source {11}pusher\/pusher-js .* @f53faf9$/m);
  const handWritten = described('capped-additive-jitter');
  expect(handWritten).toContain('Attempts         10, then it gives up');
  expect(handWritten).toContain('After a close    gives up after any close frame; else retries');
  expect(described('partysocket')).toContain('Counted anew     once open for 5 s');
  expect(described('fixed')).toContain('Connect timeout  connect.handshakeTimeout');
  expect(described('fixed')).toContain('Retry-After      waits at least as long');
});

test('wsherd presets lists them, draws one, gives both as JSON, and refuses what it does not know', async () => {
  const [list, one, allJson, oneJson, unknown] = await Promise.all([
    run(['presets']),
    run(['presets', 'socket.io']),
    run(['presets', '--json']),
    run(['presets', 'phoenix', '--json']),
    run(['presets', 'soket.io']),
  ]);
  expect([list.code, list.stdout]).toEqual([0, `${describePresets()}\n`]);
  expect([one.code, one.stdout]).toEqual([0, `${described('socket.io')}\n`]);
  const all: Array<{ policy: { name: string } }> = JSON.parse(allJson.stdout);
  expect(all.map(({ policy }) => policy.name)).toEqual(presetNames);
  expect(JSON.parse(oneJson.stdout)).toMatchObject({
    policy: { name: 'phoenix', attempts: null },
    delays: [
      { n: 0, leastUs: 10_000, medianUs: 10_000, mostUs: 10_000, sinceLossUs: 10_000 },
      ...new Array(11).fill({}),
    ],
  });
  expect([unknown.code, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toBe('No policy is called "soket.io", did you mean "socket.io"?\n');
});
