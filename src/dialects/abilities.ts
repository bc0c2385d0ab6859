import { jsonProtocols } from './jsonProtocols.js';
import type { JsonTemplates } from './jsonTemplates.js';
import type { DialectName, DialectSpec } from './list.js';

/** What a dialect has words for; a scenario that asks for more is refused. */
export interface DialectAbilities {
  /** Connections can join rooms. */
  readonly rooms: boolean;
  /** And be in several of them at once. */
  readonly severalRooms: boolean;
  /** The server tells a publisher that it has a message. */
  readonly acknowledgesPublished: boolean;
  /** A member tells the server that it has a message. */
  readonly acknowledgesReceipts: boolean;
  /** Payloads may be any bytes, in binary frames. */
  readonly binary: boolean;
  /** Messages that the server sends back and that say which one they are. */
  readonly echo: boolean;
}

const RAW = {
  rooms: false,
  severalRooms: false,
  acknowledgesPublished: false,
  acknowledgesReceipts: false,
  binary: true,
} as const;

const named: Readonly<Record<DialectName, DialectAbilities>> = {
  echo: { ...RAW, echo: true },
  heartbeat: { ...RAW, echo: false },
  json: abilitiesOfJson(jsonProtocols.json),
  'chat-b': abilitiesOfJson(jsonProtocols['chat-b']),
  'chat-c': { ...abilitiesOfJson(jsonProtocols['chat-c']), severalRooms: false },
  reliable: abilitiesOfJson(jsonProtocols.reliable),
};

/** A module of the user's own is taken at its word here, and asked for each of its functions when it is loaded. */
export function abilitiesOf(spec: DialectSpec): DialectAbilities {
  switch (spec.kind) {
    case 'named':
      return named[spec.name];
    case 'json':
      return abilitiesOfJson(spec.templates);
    case 'module':
      return {
        rooms: true,
        severalRooms: true,
        acknowledgesPublished: true,
        acknowledgesReceipts: true,
        binary: true,
        echo: true,
      };
  }
}

function abilitiesOfJson({ join, acknowledge, expect }: JsonTemplates): DialectAbilities {
  return {
    rooms: join !== null,
    severalRooms: join !== null,
    acknowledgesPublished: expect.acknowledged !== null,
    acknowledgesReceipts: acknowledge !== null,
    binary: false,
    echo: false,
  };
}

/** What messages call a dialect: its name, `json`, or the file of its module. */
export function dialectName(spec: DialectSpec): string {
  switch (spec.kind) {
    case 'named':
      return spec.name;
    case 'json':
      return 'json';
    case 'module':
      return spec.file;
  }
}
