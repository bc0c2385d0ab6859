import type { IncomingMessage } from 'node:http';
import type { Feature, ServerParts } from '../feature.js';
import { type JsonObject, readMessage } from '../jsonMessage.js';
import type { ServerOptions } from '../options.js';
import { type Bus, Buses } from '../passing/buses.js';
import { Delivery } from '../passing/delivery.js';
import { Keeper, type Member } from '../passing/keeper.js';
import { Outgoing } from '../passing/outgoing.js';
import { RecentIds } from '../passing/recentIds.js';
import { reportPassing } from '../passing/report.js';
import { ANNOUNCED_BELOW, isRoomName, LOBBY, Rooms } from '../passing/rooms.js';
import type { Peer } from '../peer.js';
import { queryOf } from '../requestQuery.js';

const LONGEST_ID = 100;
const REMEMBERED_IDS = 100_000;
/** In the range that RFC 6455 section 7.4.2 leaves to applications. */
const REPLACED = 4001;

/** What one server of a bus tells the others. */
interface Said {
  readonly room: string;
  readonly sender: Member;
  readonly message: Outgoing;
  /** Null: it is said of the sender, and nobody need acknowledge it. */
  readonly id: string | null;
}

const buses = new Buses<Said>();

/**
 * Rooms in which every message is acknowledged, by the server to its sender and by each member to the server, and sent
 * again until it is. A client that names itself in its path (`?client=...`) is a member across connections, of the same
 * rooms, and gets what it has missed.
 */
export function talkReliably(options: ServerOptions): Feature {
  return (parts) => {
    const talk = new ReliableTalk(parts, options);
    return {
      onOpen: (peer, request) => talk.enter(peer, request),
      onMessage: (peer, payload) => {
        talk.hear(peer, readMessage(payload));
        return true;
      },
      onClose: (peer) => talk.exit(peer),
      stats: () => talk.report(),
      stop: () => talk.stop(),
    };
  };
}

class ReliableTalk {
  readonly #rooms: Rooms<Member>;
  readonly #delivery: Delivery;
  readonly #keeper: Keeper;
  readonly #bus: Bus<Said>;
  readonly #knownIds = new RecentIds(REMEMBERED_IDS);
  readonly #byName = new Map<string, Member>();
  readonly #byPeer = new Map<Peer, Member>();

  constructor(
    private readonly parts: ServerParts,
    private readonly options: ServerOptions,
  ) {
    const { delivery } = parts.ledger;
    this.#rooms = new Rooms(options.roomSize);
    this.#delivery = new Delivery(delivery, options);
    this.#keeper = new Keeper(delivery, this.#delivery, options.resendAfterUs);
    this.#bus = buses.join(options.bus, (said) => this.#pass(said));
  }

  enter(peer: Peer, request: IncomingMessage): void {
    const member = this.#memberOf(queryOf(request).get('client') || null);
    this.#byPeer.set(peer, member);
    // The server may not have noticed yet that the connection before is dead.
    member.peer?.close(REPLACED, 'connected again');
    member.peer = peer;
    this.#rooms.join(LOBBY, member);
    this.#keeper.resume(member);
  }

  exit(peer: Peer): void {
    const member = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    if (member?.peer !== peer) return;
    member.peer = null;
    if (member.name !== null) return;
    for (const room of this.#rooms.leaveAll(member)) this.#announce(member, room, 'left');
  }

  hear(peer: Peer, message: JsonObject | null): void {
    const member = this.#byPeer.get(peer);
    if (member === undefined) return;
    const problem = this.#obey(peer, member, message);
    if (problem === null) return;
    this.parts.ledger.delivery.rejected++;
    send(peer, { type: 'error', message: problem });
  }

  report() {
    const members = new Set([...this.#byName.values(), ...this.#byPeer.values()]);
    return {
      ...reportPassing(this.#rooms, this.#delivery, this.parts.peers),
      unacknowledged: Array.from(members).reduce((sum, { kept }) => sum + kept.size, 0),
    };
  }

  stop(): void {
    this.#bus.leave();
    this.#keeper.stop();
    this.#delivery.stop();
  }

  #memberOf(name: string | null): Member {
    const known = name === null ? undefined : this.#byName.get(name);
    if (known !== undefined) return known;
    const member = { name, peer: null, kept: new Map() };
    if (name !== null) this.#byName.set(name, member);
    return member;
  }

  /** Returns why not, or null. */
  #obey(peer: Peer, member: Member, message: JsonObject | null): string | null {
    if (message?.status === 'received' && typeof message.id === 'string') {
      this.#keeper.acknowledge(member, message.id);
      return null;
    }
    switch (message?.type) {
      case 'join':
        return this.#join(peer, member, message.room);
      case 'leave':
        return this.#leave(member, message.room);
      case 'message':
        return this.#say(peer, member, message);
      case 'ping':
        send(peer, { type: 'pong' });
        return null;
      default:
        return message === null ? 'invalid JSON' : 'unknown type';
    }
  }

  #join(peer: Peer, member: Member, room: unknown): string | null {
    if (!isRoomName(room)) return 'join needs the name of a room';
    const outcome = this.#rooms.join(room, member);
    if (outcome === 'full') return `${room} is full`;
    send(peer, { type: 'joined', room });
    if (outcome === 'joined') this.#announce(member, room, 'joined');
    return null;
  }

  #leave(member: Member, room: unknown): string | null {
    if (!isRoomName(room)) return 'leave needs the name of a room';
    if (this.#rooms.leave(room, member)) this.#announce(member, room, 'left');
    return null;
  }

  #say(peer: Peer, sender: Member, { id, room, payload }: JsonObject): string | null {
    if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return 'a message needs an id';
    if (!isRoomName(room) || !this.#rooms.has(room, sender)) return 'you are not in that room';
    if (typeof payload !== 'string') return 'a message needs a payload';
    // Of a repeated message too: its sender has missed the acknowledgement before.
    send(peer, { id, status: 'received' });
    const { delivery: ledger } = this.parts.ledger;
    if (this.#knownIds.has(id)) {
      ledger.repeated++;
      return null;
    }
    ledger.published++;
    const text = JSON.stringify({ id, type: 'message', room, payload });
    this.#bus.tell({ room, sender, message: new Outgoing(Buffer.from(text), false, sender), id });
    return null;
  }

  #announce(about: Member, room: string, what: 'joined' | 'left'): void {
    if (!this.options.announce || room === LOBBY) return;
    const text = JSON.stringify({ type: 'system', text: `${about.name ?? 'somebody'} ${what}`, room });
    const message = new Outgoing(Buffer.from(text), false, about);
    this.#bus.tell({ room, sender: about, message, id: null });
  }

  #pass({ room: name, sender, message, id }: Said): void {
    // Its sender may repeat it to another server of the bus.
    if (id !== null) this.#knownIds.add(id);
    const room = this.#rooms.find(name);
    if (room === undefined) return;
    const others = Array.from(room.members).filter((member) => !isSame(member, sender));
    if (id !== null) {
      room.messages++;
      this.#keeper.send(id, message, others);
    } else if (room.members.size < ANNOUNCED_BELOW) {
      for (const { peer } of others) peer?.sendPrepared(message);
    }
  }
}

/** A client may be known to several servers of a bus, on each by another object. */
function isSame(a: Member, b: Member): boolean {
  return a === b || (a.name !== null && a.name === b.name);
}

function send(peer: Peer, message: object): void {
  peer.sendMessage(JSON.stringify(message), false);
}
