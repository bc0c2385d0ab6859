import { expect, test } from 'vitest';
import { lobby, mistakes } from './lobby.js';
import { parse } from './texts.js';

const POPULATIONS = {
  listeners: 'join: { rooms: 2 }, acknowledge: {}',
  speakers: 'join: { rooms: 2 }, publish: { every: 1s }, acknowledge: {}',
  slow: 'join: { rooms: 2 }, read: { pause: 1s, every: 2s }',
};

function judged(expression: string): string {
  return lobby(POPULATIONS, 'dialect: reliable', `thresholds: ['${expression}']`);
}

function mistake(expression: string, text = judged(expression)): string {
  const [problem = '', ...more] = mistakes(text);
  expect(more).toEqual([]);
  return problem.replace('thresholds.0: ', '');
}

test('fan-out, accounts, acknowledgements and slow reading are judged, of everybody or of a population', () => {
  const expressions = [
    'broadcast.lost == 0',
    'broadcast.lost / broadcast.expected < 0.1%',
    'listeners/broadcast.delivery p99 < 50ms during hold',
    'listeners/broadcast.missedWhileDisconnected == 0',
    'speakers/broadcast.sendLag p99 < 10ms',
    'speakers/broadcast.received / broadcast.published >= 9',
    'broadcast.first p50 < 5ms during hold',
    'broadcast.last max < 1s',
    'broadcast.incomplete / broadcast.published < 1%',
    'broadcast.duplicated == 0 during drain',
    'acknowledge.response p99 < 1s',
    'speakers/acknowledge.resent == 0',
    'listeners/acknowledge.receipts > 0',
    'slow/reading.pauses > 0',
  ];
  for (const expression of expressions) expect(mistakes(judged(expression)), expression).toEqual([]);
  expect(parse(judged('broadcast.lost / broadcast.expected < 0.1%')).thresholds).toMatchObject([
    {
      name: 'broadcast.lost',
      denominator: 'broadcast.expected',
      value: 0.001,
      unit: 'share',
      population: null,
    },
  ]);
});

test('what nobody in the scenario measures is refused with who would', () => {
  const mistaken = {
    'listeners/broadcast.published > 0':
      'broadcast.published is not measured: the population listeners does not have publish',
    'listeners/acknowledge.resent == 0':
      'acknowledge.resent is not measured: the population listeners does not have publish and acknowledge',
    'slow/acknowledge.receipts > 0':
      'acknowledge.receipts is not measured: the population slow does not have acknowledge',
    'speakers/reading.pauses > 0':
      'reading.pauses is not measured: the population speakers does not have read',
    'listeners/broadcast.received / broadcast.published > 9':
      'broadcast.published is not measured: the population listeners does not have publish',
    'broadcast.lots == 0': 'no metric is called broadcast.lots, did you mean "broadcast.lost"?',
  };
  for (const [expression, problem] of Object.entries(mistaken)) expect(mistake(expression)).toBe(problem);
  const silent = (expression: string) => lobby({ idle: 'heartbeat: {}' }, `thresholds: ['${expression}']`);
  for (const name of ['broadcast.lost', 'broadcast.complete', 'broadcast.published']) {
    expect(mistake('', silent(`${name} == 0`))).toBe(`${name} is not measured: no population has publish`);
  }
  expect(mistake('', silent('acknowledge.resent == 0'))).toBe(
    'acknowledge.resent is not measured: no population has publish and acknowledge',
  );
  expect(mistake('', silent('reading.pauses > 0'))).toBe(
    'reading.pauses is not measured: no population has read',
  );
});

test('what is of a message belongs to no population', () => {
  for (const name of ['first p99', 'median p99', 'last p99']) {
    expect(mistake(`listeners/broadcast.${name} < 1s`)).toBe(
      `broadcast.${name.split(' ')[0]} is of messages, whose members may be in any population: leave the population out`,
    );
  }
  for (const name of ['broadcast.complete', 'broadcast.incomplete', 'broadcast.cutShort']) {
    const problem = `${name} is of messages, whose members may be in any population: leave the population out`;
    expect(mistake(`speakers/${name} > 0`)).toBe(problem);
    expect(mistake(`speakers/broadcast.published / ${name} > 0`)).toBe(problem);
  }
});

test('what is known when nothing more can come is known of no single phase', () => {
  const names = [
    'broadcast.expected',
    'broadcast.lost',
    'broadcast.unowed',
    'broadcast.cutShort',
    'broadcast.missedWhileDisconnected',
    'acknowledge.unacknowledged',
  ];
  for (const name of names) {
    const problem = `${name} is known for the whole run only: leave "during hold" out`;
    expect(mistake(`${name} == 0 during hold`)).toBe(problem);
  }
  expect(mistake('broadcast.received / broadcast.expected > 99% during drain')).toBe(
    'broadcast.expected is known for the whole run only: leave "during drain" out',
  );
});
