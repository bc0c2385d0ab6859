import { HEAT_LEVELS, type Tone } from '../chart.js';

/** The colours and measures of the style sheet, for canvases, which it does not reach. */
export interface Theme {
  readonly tone: (tone: Tone) => string;
  readonly heat: readonly string[];
  readonly paper: string;
  readonly soft: string;
  readonly hair: string;
  readonly fill: string;
  readonly wash: string;
  /** Room left and right of a plot, in CSS pixels. */
  readonly gutterPx: number;
  readonly marginPx: number;
  readonly font: string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    tone: read,
    heat: Array.from({ length: HEAT_LEVELS + 1 }, (_, level) => (level === 0 ? '' : read(`h${level}`))),
    paper: read('paper'),
    soft: read('soft'),
    hair: read('hair'),
    fill: read('fill'),
    wash: read('wash'),
    gutterPx: Number.parseFloat(read('gutter')),
    marginPx: Number.parseFloat(read('margin')),
    font: `12px ${style.fontFamily}`,
  };
}
