import type { RestartTargetSpec } from '../scenario/faultSpec.js';
import { endTarget } from './endTarget.js';
import type { Fault } from './fault.js';

/** SIGTERM: the server may say goodbye, and is started again on the same port when it has ended. */
export const restartTarget: Fault<RestartTargetSpec> = ({ downUs, graceUs }, parts) =>
  endTarget({ signal: 'SIGTERM', graceUs, downUs }, parts);
