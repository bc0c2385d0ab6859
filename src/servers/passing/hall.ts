import type { ServerParts } from '../feature.js';
import type { ServerOptions } from '../options.js';
import type { Peer } from '../peer.js';
import { type Bus, Buses } from './buses.js';
import { Delivery } from './delivery.js';
import { Outgoing } from './outgoing.js';
import { reportPassing } from './report.js';
import { ANNOUNCED_BELOW, Rooms } from './rooms.js';

/** What is said in a room, or said of it. */
interface Said {
  readonly kind: 'message' | 'announcement';
  readonly room: string;
  readonly message: Outgoing;
}

/** How a protocol uses its rooms. */
interface HallRules {
  /** Of the servers that speak this protocol. */
  readonly buses: Buses<Said>;
  /** Whether who says something gets it too. */
  readonly ownCopies: boolean;
}

/** The rules of one protocol, to be made once for all its servers: they find each other's buses in it. */
export function createRules(ownCopies: boolean): HallRules {
  return { buses: new Buses(), ownCopies };
}

/** The rooms of a server, and how what is said in one reaches its members, here and on the other servers of the bus. */
export class Hall {
  readonly rooms: Rooms<Peer>;
  readonly #delivery: Delivery;
  readonly #bus: Bus<Said>;

  constructor(
    private readonly parts: ServerParts,
    private readonly options: ServerOptions,
    private readonly rules: HallRules,
  ) {
    this.rooms = new Rooms(options.roomSize);
    this.#delivery = new Delivery(parts.ledger.delivery, options);
    this.#bus = rules.buses.join(options.bus, (said) => this.#pass(said));
  }

  /** Passes on what one of its members says in a room. */
  say(room: string, payload: Buffer, binary: boolean, sender: Peer): void {
    this.parts.ledger.delivery.published++;
    this.#bus.tell({ kind: 'message', room, message: new Outgoing(payload, binary, sender) });
  }

  /** Tells the others in a room that somebody came or went. */
  announce(room: string, text: string, who: Peer): void {
    if (!this.options.announce) return;
    const message = new Outgoing(Buffer.from(text), false, who);
    this.#bus.tell({ kind: 'announcement', room, message });
  }

  report() {
    return reportPassing(this.rooms, this.#delivery, this.parts.peers);
  }

  stop(): void {
    this.#bus.leave();
    this.#delivery.stop();
  }

  #pass({ kind, room: name, message }: Said): void {
    const room = this.rooms.find(name);
    if (room === undefined) return;
    if (kind === 'message') {
      room.messages++;
      this.#delivery.deliver(message, this.rules.ownCopies ? room.members : others(room.members, message));
    } else if (room.members.size < ANNOUNCED_BELOW) {
      for (const member of others(room.members, message)) member.sendPrepared(message);
    }
  }
}

function* others(members: Iterable<Peer>, { sender }: Outgoing): Iterable<Peer> {
  for (const member of members) if (member !== sender) yield member;
}
