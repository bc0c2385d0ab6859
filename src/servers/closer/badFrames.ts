const MASK_BIT = 0x80;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** Frames that a server must not send, by the rule of RFC 6455 that they break. */
export const badFrames = new Map<string, Buffer>([
  // 5.1: a server does not mask.
  ['masked', Buffer.from([0x81, MASK_BIT | 2, 1, 2, 3, 4, 'h'.charCodeAt(0) ^ 1, 'i'.charCodeAt(0) ^ 2])],
  // 5.2: reserved bits are 0 without an extension; RSV2, because RSV1 means compression where that was agreed.
  ['rsv', Buffer.from([0xa1, 2, ...Buffer.from('hi')])],
  // 5.2: opcodes 3 to 7 are reserved.
  ['opcode', Buffer.from([0x83, 0])],
  // 5.5: a control frame holds at most 125 bytes.
  ['long-control', Buffer.from([0x89, LENGTH_IN_16_BITS, 0, 126, ...Buffer.alloc(126)])],
  // 5.5: a control frame is not fragmented; here a ping without FIN.
  ['fragmented-control', Buffer.from([0x09, 0])],
  // 8.1: text is UTF-8; 0x28 cannot follow 0xc3.
  ['bad-utf8', Buffer.from([0x81, 2, 0xc3, 0x28])],
  // 7.4.1: 1006 never stands in a close frame.
  ['bad-close-code', Buffer.from([0x88, 2, 1006 >> 8, 1006 & 0xff])],
  // 5.5.1: the payload of a close frame is empty or begins with two bytes of code.
  ['bad-close-length', Buffer.from([0x88, 1, 0x03])],
  // Not against the RFC, but more than any client takes: a message of 1 TiB is announced.
  ['too-big', Buffer.from([0x82, LENGTH_IN_64_BITS, 0, 0, 1, 0, 0, 0, 0, 0])],
  // 5.4: a continuation needs a message to continue.
  ['continuation', Buffer.from([0x80, 2, ...Buffer.from('hi')])],
]);
