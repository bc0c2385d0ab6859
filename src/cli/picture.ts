/** Curves as text, for terminals. */

export const PICTURE_COLUMNS = 60;
const ROWS = 8;
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

export interface Picture {
  /** From 0 to 1, one for each column. */
  readonly shares: readonly number[];
  /** What 1 is. */
  readonly top: string;
  /** What is at the right end; the left end is 0. */
  readonly end: string;
}

/** A curve over time as lines of text. */
export function drawPicture({ shares, top, end }: Picture): string[] {
  const margin = ' '.repeat(top.length);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const floor = ROWS - 1 - row;
    const blocks = shares.map(
      (share) => BLOCKS[Math.round(Math.min(1, Math.max(0, share * ROWS - floor)) * 8)],
    );
    return `  ${row === 0 ? top : margin} │${blocks.join('').trimEnd()}`;
  });
  return [
    ...rows,
    `  ${margin} └${'─'.repeat(shares.length)}`,
    `  ${margin}  0${end.padStart(shares.length - 1)}`,
  ];
}
