/** Makes the page's charts over time live. Without this script the still pictures stay; nothing else is lost. */
import './style/all.css';
import type { PageCharts, TimeChart } from '../chart.js';
import { ChartGroup } from './group.js';

/** Charts further down are made live when they come near: a page of a hundred charts opens as fast as one of five. */
const NEAR = '600px';

function start(): void {
  const json = document.getElementById('charts')?.textContent;
  if (!json) return;
  // The one place where outside text becomes typed: the page was written together with this script.
  const { frames, charts } = JSON.parse(json) as PageCharts;
  const status = statusElement();
  const groups = new Map(
    Object.entries(frames).map(([name, frame]) => [name, new ChartGroup(frame, status)]),
  );
  const byId = new Map(charts.map((chart) => [chart.id, chart]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const chart = isIntersecting ? chartOf(target, byId) : undefined;
        if (chart === undefined || !(target instanceof HTMLElement)) continue;
        observer.unobserve(target);
        groups.get(chart.frame)?.add(target, chart);
      }
    },
    { rootMargin: NEAR },
  );
  for (const figure of document.querySelectorAll('[data-chart]')) observer.observe(figure);
}

function chartOf(figure: Element, byId: ReadonlyMap<string, TimeChart>): TimeChart | undefined {
  return byId.get(figure.getAttribute('data-chart') ?? '');
}

function statusElement(): HTMLElement {
  const status = document.createElement('p');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  document.body.append(status);
  return status;
}

start();
