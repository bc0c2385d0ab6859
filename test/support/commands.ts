import { fileURLToPath } from 'node:url';

/** The command line of `chattyServer.mjs`, for `target.command`. */
export const chattyServer = [
  process.execPath,
  fileURLToPath(new URL('./chattyServer.mjs', import.meta.url)),
  '--port',
  '${port}',
];

/** The same server as the child of a shell that does not pass signals on. */
export const chattyGrandchild = [
  'sh',
  '-c',
  `trap '' TERM; "${chattyServer[0]}" "${chattyServer[1]}" --port "$1" & sleep 1000 & wait; wait`,
  'sh',
  '${port}',
];
