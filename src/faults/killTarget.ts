import type { KillTargetSpec } from '../scenario/faultSpec.js';
import { endTarget } from './endTarget.js';
import type { Fault } from './fault.js';

/** SIGKILL: no close frame goes out, and what was under way is lost. Started again on the same port. */
export const killTarget: Fault<KillTargetSpec> = ({ downUs }, parts) =>
  endTarget({ signal: 'SIGKILL', graceUs: 0, downUs }, parts);
