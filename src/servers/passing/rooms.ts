/** The room of those who have joined none. */
export const LOBBY = 'lobby';

/**
 * Rooms with fewer members are told who comes and goes. n members who come one after another would be n^2 / 2
 * announcements.
 */
export const ANNOUNCED_BELOW = 100;

const LONGEST_NAME = 100;

/** True of what a client may call a room. */
export function isRoomName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME;
}

/** A room and what is told of it. */
export interface Room<Member> {
  readonly name: string;
  readonly members: ReadonlySet<Member>;
  /** Passed on to its members. */
  messages: number;
}

interface OpenRoom<Member> extends Room<Member> {
  readonly members: Set<Member>;
}

/** As many rooms as fit on a page. */
const REPORTED_ROOMS = 100;

/** Who is in which room. */
export class Rooms<Member> {
  readonly #rooms = new Map<string, OpenRoom<Member>>();
  readonly #roomsOf = new Map<Member, Set<OpenRoom<Member>>>();

  /** @param mostMembers Of one room but the lobby; null is no limit. */
  constructor(private readonly mostMembers: number | null) {}

  find(name: string): Room<Member> | undefined {
    return this.#rooms.get(name);
  }

  has(name: string, member: Member): boolean {
    return this.#rooms.get(name)?.members.has(member) ?? false;
  }

  /** Lets a member in, who may be in already; a full room refuses. */
  join(name: string, member: Member): 'joined' | 'was-in' | 'full' {
    const room = this.#rooms.get(name) ?? { name, members: new Set(), messages: 0 };
    if (room.members.has(member)) return 'was-in';
    if (this.#isFull(room)) return 'full';
    room.members.add(member);
    this.#rooms.set(name, room);
    const roomsOfMember = this.#roomsOf.get(member);
    if (roomsOfMember === undefined) this.#roomsOf.set(member, new Set([room]));
    else roomsOfMember.add(room);
    return 'joined';
  }

  /** False: the member was not in it. */
  leave(name: string, member: Member): boolean {
    const room = this.#rooms.get(name);
    if (room === undefined || !room.members.delete(member)) return false;
    const roomsOfMember = this.#roomsOf.get(member);
    roomsOfMember?.delete(room);
    if (roomsOfMember?.size === 0) this.#roomsOf.delete(member);
    // Nothing was said in it, so nobody will ask for its count: names that clients make up are not kept for ever.
    if (room.members.size === 0 && room.messages === 0) this.#rooms.delete(name);
    return true;
  }

  /** Returns the names of the rooms that were left. */
  leaveAll(member: Member): string[] {
    const names = Array.from(this.#roomsOf.get(member) ?? [], ({ name }) => name);
    for (const name of names) this.leave(name, member);
    return names;
  }

  #isFull({ name, members }: Room<Member>): boolean {
    return name !== LOBBY && this.mostMembers !== null && members.size >= this.mostMembers;
  }

  /** For `/stats`: the largest rooms by members, then by messages. */
  report(): ReadonlyArray<{ readonly name: string; readonly members: number; readonly messages: number }> {
    return Array.from(this.#rooms.values(), ({ name, members, messages }) => ({
      name,
      members: members.size,
      messages,
    }))
      .sort((a, b) => b.members - a.members || b.messages - a.messages)
      .slice(0, REPORTED_ROOMS);
  }
}
