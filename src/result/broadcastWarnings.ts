/** What a reader should know of a run that broadcasts. */
import { type BroadcastResult, isSampled } from './broadcast.js';
import type { Check, Warned } from './check.js';
import type { Warning } from './types.js';

/** Looks at a record whose publishers were at work. */
type BroadcastCheck = (broadcast: BroadcastResult, counted: Counted) => Warning | null;

/** A counter `broadcast.*` of the whole run. */
type Counted = (name: string) => number;

const checks: readonly BroadcastCheck[] = [
  incompleteFanOut,
  fanOutCutShort,
  unowedDeliveries,
  ownCopiesOfSome,
  foreignMessages,
  lateDeliveries,
  sampledLedger,
  squareGrowth,
];

export const broadcastChecks: readonly Check[] = checks.map(
  (check) => (result) => (result.broadcast === null ? null : check(result.broadcast, counterOf(result))),
);

function counterOf({ metrics }: Warned): Counted {
  return (name) => {
    const metric = metrics[`broadcast.${name}`];
    return metric?.kind === 'counter' ? metric.value : 0;
  };
}

function incompleteFanOut(
  { messages, rooms, fanOutWindowMs }: BroadcastResult,
  counted: Counted,
): Warning | null {
  const { published, incomplete } = messages;
  // Who is alone in a room is heard by nobody.
  const unheard = rooms.leastMembers > 1 ? messages.unheard : 0;
  if (incomplete + unheard === 0) return null;
  const within = `within ${fanOutWindowMs / 1000} s`;
  return {
    code: 'fan-out-incomplete',
    message:
      `${incomplete} of ${published} messages did not reach every member of their room ${within}, ${unheard} reached nobody. ` +
      `${counted('lost')} deliveries were lost, and ${counted('missedWhileDisconnected')} fell into the time in which their member was not connected.`,
    advice:
      'What was neither lost nor missed came later: a server that falls behind needs fewer messages, smaller rooms or more processors.',
  };
}

function fanOutCutShort(_broadcast: BroadcastResult, counted: Counted): Warning | null {
  const cutShort = counted('cutShort');
  if (cutShort === 0) return null;
  return {
    code: 'fan-out-cut-short',
    message: `${cutShort} messages were followed for less than ten seconds, because more than 4,096 were under way in a worker: their last deliveries may have come later than broadcast.last says.`,
    advice: 'Take more workers, or fewer messages a second. Deliveries and losses are counted in full.',
  };
}

function unowedDeliveries(_broadcast: BroadcastResult, counted: Counted): Warning | null {
  const unowed = counted('unowed');
  if (unowed === 0) return null;
  return {
    code: 'unowed-deliveries',
    message: `${unowed} more deliveries came than were published: as many losses may be hidden behind them.`,
    advice: 'Somebody forges markers, or a worker ended before it could tell what it had published.',
  };
}

/** Only where every publisher is to hear itself: the number of copies that are missing is known. */
function ownCopiesOfSome(broadcast: BroadcastResult, counted: Counted): Warning | null {
  const { publishers, publishingMembers, messages, ownCopies } = broadcast;
  if (ownCopies !== true || publishingMembers < publishers || isSampled(broadcast)) return null;
  const copies = counted('ownCopies');
  const missing = messages.published - copies;
  if (copies > messages.published / 2 || counted('lost') < missing) return null;
  return {
    code: 'own-copies-of-some',
    message: `Publishers got ${copies} of their own ${messages.published} messages back: the other ${missing} count as lost.`,
    advice:
      'If the server sends its own message to nobody but a few, write publish: { ownCopy: excluded }: these few then count as foreign.',
  };
}

function foreignMessages(_broadcast: BroadcastResult, counted: Counted): Warning | null {
  const foreign = counted('foreign');
  if (foreign === 0) return null;
  const damaged = counted('damaged');
  const stray = counted('stray');
  const others = foreign - damaged - stray;
  return {
    code: 'foreign-messages',
    message: `${foreign} messages count as no delivery: ${damaged} with a damaged marker, ${stray} that were not for their receiver, ${others} without a marker of this run.`,
    advice:
      'Damaged: the server does not pass payloads on unchanged. Not for their receiver: it reaches others than the members of a room, or publishers themselves though ownCopy is excluded. Without a marker: messages of its own, which the dialect should know, or of another run.',
  };
}

function lateDeliveries({ ledger }: BroadcastResult, counted: Counted): Warning | null {
  const late = counted('late');
  if (late === 0) return null;
  return {
    code: 'late-deliveries',
    message: `${late} deliveries came after ${ledger.reorderWindow} later messages of their publisher: whether they had come before cannot be told.`,
    advice:
      'As many of the lost may not be lost, or as many more may be duplicates. Messages this far out of order come from several queues, or from a queue that is sent again.',
  };
}

function sampledLedger(broadcast: BroadcastResult): Warning | null {
  if (!isSampled(broadcast)) return null;
  const { ledger, members } = broadcast;
  const mebibytes = Math.round(ledger.budgetBytes / 2 ** 20);
  return {
    code: 'ledger-sampled',
    message: `Deliveries are accounted for of ${ledger.accounted} of ${members} members, drawn at random: of all ${ledger.pairs} pairs of publisher and member the accounts would take more than ${mebibytes} MiB.`,
    advice:
      'Latencies are of all members. For exact counts of all, have fewer publishers in a room, or smaller rooms.',
  };
}

/** From so many members on a room in which everybody talks is worth a word. */
const LARGE_ROOM = 100;

function squareGrowth({
  ownCopies,
  publishers,
  members,
  rooms,
  ledger,
  amplification,
}: BroadcastResult): Warning | null {
  const audience = ledger.pairs / Math.max(1, publishers);
  if (ownCopies === null || publishers < members / 2 || audience < LARGE_ROOM) return null;
  const each =
    amplification === null ? '' : ` Each message was delivered ${Math.round(amplification)} times.`;
  return {
    code: 'square-growth',
    message: `Members of rooms of ${rooms.mostMembers} publish: twice as many members are four times as many deliveries.${each}`,
    advice:
      'Before the server has no processor left for it, split the rooms, limit the rate of each publisher, or gather messages and send several at once.',
  };
}
