import uPlot from 'uplot';
import { inUnit } from '../../numbers.js';
import { type Frame, type TimeChart, timeLabel } from '../chart.js';
import { type Actions, dataOf, optionsOf } from './options.js';
import { readTheme } from './theme.js';

/** A chart that zoomed into less than this would show noise. */
const LEAST_SPAN_MS = 500;

interface Member {
  readonly chart: TimeChart;
  readonly figure: HTMLElement;
  readonly host: HTMLElement;
  plot: uPlot;
}

/** All live charts of one frame: one cursor and one stretch of time for all of them. */
export class ChartGroup {
  private readonly members: Member[] = [];
  private fromMs: number;
  private toMs: number;

  /** @param status Says to screen readers what the cursor shows, when keys moved it. */
  constructor(
    private readonly frame: Frame,
    private readonly status: HTMLElement,
  ) {
    this.fromMs = frame.fromMs;
    this.toMs = frame.untilMs;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
    let width = window.innerWidth;
    window.addEventListener('resize', () => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      this.redraw();
    });
  }

  /** Puts a live chart into a figure in place of its still picture. */
  add(figure: HTMLElement, chart: TimeChart): void {
    const host = document.createElement('div');
    host.className = 'live';
    host.tabIndex = 0;
    host.setAttribute('role', 'group');
    host.setAttribute('aria-roledescription', 'chart');
    host.setAttribute(
      'aria-label',
      `${chart.title}. ${chart.alt} Arrow keys move the cursor, plus and minus zoom, Escape shows all.`,
    );
    figure.append(host);
    figure.classList.add('is-live');
    const member = { chart, figure, host, plot: this.draw(host, chart, figure) };
    this.members.push(member);
    host.addEventListener('keydown', (event) => this.onKey(event, member));
  }

  private draw(host: HTMLElement, chart: TimeChart, figure: HTMLElement): uPlot {
    const actions: Actions = {
      zoom: (fromMs, toMs) => this.show(fromMs, toMs),
      reset: () => this.showAll(),
      moved: (plot) => writeReadout(figure, chart, this.frame, plot),
    };
    const options = optionsOf(chart, this.frame, readTheme(), host.clientWidth, actions);
    const plot = new uPlot(options, dataOf(chart), host);
    plot.setScale('x', { min: this.fromMs, max: this.toMs });
    return plot;
  }

  private redraw(): void {
    for (const member of this.members) {
      member.plot.destroy();
      member.plot = this.draw(member.host, member.chart, member.figure);
    }
  }

  private showAll(): void {
    this.show(this.frame.fromMs, this.frame.untilMs);
  }

  private show(fromMs: number, toMs: number): void {
    const { frame } = this;
    const span = Math.max(toMs - fromMs, Math.min(LEAST_SPAN_MS, frame.untilMs - frame.fromMs));
    this.fromMs = Math.max(frame.fromMs, Math.min(fromMs, frame.untilMs - span));
    this.toMs = Math.min(frame.untilMs, this.fromMs + span);
    for (const { plot } of this.members) plot.setScale('x', { min: this.fromMs, max: this.toMs });
  }

  private onKey(event: KeyboardEvent, member: Member): void {
    const { plot, chart, figure } = member;
    const last = chart.atMs.length - 1;
    const at = plot.cursor.idx ?? plot.valToIdx(this.fromMs);
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      Home: plot.valToIdx(this.fromMs),
      End: plot.valToIdx(this.toMs),
    };
    const next = moves[event.key];
    if (next !== undefined) this.point(chart.atMs[Math.max(0, Math.min(last, next))] ?? 0);
    else if (event.key === '+' || event.key === '=') this.zoomBy(0.5, chart.atMs[at] ?? 0);
    else if (event.key === '-') this.zoomBy(2, chart.atMs[at] ?? 0);
    else if (event.key === 'Escape' || event.key === '0') this.showAll();
    else return;
    event.preventDefault();
    // After the cursor, which moves in a microtask of its own.
    queueMicrotask(() => {
      this.status.textContent = figure.querySelector('.readout')?.textContent ?? '';
    });
  }

  private zoomBy(factor: number, centreMs: number): void {
    const half = ((this.toMs - this.fromMs) * factor) / 2;
    this.show(centreMs - half, centreMs + half);
  }

  private point(ms: number): void {
    if (ms < this.fromMs || ms > this.toMs) {
      const span = this.toMs - this.fromMs;
      this.show(ms - span / 2, ms + span / 2);
    }
    // Scales are set in a microtask; the cursor is placed by them.
    queueMicrotask(() => {
      for (const { plot } of this.members) {
        plot.setCursor({ left: plot.valToPos(ms, 'x'), top: plot.bbox.height / uPlot.pxRatio / 2 });
      }
    });
  }
}

/** `00:42 · open 812 · planned 1,000`; empty without a cursor. */
function writeReadout(figure: HTMLElement, chart: TimeChart, frame: Frame, plot: uPlot): void {
  const readout = figure.querySelector('.readout');
  if (readout === null) return;
  const { idx } = plot.cursor;
  const atMs = idx === null || idx === undefined ? undefined : chart.atMs[idx];
  if (idx === null || idx === undefined || atMs === undefined) {
    readout.textContent = '';
    return;
  }
  const values = chart.lines.map(({ name, values: known }) => {
    const value = known[idx] ?? null;
    return `${name} ${value === null ? '–' : inUnit(value, chart.axis.unit)}`;
  });
  readout.textContent = [timeLabel(frame, atMs), ...values].join(' · ');
}
