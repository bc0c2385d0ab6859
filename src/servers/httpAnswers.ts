import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { countUnder, type Ledger } from './ledger.js';

/** Answers what is no upgrade: `/stats` by the JSON of `report`, `/healthz`, and everything else by 426. */
export function answerHttp(ledger: Ledger, report: () => string): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path === '/stats') return answer(response, 200, 'application/json', report());
    ledger.httpRequests++;
    if (path === '/healthz') return answer(response, 200, 'text/plain', 'ok\n');
    if (wasMeantAsUpgrade(request)) countUnder(ledger.refused, 426);
    response.setHeader('Upgrade', 'websocket');
    answer(response, 426, 'text/plain', 'This is a WebSocket server; /stats and /healthz are HTTP.\n');
  };
}

/** A proxy that does not pass `Connection: Upgrade` on leaves the other headers: Node sees a plain request. */
function wasMeantAsUpgrade(request: IncomingMessage): boolean {
  return request.headers['sec-websocket-key'] !== undefined;
}

function answer(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
