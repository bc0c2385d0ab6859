import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderCapacity } from '../../dist/report/capacity.js';
import { renderComparison } from '../../dist/report/comparison.js';
import { renderHtml } from '../../dist/report/html.js';
import { renderMatrix } from '../../dist/report/matrix.js';
import { chromiumPath } from '../support/systemPackages.js';
import { fanOutMatrices } from './broadcasts/matrices.js';
import { capacities } from './capacity/cases.js';
import { cases } from './cases.js';
import { comparisons } from './comparisons/records.js';
import { matrices } from './storms/matrices.js';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SCREEN = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };

const matrixPages = {
  matrix: () => renderMatrix(matrices.fourPolicies()),
  troubledMatrix: () => renderMatrix(matrices.troubled()),
  hostileMatrix: () => renderMatrix(matrices.hostileMatrix()),
  square: () => renderMatrix(fanOutMatrices.square()),
  noWall: () => renderMatrix(fanOutMatrices.noWall()),
  slowPolicies: () => renderMatrix(fanOutMatrices.slowPolicies()),
  hostileFanOut: () => renderMatrix(fanOutMatrices.hostileFanOut()),
} as const;

type PageName =
  | keyof typeof cases
  | keyof typeof matrixPages
  | keyof typeof capacities
  | keyof typeof comparisons;

/** Every page that is looked at, by name. */
const pages = new Map<string, () => string>([
  ...Object.entries(cases).map(([name, run]) => [name, () => renderHtml(run())] as const),
  ...Object.entries(matrixPages),
  ...Object.entries(capacities).map(([name, make]) => [name, () => renderCapacity(make())] as const),
  ...Object.entries(comparisons).map(([name, make]) => [name, () => renderComparison(make())] as const),
]);

/** File of a page, which is rendered once however many tests look at it. */
const files = new Map<string, string>();

function fileOf(name: PageName): string {
  const known = files.get(name);
  if (known !== undefined) return known;
  const file = join(scratch, `${name}.html`);
  writeFileSync(file, pages.get(name)?.() ?? '');
  files.set(name, file);
  return file;
}

/** A folder to leave pictures in, to be looked at: `SCREENSHOTS=pages npx vitest run test/report/browser.test.ts`. */
const { SCREENSHOTS } = process.env;
const scratch = mkdtempSync(join(tmpdir(), 'wsherd-report-pages-'));

/** A picture of the whole page; as JPEG, since packing ten screens as PNG takes longer than drawing them. */
async function keepPicture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.jpeg`), fullPage: true, quality: 90 });
}

async function printPage(page: Page, name: string): Promise<void> {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.length).toBeGreaterThan(10_000);
  if (SCREENSHOTS !== undefined) writeFileSync(join(SCREENSHOTS, `${name}.pdf`), pdf);
}

describe('the page in a browser', () => {
  let browser: BrowserContext;
  /** Tabs to be used again: a new one is a new process. */
  const tabs: Page[] = [];

  beforeAll(async () => {
    if (SCREENSHOTS !== undefined) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await chromium.launchPersistentContext(join(scratch, 'profile'), {
      executablePath: chromiumPath(),
      headless: true,
      args: ARGUMENTS,
      viewport: SCREEN,
    });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Opens a page from disk; its console must stay silent, and it must ask for nothing. */
  async function open(name: PageName): Promise<{ page: Page; said: string[] }> {
    const file = fileOf(name);
    const page = tabs.pop() ?? (await browser.newPage());
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => {
      said.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) said.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  }

  async function leave(page: Page): Promise<void> {
    page.removeAllListeners();
    await page.setViewportSize(SCREEN);
    tabs.push(page);
  }

  /** Opens a page and looks at all of it, so that every chart is live. */
  async function openWhole(name: PageName): Promise<{ page: Page; said: string[] }> {
    const opened = await open(name);
    await seeAll(opened.page);
    return opened;
  }

  /** Opens a page whose first screen is looked at: what is on it, or near it, is live. */
  async function openTop(name: PageName): Promise<Page> {
    const { page } = await open(name);
    await page.evaluate(twoFrames);
    return page;
  }

  test.concurrent.for([...pages.keys()] as PageName[])(
    '%s opens without a word on the console and fits a phone',
    async (name, { expect }) => {
      const { page, said } = await openWhole(name);
      await keepPicture(page, `${name}-1280`);
      await page.setViewportSize(PHONE);
      await expect
        .poll(() => page.evaluate('document.documentElement.scrollWidth'))
        .toBeLessThanOrEqual(PHONE.width);
      await keepPicture(page, `${name}-390`);
      expect(said).toEqual([]);
      await leave(page);
    },
  );

  test('the first screen holds the verdict, the numbers and the timeline', async () => {
    const page = await openTop('good');
    const bottom = async (selector: string) => {
      const box = await page.locator(selector).first().boundingBox();
      return box === null ? Number.POSITIVE_INFINITY : box.y + box.height;
    };
    expect(await page.locator('h1').textContent()).toMatch(/^Passed\. 1,000 connections held/);
    expect(await page.locator('.hero .number').first().textContent()).toBe('1,000');
    for (const selector of ['h1', '.validity', '.heroes', '[data-chart="open"]']) {
      expect(await bottom(selector), selector).toBeLessThanOrEqual(720);
    }
    await page.close();
  });

  test.each(['killed', 'notRecovered', 'partial'] as const)(
    'the first screen of a storm holds the same (%s)',
    async (name) => {
      const page = await openTop(name);
      expect(await page.locator('h1').textContent()).toMatch(/(A|a)fter the (kill|disconnect)/);
      const box = await page.locator('[data-chart="open"]').boundingBox();
      expect((box?.y ?? 720) + (box?.height ?? 720)).toBeLessThanOrEqual(720);
      await page.close();
    },
  );

  test.each(['lossless', 'slowLater', 'reliable', 'sampled', 'missedInStorm'] as const)(
    'the first screen of a run that publishes holds the same (%s)',
    async (name) => {
      const page = await openTop(name);
      expect(await page.locator('h1').textContent()).toMatch(/deliveries/);
      const box = await page.locator('[data-chart="open"]').boundingBox();
      expect((box?.y ?? 720) + (box?.height ?? 720)).toBeLessThanOrEqual(720);
      expect(await page.locator('.hero').count()).toBe(6);
      await page.close();
    },
  );

  test('first, median and last of a message are read with the cursor, on the time axis of the run', async () => {
    const { page } = await openWhole('lossless');
    const readout = (chart: string) => page.locator(`[data-chart="${chart}"] .readout`).textContent();
    const chart = page.locator('[data-chart="fan-out"] .live');
    await chart.focus();
    await chart.press('Home');
    for (let i = 0; i < 20; i++) await chart.press('ArrowRight');
    await expect
      .poll(() => readout('fan-out'))
      .toMatch(/^00:20 · slowest \d+ ms · last \d+ ms · median \d+ ms · first 1\.\d ms$/);
    expect(await readout('messages')).toMatch(/^00:20 · in [\d.]+\/s · out [\d,]+\/s$/);
    await page.close();
  });

  test.each(['matrix', 'square'] as const)(
    'the first screen of a matrix holds the sentence and the table (%s)',
    async (name) => {
      const page = await openTop(name);
      const box = await page.locator('.sides table').boundingBox();
      expect((box?.y ?? 720) + (box?.height ?? 720)).toBeLessThanOrEqual(720);
      expect(await page.locator('.sides tbody tr').count()).toBe(4);
      await page.close();
    },
  );

  test.each(['bracketed', 'cpuLimited', 'generator', 'neverPassed', 'thirtyLevels'] as const)(
    'the first screen of a search for capacity holds the sentence, the numbers and the way of the search (%s)',
    async (name) => {
      const { page } = await open(name);
      const box = await page.locator('#levels figure').boundingBox();
      expect((box?.y ?? 720) + (box?.height ?? 720)).toBeLessThanOrEqual(720);
      const heroes = await page.locator('.hero').count();
      expect(heroes).toBeGreaterThanOrEqual(5);
      expect(heroes).toBeLessThanOrEqual(6);
      await page.close();
    },
  );

  test('a search for capacity is whole in the dark and on paper, where nothing is behind a disclosure', async () => {
    const { page } = await open('bracketed');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepPicture(page, 'bracketed-dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#levels svg.plot').isVisible()).toBe(true);
    expect(await page.locator('#levels details td').first().isVisible()).toBe(true);
    await printPage(page, 'bracketed');
    await page.close();
  });

  test.each([
    'worse',
    'manyWorse',
    'same',
    'better',
    'inconclusive',
    'withUnusedRuns',
    'otherMachines',
    'zeroBaselines',
    'tooFewRuns',
    'manyMetrics',
    'calibrated',
    'falseAlarm',
  ] as const)(
    'the first screen of a comparison holds the verdict and every metric that counts (%s)',
    async (name) => {
      const { page } = await open(name);
      const box = await page.locator('#overview figure').boundingBox();
      expect((box?.y ?? 720) + (box?.height ?? 720)).toBeLessThanOrEqual(720);
      expect(await page.locator('.forest tbody td.effect circle').count()).toBeGreaterThanOrEqual(7);
      await page.close();
    },
  );

  test('a comparison is whole in the dark and on paper, its line of no change unbroken', async () => {
    const { page } = await open('worse');
    const zeros = await page.locator('.forest .zero').all();
    const places = await Promise.all(zeros.map((zero) => zero.boundingBox()));
    expect(new Set(places.map((place) => Math.round(place?.x ?? -1))).size).toBe(1);
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepPicture(page, 'worse-dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#values details td').first().isVisible()).toBe(true);
    await printPage(page, 'worse');
    await page.setViewportSize({ width: 688, height: 1000 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(688);
    await page.close();
  });

  test('the charts of a storm share a cursor that counts from the fault, apart from those of the run', async () => {
    const { page } = await openWhole('killed');
    const readout = (chart: string) => page.locator(`[data-chart="${chart}"] .readout`).textContent();
    const chart = page.locator('[data-chart="recovery-curve"] .live');
    await chart.focus();
    await chart.press('End');
    await expect
      .poll(() => readout('recovery-curve'))
      .toMatch(/^[\d.]+ s · model [\d.]+ % · open again [\d.]+ %$/);
    await expect
      .poll(() => readout('attempts-curve'))
      .toMatch(/^[\d.]+ s · opens \d+ · attempts \d+ · model /);
    expect(await readout('open')).toBe('');
    await page.close();
  });

  test('every chart over time becomes live, at the size of its still picture', async () => {
    const { page } = await openWhole('good');
    const figures = await page.locator('[data-chart]').count();
    expect(figures).toBeGreaterThanOrEqual(8);
    await expect.poll(() => page.locator('[data-chart] .live canvas').count()).toBe(figures);
    const live = await page.locator('[data-chart="open"] .live').boundingBox();
    const still = /height="(\d+)"/.exec(
      (await page.locator('[data-chart="open"] .still').innerHTML()) ?? '',
    )?.[1];
    expect(live?.height).toBe(Number(still));
    await page.close();
  });

  test('one cursor shows the values of one time on all charts, moved by mouse or keys', async () => {
    const { page } = await openWhole('good');
    const readout = (chart: string) => page.locator(`[data-chart="${chart}"] .readout`).textContent();
    const plot = await page.locator('[data-chart="open"] .u-over').boundingBox();
    if (plot === null) throw new Error('there is no chart');
    await page.mouse.move(plot.x + plot.width / 2, plot.y + 20);
    await expect.poll(() => readout('open')).toBe('00:24 · planned 1,000 · open 1,000');
    expect(await readout('heartbeat')).toMatch(/^00:2\d · p50 .* · p99 /);

    const chart = page.locator('[data-chart="open"] .live');
    await chart.focus();
    await chart.press('Home');
    await expect.poll(() => readout('open')).toBe('00:00 · planned 0 · open 0');
    await chart.press('ArrowRight');
    await expect.poll(() => readout('open')).toMatch(/^00:01 · planned /);
    await expect.poll(() => page.locator('[role="status"]').textContent()).toMatch(/^00:01 · planned /);
    await page.close();
  });

  test('dragging zooms all charts, a double click shows all again', async () => {
    const { page } = await openWhole('good');
    const plot = await page.locator('[data-chart="open"] .u-over').boundingBox();
    if (plot === null) throw new Error('there is no chart');
    const rightmost = async () => {
      await page.mouse.move(plot.x + plot.width - 1, plot.y + 30);
      return (await page.locator('[data-chart="heartbeat"] .readout').textContent())?.slice(0, 5);
    };
    await page.mouse.move(plot.x + plot.width * 0.25, plot.y + 30);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.5, plot.y + 30, { steps: 4 });
    await page.mouse.up();
    await expect.poll(rightmost).toMatch(/00:2[34]/);
    await page.mouse.dblclick(plot.x + plot.width / 2, plot.y + 30);
    await expect.poll(rightmost).toMatch(/00:47/);
    await page.close();
  });

  test.each(['hostile', 'hostileCapacity', 'hostileComparison'] as const)(
    'hostile strings stay text: no element of theirs, no script of theirs (%s)',
    async (name) => {
      const { page, said } = await openWhole(name);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      expect(await page.title()).toContain('</script><script>alert(1)</script>');
      expect(said).toEqual([]);
      await page.close();
    },
  );

  test('dark, without scripts and on paper the page is whole', async () => {
    const { page } = await openWhole('good');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepPicture(page, 'good-dark');
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(16, 19, 23)',
    );
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('[data-chart="open"] .still').isVisible()).toBe(true);
    expect(await page.locator('[data-chart="open"] .live').isVisible()).toBe(false);
    expect(await page.locator('#heartbeat details td').first().isVisible()).toBe(true);
    await printPage(page, 'good');
    await page.close();
  });
});

/** What came near is live by then: the browser tells of it once a frame. */
const twoFrames = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`;

/** Charts become live when they come near: in a window as long as the page all do at once. */
async function seeAll(page: Page): Promise<void> {
  const height: number = await page.evaluate('document.body.scrollHeight');
  await page.setViewportSize({ ...SCREEN, height });
  await page.evaluate(twoFrames);
  await page.setViewportSize(SCREEN);
}
