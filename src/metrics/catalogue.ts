/** What wsherd measures: the names that records, thresholds and reports share. */

interface CatalogueEntry {
  readonly kind: 'histogram' | 'counter' | 'value';
  readonly unit: 'us' | 'ms' | 'bytes' | 'count' | 'share' | 'ratio';
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
  'broadcast.sendLag': histogram('how late a message was published: actual minus intended time'),
  'broadcast.service': histogram('message received after it was published, each receipt'),
  'broadcast.delivery': histogram('message received after it was due to be published, each receipt'),
  'broadcast.first': histogram('message due until the first of its room had it'),
  'broadcast.median': histogram('message due until half of those who got it had it'),
  'broadcast.last': histogram('message due until the last of those who got it within ten seconds had it'),
  'broadcast.planned': counter('messages that fell due to be published'),
  'broadcast.published': counter('messages published, each once however often it was sent again'),
  'broadcast.skipped': counter(
    'messages due but not published, because too much was unsent or unacknowledged before them',
  ),
  'broadcast.unsentWhileDisconnected': counter(
    'messages that fell due while their publisher was not connected',
  ),
  'broadcast.expected': counter('deliveries owed: every message to every member of its room'),
  'broadcast.received': counter('deliveries, the duplicated among them'),
  'broadcast.lost': counter('deliveries owed to a connected member that never came'),
  'broadcast.unowed': counter(
    'deliveries beyond what anybody has told to have published: forged, or of a worker that died; counted as owed',
  ),
  'broadcast.duplicated': counter('deliveries of a message that its member had already'),
  'broadcast.outOfOrder': counter('deliveries after one that its publisher had sent later'),
  'broadcast.late': counter(
    'deliveries more than 64 messages behind: too late to tell a first delivery from a duplicate',
  ),
  'broadcast.missedWhileDisconnected': counter(
    'deliveries owed to a member that was not connected, or just about to lose its connection',
  ),
  'broadcast.foreign': counter(
    'messages received without a marker of this run, or not meant for their receiver',
  ),
  'broadcast.damaged': counter('of these, messages with the remains of a marker'),
  'broadcast.stray': counter(
    'of these, messages of a room that their receiver is not in, or its own where excluded',
  ),
  'broadcast.ownCopies': counter('deliveries of a message to its own publisher'),
  'broadcast.complete': counter('messages that every member of their room had within ten seconds'),
  'broadcast.incomplete': counter('messages that some members of their room did not have within ten seconds'),
  'broadcast.cutShort': counter(
    'messages followed for less than ten seconds, because more than 4,096 were under way in a worker',
  ),
  'acknowledge.response': histogram(
    'publishing acknowledged by the server after it was due; the unacknowledged stand at the end of the run',
  ),
  'acknowledge.acknowledged': counter('messages published that the server has acknowledged'),
  'acknowledge.unacknowledged': counter('messages published that it never acknowledged'),
  'acknowledge.resent': counter('messages sent again because no acknowledgement had come'),
  'acknowledge.queued': counter('messages that waited for their publisher to be connected'),
  'acknowledge.overflowed': counter('messages due that found the queue full'),
  'acknowledge.receipts': counter('acknowledgements sent for messages received'),
  'reading.pauses': counter('times that a slow reader stopped reading'),
  'reconnect.sendLag': histogram('how late an attempt to reconnect was made: actual minus intended time'),
  'reconnect.response': histogram(
    'connection open again after its attempt was due: a late attempt counts from when it should have been made',
  ),
  'reconnect.attempts': counter('attempts to open again, after a loss or a failed attempt'),
  'reconnect.opens': counter('of these, attempts that opened'),
  'reconnect.failures': counter('of these, attempts that failed'),
  'reconnect.gaveUp': counter('connections whose policy makes no more attempts'),
  'recovery.dropped': counter('connections lost since a fault began, each once per fault'),
  'recovery.recovered': counter('of these, connections that are open again, each once per fault'),
  'recovery.noticed': histogram("from a fault's start until a client knew that its connection was lost"),
  'recovery.time': histogram("from a fault's start until a connection that was lost was open again"),
  'recovery.attempts': {
    kind: 'histogram',
    unit: 'count',
    meaning: 'attempts that a lost connection needed until it was open again',
  },
  'collateral.response': histogram(
    'heartbeats and messages of connections that no fault has dropped, answered after they were due',
  ),
  'http.response': histogram(
    'plain HTTP request beside the run answered after it was sent, a closed loop; the timed out stand at their deadline',
  ),
  'http.requests': counter('plain HTTP requests beside the run'),
  'http.answered': counter('of these, answered with a status from 200 to 299'),
  'http.refused': counter('of these, answered with another status'),
  'http.errors': counter('of these, not answered: refused, reset or timed out'),
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

/** What is told of messages as a whole, for the members of all populations together. */
export const ofNoPopulation = [
  'broadcast.first',
  'broadcast.median',
  'broadcast.last',
  'broadcast.complete',
  'broadcast.incomplete',
  'broadcast.cutShort',
] as const satisfies readonly MetricName[];

/** Counters that are known when the run is over: they say nothing about its phases. */
export const knownAtEnd = [
  'broadcast.expected',
  'broadcast.lost',
  'broadcast.unowed',
  'broadcast.cutShort',
  'broadcast.missedWhileDisconnected',
  'acknowledge.unacknowledged',
] as const satisfies readonly MetricName[];

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
  'recovery.t50': value(
    'us',
    'half of the lost connections open again after a fault, the worst of all faults',
  ),
  'recovery.t90': value('us', '90 % of the lost connections open again, the worst of all faults'),
  'recovery.t99': value('us', '99 % of the lost connections open again, the worst of all faults'),
  'recovery.t100': value('us', 'all of the lost connections open again, the worst of all faults'),
  'recovery.amplification': value('ratio', 'attempts per lost connection, the worst of all faults'),
  'recovery.herdFactor': value(
    'ratio',
    'attempts in the worst second per lost connection, the worst of all faults',
  ),
  'memory.perConnection': value('bytes', 'memory of the target per connection, by slope'),
  'memory.retained': value(
    'bytes',
    'memory that the target keeps of each connection it had when all are closed: of its heap where that is told, else resident',
  ),
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
