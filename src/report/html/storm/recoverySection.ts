import type { Recovery } from '../../../result/recovery.js';
import { count, duration, share, trimmed } from '../../numbers.js';
import { backWords, MILESTONES } from '../../stormWords.js';
import type { Axis } from '../axis.js';
import type { Line, Note, TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { fromFaultOn, modelShare } from './model.js';
import type { Storm } from './storm.js';

/** Room above the plot's highest value for the names of the phases. */
const NAMES_ROOM = 1.16;

/** A share of all, as an axis of a recovery: its ticks are the milestones that can be told apart. */
export const SHARE_AXIS: Axis = {
  min: 0,
  max: NAMES_ROOM,
  log: false,
  ticks: [0, 0.5, 0.9, 1],
  unit: 'share',
};

/** Does it come back, and how long does that take? */
export function recoverySection(storm: Storm): Section {
  const { recovery, fault, suffix } = storm;
  return {
    id: `recovery${suffix}`,
    name: `Recovery${suffix.replace('-', ' ')}`,
    title: finding(recovery, fault),
    pictures: [recoveryChart(storm)],
    reading: [
      'Each step up is connections that are open again, as a share of those that were lost; where the curve is flat, the clients wait.',
      ...(recovery.predicted === null ? [] : ['The dashed line is a model, not a measurement.']),
    ].join(' '),
    numbers: [milestones(recovery)],
  };
}

function finding(recovery: Recovery, fault: string): string {
  const { dropped, recovered, gaveUp, t50Ms, t99Ms, t100Ms } = recovery;
  const away = dropped - recovered;
  const resigned = gaveUp === 0 || away === 0 ? '' : ` (${gaveUp >= away ? 'all' : count(gaveUp)} gave up)`;
  const rest = away === 0 || recovered === 0 ? '' : `; ${count(away)} stayed away${resigned}`;
  if (t50Ms === null || (t99Ms ?? t100Ms) === null || dropped <= 2) {
    return `After the ${fault} ${backWords(recovery)}${rest}`;
  }
  const last = t100Ms === null ? null : duration(t100Ms * 1000);
  const most = t99Ms === null || dropped < 100 ? null : duration(t99Ms * 1000);
  const nearly = most === null || most === last ? '' : `, 99 % after ${most}`;
  const all = last === null ? '' : `, the last after ${last}`;
  return `After the ${fault} half of ${count(dropped)} connections were back after ${duration(t50Ms * 1000)}${nearly}${all}${rest}`;
}

function recoveryChart({ recovery, bins, fault, suffix, frame }: Storm): TimeChart {
  const { dropped, predicted } = recovery;
  const measured: Line = {
    name: 'open again',
    tone: 'server',
    style: 'area',
    values: fromFaultOn(bins.edgesMs, (_edgeMs, i) => (bins.back[i] ?? 0) / dropped),
  };
  const model: Line[] =
    predicted === null
      ? []
      : [
          {
            name: 'model',
            tone: 'context',
            style: 'dashed',
            values: modelShare(predicted, bins.edgesMs),
          },
        ];
  return {
    id: `recovery-curve${suffix}`,
    frame,
    title: `Share of the lost connections that is open again, by time since the ${fault}`,
    alt: `Recovery curve. ${milestonesAlt(recovery)}`,
    height: 208,
    axis: SHARE_AXIS,
    atMs: bins.edgesMs,
    form: 'line',
    lines: [...model, measured],
    notes: milestoneNotes(recovery),
    heat: null,
    names: true,
  };
}

/** Of those that were reached at the same time the last, as words can tell them apart. */
function milestoneNotes(recovery: Recovery): Note[] {
  const reached = MILESTONES.flatMap(({ share: value, key }) => {
    const atMs = recovery[key];
    return atMs === null ? [] : [{ atMs, value, after: trimmed(duration(atMs * 1000)) }];
  });
  return reached
    .filter(({ after }, i) => after !== reached[i + 1]?.after)
    .map(({ atMs, value, after }) => ({ atMs, value, text: `${share(value)} after ${after}` }));
}

function milestonesAlt(recovery: Recovery): string {
  const reached = MILESTONES.flatMap(({ share: part, key }) => {
    const ms = recovery[key];
    return ms === null ? [] : [`${share(part)} after ${duration(ms * 1000)}`];
  });
  return reached.length === 0 ? 'Half of the connections were never back.' : `${reached.join(', ')}.`;
}

function milestones({ predicted, ...recovery }: Recovery): Table {
  const time = (ms: number | null | undefined) =>
    ms === null || ms === undefined ? 'not reached' : duration(ms * 1000);
  return {
    caption: null,
    columns: [
      ...columns('name', 'open again'),
      ...columns('number', 'connections', 'after', ...(predicted === null ? [] : ['model'])),
    ],
    rows: MILESTONES.map(({ share: part, key }) => [
      share(part),
      count(Math.ceil(part * recovery.dropped)),
      time(recovery[key]),
      ...(predicted === null ? [] : [time(predicted[key])]),
    ]),
  };
}
