import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openMetricsPage } from '../../dist/target/metricsPage.js';
import type { MetricsSpec } from '../../src/scenario/scenario.js';
import { unusedPort } from '../support/processes.js';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<MetricsSpec> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return specOf(address.port);
}

function specOf(port: number): MetricsSpec {
  return {
    url: `http://127.0.0.1:${port}/metrics?x=1`,
    resident: 'process_resident_memory_bytes',
    cpu: 'process_cpu_seconds_total',
    descriptors: 'process_open_fds',
    heap: 'nodejs_heap_size_used_bytes',
    loopDelay: 'nodejs_eventloop_lag_p99_seconds',
  };
}

const PAGE = `process_resident_memory_bytes 5e7
process_cpu_seconds_total 1.25
process_open_fds 30
nodejs_heap_size_used_bytes{space="a"} 1000
nodejs_heap_size_used_bytes{space="b"} 24
nodejs_eventloop_lag_p99_seconds NaN
`;

test('the page is read in base units; what it does not tell is null', async () => {
  const spec = await serve((request, response) => {
    response.statusCode = request.url === '/metrics?x=1' ? 200 : 404;
    response.end(PAGE);
  });
  const page = await openMetricsPage(spec, [], true);
  const told = { residentBytes: 5e7, cpuUs: 1_250_000, descriptors: 30, heapBytes: 1024, loopDelayUs: null };
  expect(await page.read()).toEqual(told);
  const renamed = await openMetricsPage({ ...spec, heap: 'process_open_fds', cpu: 'nothing' }, [], true);
  expect(await renamed.read()).toEqual({ ...told, heapBytes: 30, cpuUs: null });
});

test('a page without resident memory is refused with what there is, unless the processes are watched', async () => {
  const spec = await serve((_, response) => void response.end('my_memory_bytes 7\nother 1\n'));
  await expect(openMetricsPage(spec, [], true)).rejects.toThrow(
    /has no process_resident_memory_bytes\. It has my_memory_bytes\..*resident: NAME/,
  );
  const page = await openMetricsPage(spec, [], false);
  expect(await page.read()).toMatchObject({ residentBytes: null });
});

test.each<[string, RequestListener, RegExp]>([
  ['an error', (_, response) => void response.writeHead(503).end('no'), /it answers 503/],
  [
    'a redirection',
    (_, response) => void response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
    /it answers 302/,
  ],
  ['a reset', (request) => void request.socket.destroy(), /socket hang up/],
  ['too much', (_, response) => void response.end('x'.repeat(9 * 1024 * 1024)), /more than 8 MiB/],
  [
    'half a page',
    (_, response) => {
      response.writeHead(200, { 'content-length': '99' }).write('up 1\n');
      setTimeout(() => response.destroy(), 50);
    },
    /aborted|middle/,
  ],
  ['nothing', () => {}, /no answer within 2 s/],
])('%s is a target that cannot be read, and says why', async (_, listener, why) => {
  await expect(openMetricsPage(await serve(listener), [], true)).rejects.toThrow(why);
});

test('a page that fails later says so, and nothing throws', async () => {
  let fails = false;
  const spec = await serve(
    (_, response) => void (fails ? response.writeHead(500).end() : response.end(PAGE)),
  );
  const page = await openMetricsPage(spec, [], true);
  fails = true;
  expect(await page.read()).toEqual({ failure: 'it answers 500' });
  fails = false;
  expect(await page.read()).toMatchObject({ residentBytes: 5e7 });
});

test('nobody there, or not on this machine, ends it before the run', async () => {
  await expect(openMetricsPage(specOf(await unusedPort()), [], true)).rejects.toThrow(/ECONNREFUSED/);
  const far = { ...specOf(1), url: 'http://192.0.2.1/metrics' };
  await expect(openMetricsPage(far, [], true)).rejects.toThrow('--allow-target 192.0.2.1:80');
});
