/**
 * What a server that passes messages on has counted of it. A copy is made for each receiver of a message who is there,
 * and again for each time that it is resent; `delivered` is the copies made, less `lost` and `droppedSlow`, plus
 * `duplicated`, unless a receiver went while a copy was delayed or held back for it.
 */
export interface DeliveryLedger {
  /** Messages accepted for a room. */
  published: number;
  /** Copies sent to members, whole or not. */
  delivered: number;
  /** Copies not sent because losses were asked for. */
  lost: number;
  /** Copies not sent because their receiver was too slow. */
  droppedSlow: number;
  /** Second copies, sent because duplicates were asked for. */
  duplicated: number;
  /** Copies held back until a later message of the same sender to the same member had gone. */
  reordered: number;
  /** Copies cut short, and copies of which a byte was changed, because that was asked for. */
  truncated: number;
  corrupted: number;
  /** Copies made again because no acknowledgement had come. */
  resent: number;
  /** Messages refused: invalid, or more than the rate limit allows. */
  rejected: number;
  /** Messages that had been accepted before: taken for received, and not passed on again. */
  repeated: number;
}

export function createDeliveryLedger(): DeliveryLedger {
  return {
    published: 0,
    delivered: 0,
    lost: 0,
    droppedSlow: 0,
    duplicated: 0,
    reordered: 0,
    truncated: 0,
    corrupted: 0,
    resent: 0,
    rejected: 0,
    repeated: 0,
  };
}
