import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { TargetError } from '../errors.js';
import type { MetricsSpec } from '../scenario/scenario.js';
import { parseExposition } from './exposition.js';
import { hostOf, portOf, resolveTarget } from './safety.js';

/** A page that takes longer is too late for the second that it is about. */
const TIMEOUT_MS = 2000;
const LARGEST_PAGE = 8 * 1024 * 1024;
/** Names shown to who has misspelt one. */
const NAMES_SHOWN = 5;

/** What the page says; null where it has no such metric, or it is not a number. */
export interface MetricsReading {
  readonly residentBytes: number | null;
  /** Processor time so far. */
  readonly cpuUs: number | null;
  readonly descriptors: number | null;
  readonly heapBytes: number | null;
  readonly loopDelayUs: number | null;
}

/** What a target says of itself to Prometheus. */
export interface MetricsPage {
  /** Never fails: a page that cannot be had is why, in words. */
  read(): Promise<MetricsReading | { readonly failure: string }>;
}

/**
 * Finds the page and reads it once. Throws `TargetError` when it is not to be had, may not be asked, or does not tell
 * what memory is resident.
 * @param needsResident Nothing else tells of the target's memory.
 */
export async function openMetricsPage(
  spec: MetricsSpec,
  allowTargets: readonly string[],
  needsResident: boolean,
): Promise<MetricsPage> {
  const url = new URL(spec.url);
  const { addresses } = await resolveTarget(url, allowTargets);
  const failures: string[] = [];
  for (const address of addresses) {
    const page = await scrape(url, address);
    if (typeof page === 'string') {
      const values = parseExposition(page);
      if (needsResident && readingOf(values, spec).residentBytes === null) throw lacking(spec, values);
      return { read: () => readPage(url, address, spec) };
    }
    failures.push(page.failure);
  }
  throw new TargetError(
    `target.metrics: ${spec.url} cannot be read (${failures[0]}). Start what serves it, or correct the address.`,
  );
}

async function readPage(
  url: URL,
  address: string,
  spec: MetricsSpec,
): Promise<MetricsReading | { readonly failure: string }> {
  const page = await scrape(url, address);
  return typeof page === 'string' ? readingOf(parseExposition(page), spec) : page;
}

function readingOf(values: ReadonlyMap<string, number>, spec: MetricsSpec): MetricsReading {
  const number = (name: string): number | null => {
    const value = values.get(name);
    return value !== undefined && Number.isFinite(value) && value >= 0 ? value : null;
  };
  return {
    residentBytes: number(spec.resident),
    cpuUs: inUs(number(spec.cpu)),
    descriptors: number(spec.descriptors),
    heapBytes: number(spec.heap),
    loopDelayUs: inUs(number(spec.loopDelay)),
  };
}

function inUs(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e6);
}

function lacking({ url, resident }: MetricsSpec, values: ReadonlyMap<string, number>): TargetError {
  const alike = [...values.keys()].filter((name) => /resident|rss|memory/i.test(name)).slice(0, NAMES_SHOWN);
  const shown = alike.length === 0 ? '' : ` It has ${alike.join(', ')}.`;
  return new TargetError(
    `target.metrics: ${url} has no ${resident}.${shown} Write which one is the resident memory in bytes: metrics: { url: ${url}, resident: NAME }.`,
  );
}

/** One GET of the page, by its literal address. */
function scrape(url: URL, address: string): Promise<string | { readonly failure: string }> {
  const secure = url.protocol === 'https:';
  const where = {
    host: address,
    port: portOf(url),
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, accept: 'text/plain;version=0.0.4' },
    agent: false,
    ...(secure ? { servername: hostOf(url) } : {}),
  };
  return new Promise((resolve) => {
    let request: ClientRequest | null = null;
    const finish = (outcome: string | { readonly failure: string }): void => {
      clearTimeout(timer);
      resolve(outcome);
      request?.destroy();
    };
    const timer = setTimeout(
      () => finish({ failure: `no answer within ${TIMEOUT_MS / 1000} s` }),
      TIMEOUT_MS,
    );
    request = (secure ? httpsGet : httpGet)(where, (response) => {
      response.on('error', ({ message }) => finish({ failure: message }));
      if (response.statusCode !== 200) finish({ failure: `it answers ${response.statusCode}` });
      else readBody(response, finish);
    });
    request.on('error', ({ message }) => finish({ failure: message }));
  });
}

function readBody(
  response: IncomingMessage,
  finish: (outcome: string | { readonly failure: string }) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > LARGEST_PAGE) finish({ failure: `it has more than ${LARGEST_PAGE / 1024 / 1024} MiB` });
  });
  response.on('end', () => finish(Buffer.concat(chunks).toString('utf8')));
  response.on('aborted', () => finish({ failure: 'it ended in the middle' }));
}
