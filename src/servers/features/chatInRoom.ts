import type { IncomingMessage } from 'node:http';
import { wallClockMs } from '../../clock.js';
import type { Feature, ServerParts } from '../feature.js';
import { isObject, type JsonObject, readMessage } from '../jsonMessage.js';
import type { ServerOptions } from '../options.js';
import { createRules, Hall } from '../passing/hall.js';
import { isRoomName, LOBBY } from '../passing/rooms.js';
import type { Peer } from '../peer.js';
import { queryOf } from '../requestQuery.js';

const rules = createRules(true);

const POLICY_VIOLATION = 1008;

/** A client that was let in: in one room at any time. */
interface Guest {
  readonly user: string;
  room: string;
}

/**
 * One room for each client, named in its path (`?room=...&user=...`) or later by a message; what one says goes to
 * everybody in the room, itself included.
 */
export function chatInRoom(options: ServerOptions): Feature {
  return (parts) => {
    const chat = new Chat(parts, options);
    return {
      onOpen: (peer, request) => chat.enter(peer, request),
      onMessage: (peer, payload) => {
        chat.hear(peer, readMessage(payload));
        return true;
      },
      onClose: (peer) => chat.exit(peer),
      stats: () => chat.hall.report(),
      stop: () => chat.hall.stop(),
    };
  };
}

/** An error in the words of this protocol. */
export function errorMessage(why: string): string {
  return JSON.stringify({ type: 'error', payload: why });
}

class Chat {
  readonly hall: Hall;
  readonly #guests = new Map<Peer, Guest>();

  constructor(
    private readonly parts: ServerParts,
    options: ServerOptions,
  ) {
    this.hall = new Hall(parts, options, rules);
  }

  enter(peer: Peer, request: IncomingMessage): void {
    // Whoever came without the token is on the way out.
    if (peer.readyState !== peer.OPEN) return;
    const query = queryOf(request);
    const room = query.get('room') || LOBBY;
    if (!isRoomName(room)) peer.close(POLICY_VIOLATION, 'that is no name of a room');
    else if (this.hall.rooms.join(room, peer) === 'full') peer.close(POLICY_VIOLATION, 'the room is full');
    else {
      this.#guests.set(peer, { user: query.get('user') || `guest-${wallClockMs()}`, room });
      this.#announce(peer, 'joined');
    }
  }

  exit(peer: Peer): void {
    this.hall.rooms.leaveAll(peer);
    this.#announce(peer, 'left');
    this.#guests.delete(peer);
  }

  hear(peer: Peer, message: JsonObject | null): void {
    const guest = this.#guests.get(peer);
    if (guest === undefined) return;
    const problem = this.#obey(peer, guest, message);
    if (problem === null) return;
    this.parts.ledger.delivery.rejected++;
    peer.sendMessage(errorMessage(problem), false);
  }

  /** Returns why not, or null. */
  #obey(peer: Peer, guest: Guest, message: JsonObject | null): string | null {
    const payload = isObject(message?.payload) ? message.payload : {};
    switch (message?.type) {
      case 'chat':
        return this.#say(peer, guest, payload.text);
      case 'join':
        return this.#move(peer, guest, payload.room);
      case 'ping':
        peer.sendMessage('{"type":"pong"}', false);
        return null;
      default:
        return message === null ? 'invalid json' : 'unknown type';
    }
  }

  #say(peer: Peer, { user, room }: Guest, text: unknown): string | null {
    if (typeof text !== 'string') return 'chat needs a text';
    // Nothing was said: no message, and no error either.
    if (text === '') return null;
    const message = { type: 'chat', payload: { from: user, text }, time: wallClockMs() };
    this.hall.say(room, Buffer.from(JSON.stringify(message)), false, peer);
    return null;
  }

  #move(peer: Peer, guest: Guest, room: unknown): string | null {
    if (!isRoomName(room)) return 'join needs the name of a room';
    const outcome = this.hall.rooms.join(room, peer);
    if (outcome === 'full') return `${room} is full`;
    if (outcome === 'joined') {
      this.hall.rooms.leave(guest.room, peer);
      this.#announce(peer, 'left');
      guest.room = room;
      this.#announce(peer, 'joined');
    }
    peer.sendMessage(JSON.stringify({ type: 'system', payload: { joined: room } }), false);
    return null;
  }

  #announce(about: Peer, what: 'joined' | 'left'): void {
    const guest = this.#guests.get(about);
    if (guest === undefined) return;
    const payload = { text: `${guest.user} ${what}` };
    this.hall.announce(guest.room, JSON.stringify({ type: 'system', payload, time: wallClockMs() }), about);
  }
}
