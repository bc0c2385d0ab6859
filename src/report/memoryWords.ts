/** What was found of the target's memory, in words. */
import type { ClaimVerdict, MemoryPerConnection } from '../result/targetRecord.js';
import { bytes, countInWords, factor, share } from './numbers.js';

/** Behind a sentence about resident memory; empty where no heap was read. */
export function heapWords({ heap }: MemoryPerConnection): string {
  if (heap === undefined || heap === null) return '';
  return `, ${bytes(heap.bytes)} of it on its heap`;
}

/** What the server kept when every connection was closed; nothing where that was not read. */
export function retainedWords({ retained, heap }: MemoryPerConnection): string[] {
  if (retained === undefined || retained === null || retained.opened === 0) return [];
  const { opened, bytes: resident, shareOfPeak, heapBytes } = retained;
  const ofPeak = shareOfPeak === null ? '' : `, ${share(Math.max(0, shareOfPeak))} of what it had gained`;
  const kept = `When all were closed the server held ${bytes(resident)} more than before${ofPeak}`;
  if (heapBytes === null || heap === undefined || heap === null) {
    return [`${kept}: a process keeps memory for its next connections too, so that this alone is no leak.`];
  }
  return [
    `${kept}. Of its heap, ${bytes(heapBytes / opened)} was left of each connection that it had had, which cost ${bytes(heap.bytes)} while it was open.`,
  ];
}

/** The verdict on a claim, as a clause. */
export function claimWords(claim: ClaimVerdict): string {
  const { verdict, measuredBytes, lowBytes, highBytes } = claim;
  switch (verdict) {
    case 'holds':
      return 'holds';
    case 'unclear':
      return 'cannot be told: the interval reaches over an end of the claim';
    case 'more':
      return `more than claimed${timesWords(measuredBytes, highBytes, 'upper')}`;
    case 'less':
      return `less than claimed${timesWords(measuredBytes, lowBytes, 'lower')}`;
    case 'not-measured':
      return 'not measured';
  }
}

/** Of memory that did not grow there is no multiple. */
function timesWords(measuredBytes: number | null, endBytes: number, end: string): string {
  if (measuredBytes === null || measuredBytes <= 0 || endBytes <= 0) return '';
  return `: ${factor(measuredBytes / endBytes)} times its ${end} end`;
}

/** `2.7 KiB (2.6 KiB to 2.7 KiB)`. */
export function measuredWords({ measuredBytes, ci95 }: ClaimVerdict): string {
  if (measuredBytes === null || ci95 === null) return 'not measured';
  return `${bytes(measuredBytes)} (${bytes(ci95[0])} to ${bytes(ci95[1])})`;
}

/** What a claim is about: `each`, `10,000 together`. */
export function claimedOf({ connections }: ClaimVerdict): string {
  return connections === 1 ? 'each' : `${countInWords(connections)} together`;
}

/** How many of the claims came to what, as a sentence. */
export function claimsFinding(claims: readonly ClaimVerdict[]): string {
  const holding = claims.filter(({ verdict }) => verdict === 'holds').length;
  if (holding === claims.length) return 'What is claimed of memory holds';
  return `Of ${claims.length} claims about memory ${holding === 0 ? 'none holds' : `${holding} hold${holding === 1 ? 's' : ''}`}`;
}

/** As written, and in the units in which everything else is told. */
export function claimedWords({ claimed, lowBytes, highBytes }: ClaimVerdict): string {
  return `${claimed} (${bytes(lowBytes)} to ${bytes(highBytes)})`;
}
