/** The one printer: results to stdout, everything else to stderr. */
import { createColors } from 'picocolors';

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Whether a stream is to be coloured: a terminal, and nobody has said NO_COLOR. */
export function isColored(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== '') return false;
  return stream.isTTY === true;
}

export const colors = createColors(isColored(process.stderr));
