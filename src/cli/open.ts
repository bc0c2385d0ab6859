import { spawn } from 'node:child_process';

/** Opens a file in the user's browser, if there is one; never fails. */
export function openInBrowser(path: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
