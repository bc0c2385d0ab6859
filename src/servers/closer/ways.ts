import * as afterOpen from './afterOpen.js';
import { badFrames } from './badFrames.js';
import * as beforeUpgrade from './beforeUpgrade.js';
import type { Way } from './way.js';

/** Every way to end a connection, by the first part of the path. */
export const ways = new Map<string, Way>([
  ['stay', { when: 'after-open', end: afterOpen.stay }],
  ['code', { when: 'after-open', end: afterOpen.closeWithCode, takes: isSendableCode }],
  ['hostile', { when: 'after-open', end: afterOpen.closeWithHostileReason }],
  ['fin', { when: 'after-open', end: afterOpen.endStream }],
  ['reset', { when: 'after-open', end: afterOpen.resetConnection }],
  ['terminate', { when: 'after-open', end: afterOpen.terminate }],
  ['silence', { when: 'after-open', end: afterOpen.fallSilent }],
  [
    'bad-frame',
    { when: 'after-open', end: afterOpen.sendBadFrame, takes: (argument) => badFrames.has(argument) },
  ],
  ['refuse', { when: 'before-upgrade', end: beforeUpgrade.refuseWithStatus, takes: isRefusalStatus }],
  ['redirect', { when: 'before-upgrade', end: beforeUpgrade.redirect }],
  ['html', { when: 'before-upgrade', end: beforeUpgrade.answerPage }],
  ['garbage', { when: 'before-upgrade', end: beforeUpgrade.answerGarbage }],
  ['bad-accept', { when: 'before-upgrade', end: beforeUpgrade.answerBadAccept }],
  ['wrong-subprotocol', { when: 'before-upgrade', end: beforeUpgrade.selectUnknownSubprotocol }],
  ['no-answer', { when: 'before-upgrade', end: beforeUpgrade.neverAnswer }],
  ['fin-before-upgrade', { when: 'before-upgrade', end: beforeUpgrade.endBeforeUpgrade }],
  ['reset-before-upgrade', { when: 'before-upgrade', end: beforeUpgrade.resetBeforeUpgrade }],
]);

/** RFC 6455 section 7.4 and the IANA registry: 1004 is reserved, 1005, 1006 and 1015 are never on the wire. */
function isSendableCode(argument: string): boolean {
  if (argument === 'empty') return true;
  const code = wholeNumber(argument);
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006);
}

function isRefusalStatus(argument: string): boolean {
  const status = wholeNumber(argument);
  return status >= 400 && status <= 599;
}

/** -1 for what is not written as one. */
function wholeNumber(text: string): number {
  return /^[0-9]{1,4}$/.test(text) ? Number(text) : -1;
}
