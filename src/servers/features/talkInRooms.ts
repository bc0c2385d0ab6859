import { wallClockMs } from '../../clock.js';
import type { Feature, ServerParts } from '../feature.js';
import { type JsonObject, readMessage } from '../jsonMessage.js';
import type { ServerOptions } from '../options.js';
import { createRules, Hall } from '../passing/hall.js';
import { isRoomName, LOBBY } from '../passing/rooms.js';
import type { Peer } from '../peer.js';

const rules = createRules(false);

const LONGEST_USERNAME = 100;

/**
 * Rooms that clients join, leave and talk in by messages; what one says goes to the others in the room. Everybody is in
 * the lobby from the start.
 */
export function talkInRooms(options: ServerOptions): Feature {
  return (parts) => {
    const talk = new RoomTalk(parts, options);
    return {
      onOpen: (peer) => talk.enter(peer),
      onMessage: (peer, payload) => {
        talk.hear(peer, readMessage(payload));
        return true;
      },
      onClose: (peer) => talk.exit(peer),
      stats: () => talk.hall.report(),
      stop: () => talk.hall.stop(),
    };
  };
}

class RoomTalk {
  readonly hall: Hall;
  readonly #usernames = new Map<Peer, string>();
  #guests = 0;

  constructor(
    private readonly parts: ServerParts,
    options: ServerOptions,
  ) {
    this.hall = new Hall(parts, options, rules);
  }

  enter(peer: Peer): void {
    this.#usernames.set(peer, `guest-${++this.#guests}`);
    this.hall.rooms.join(LOBBY, peer);
  }

  exit(peer: Peer): void {
    for (const room of this.hall.rooms.leaveAll(peer)) this.#announce(peer, room, 'left');
    this.#usernames.delete(peer);
  }

  hear(peer: Peer, message: JsonObject | null): void {
    const problem = this.#obey(peer, message);
    if (problem === null) return;
    this.parts.ledger.delivery.rejected++;
    send(peer, { type: 'error', message: problem });
  }

  /** Returns why not, or null. */
  #obey(peer: Peer, message: JsonObject | null): string | null {
    switch (message?.type) {
      case 'join':
        return this.#join(peer, message.room);
      case 'leave':
        return this.#leave(peer, message.room);
      case 'set_username':
        return this.#rename(peer, message.username);
      case 'message':
        return this.#say(peer, message.room, message.text);
      case 'ping':
        send(peer, { type: 'pong', ts: message.ts });
        return null;
      default:
        return message === null ? 'invalid JSON' : 'unknown type';
    }
  }

  #join(peer: Peer, room: unknown): string | null {
    if (!isRoomName(room)) return 'join needs the name of a room';
    const outcome = this.hall.rooms.join(room, peer);
    if (outcome === 'full') return `${room} is full`;
    send(peer, { type: 'joined', room });
    if (outcome === 'joined') this.#announce(peer, room, 'joined');
    return null;
  }

  #leave(peer: Peer, room: unknown): string | null {
    if (!isRoomName(room)) return 'leave needs the name of a room';
    if (this.hall.rooms.leave(room, peer)) this.#announce(peer, room, 'left');
    return null;
  }

  #rename(peer: Peer, username: unknown): string | null {
    const isName = typeof username === 'string' && username !== '' && username.length <= LONGEST_USERNAME;
    if (!isName) return 'set_username needs a username';
    this.#usernames.set(peer, username);
    return null;
  }

  #say(peer: Peer, room: unknown, text: unknown): string | null {
    if (!isRoomName(room) || !this.hall.rooms.has(room, peer)) return 'you are not in that room';
    if (typeof text !== 'string' || text === '') return 'a message needs a text';
    const from = this.#usernames.get(peer);
    const message = { type: 'message', room, from, text, timestamp: wallClockMs() };
    this.hall.say(room, Buffer.from(JSON.stringify(message)), false, peer);
    return null;
  }

  /** Everybody comes to the lobby, which is told of nobody. */
  #announce(about: Peer, room: string, what: 'joined' | 'left'): void {
    if (room === LOBBY) return;
    const text = `${this.#usernames.get(about)} ${what}`;
    this.hall.announce(room, JSON.stringify({ type: 'system', text, room }), about);
  }
}

function send(peer: Peer, message: object): void {
  peer.sendMessage(JSON.stringify(message), false);
}
