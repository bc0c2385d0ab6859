/** Loaded with --import: every worker thread is blocked for most of the time, as by a machine that is too slow. */
import { isMainThread } from 'node:worker_threads';

const BLOCKED_MS = 60;
const FREE_MS = 5;

if (!isMainThread) {
  const timer = setInterval(() => {
    const untilMs = performance.now() + BLOCKED_MS;
    while (performance.now() < untilMs);
  }, FREE_MS);
  timer.unref();
}
