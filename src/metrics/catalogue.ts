/** What wsherd measures: the names that records, thresholds and reports share. */

interface CatalogueEntry {
  readonly kind: 'histogram' | 'counter' | 'value';
  readonly unit: 'us' | 'ms' | 'bytes' | 'count' | 'share';
  readonly meaning: string;
}

export const catalogue = {
  'handshake.dns': histogram('name resolution, once per run'),
  'handshake.tcp': histogram('TCP connect'),
  'handshake.tls': histogram('TLS handshake'),
  'handshake.upgrade': histogram('HTTP upgrade: request sent to 101 received'),
  'handshake.total': histogram('tcp + tls + upgrade of every attempt that opened'),
  'handshake.ready': histogram('start of the attempt until the application let the connection in'),
  'heartbeat.sendLag': histogram('how late a heartbeat was sent: actual minus intended time'),
  'heartbeat.service': histogram('heartbeat answered after it was sent'),
  'heartbeat.response': histogram(
    'heartbeat answered after it was due; the unanswered stand at their deadline',
  ),
  'heartbeat.planned': counter('heartbeats that fell due'),
  'heartbeat.sent': counter('heartbeats sent'),
  'heartbeat.answered': counter('heartbeats answered before their deadline'),
  'heartbeat.unanswered': counter('heartbeats sent that no answer came to in time'),
  'heartbeat.skipped': counter(
    'heartbeats due but not sent, because too many were unanswered or unsent before them',
  ),
  'heartbeat.missedWhileDisconnected': counter('heartbeats that fell due while their connection was down'),
  'echo.sendLag': histogram('how late a message was sent: actual minus intended time'),
  'echo.service': histogram('message echoed after it was sent'),
  'echo.response': histogram('message echoed after it was due; the unanswered stand at their deadline'),
  'echo.planned': counter('messages that fell due'),
  'echo.sent': counter('messages sent'),
  'echo.answered': counter('messages echoed before their deadline'),
  'echo.unanswered': counter('messages sent that no echo came to in time'),
  'echo.skipped': counter(
    'messages due but not sent, because too many were unanswered or unsent before them',
  ),
  'echo.missedWhileDisconnected': counter('messages that fell due while their connection was down'),
  'bytes.sent': counter('WebSocket frame bytes sent'),
  'bytes.received': counter('WebSocket frame bytes received'),
  'messages.sent': counter('messages sent, heartbeats by message among them, pings not'),
  'messages.received': counter('messages received'),
  'pings.sent': counter('ping frames sent'),
  'pings.received': counter(
    'ping frames received, each answered by a pong unless its connection was closing',
  ),
  'pongs.received': counter('pong frames received'),
  'dialect.errors': counter('messages that were errors in the terms of the application protocol'),
} as const satisfies Record<string, CatalogueEntry>;

export type MetricName = keyof typeof catalogue;

/** Names that thresholds may use beside the catalogue: they are made when the run is over. */
export const derived = {
  'connections.planned': value('count', 'connections that the scenario asks for'),
  'connections.attempted': value('count', 'attempts to open, repeats included'),
  'connections.opened': value('count', 'attempts that opened'),
  'connections.failed': value('count', 'attempts that failed'),
  'connections.peakOpen': value('count', 'most connections open at once'),
  'connections.dropped': value('count', 'open connections lost, as events'),
  'connections.reconnected': value('count', 'connections that opened again, as events'),
  'connections.gaveUp': value('count', 'connections that stopped trying'),
  'connections.neverOpened': value('count', 'connections that were never open'),
  'connections.openAtEnd': value('count', 'connections open when the drain began to close them'),
  'closes.abnormal': value(
    'count',
    'connections that ended otherwise than by a close frame with 1000 or 1001 or an agreed close at the end of the run',
  ),
  'memory.perConnection': value('bytes', 'memory of the target per connection, by slope'),
} as const satisfies Record<string, CatalogueEntry>;

function histogram(meaning: string) {
  return { kind: 'histogram', unit: 'us', meaning } as const;
}

function counter(meaning: string) {
  return { kind: 'counter', unit: 'count', meaning } as const;
}

function value<Unit extends CatalogueEntry['unit']>(unit: Unit, meaning: string) {
  return { kind: 'value', unit, meaning } as const;
}
