import { z } from 'zod';
import { jsonProtocols } from '../dialects/jsonProtocols.js';
import type { JsonMatcher } from '../dialects/jsonTemplates.js';
import { dialects } from '../dialects/list.js';
import { keys } from './fields.js';

/** A slash or the ending of a program tells a file from a name. */
export const MODULE = /[/\\]|\.[cm]?js$/;

/** What stands where a protocol has no such message. */
export const OFF = 'off';

const { expect, ...messages } = jsonProtocols.json;

const textOrMap = 'must be a message as JSON text, or as a map or a list';

/** A message of the protocol, as JSON text or as YAML writes the same. */
function message(description: string, byDefault: string) {
  return z
    .union([
      z.string({ error: (issue) => (issue.input === undefined ? undefined : textOrMap) }),
      z.record(z.string(), z.unknown()),
      z.array(z.unknown()),
    ])
    .default(byDefault)
    .meta({ description, examples: [byDefault] });
}

const scalar = z.union([
  z.string({ error: 'must be text, a number, true, false or null' }),
  z.number(),
  z.boolean(),
  z.null(),
]);
const fields = z.record(z.string(), scalar).meta({ examples: [{ type: 'pong' }] });

function matcher(description: string, byDefault: JsonMatcher | null) {
  return z
    .union([fields, z.literal(OFF)])
    .default(byDefault ?? OFF)
    .meta({ description: `${description}; ${OFF}: there is none` });
}

const expectSchema = keys({
  ready: matcher('The server has let the connection in; else it is in as soon as it is open', expect.ready),
  joined: matcher('The answer to join, with ${room} for any room; else who has asked is in', expect.joined),
  pong: matcher('The answer to heartbeat, with ${sequence} where that is said back', expect.pong),
  acknowledged: matcher(
    'The server has a published message, with ${id} or ${sequence} as it was published',
    expect.acknowledged,
  ),
  error: matcher('The server refuses something', expect.error),
  message: matcher(
    'Which messages are acknowledged, with ${id} where the server writes the id; else all, by the id as published',
    expect.message,
  ),
  other: z
    .array(fields)
    .max(100)
    .default([...expect.other])
    .meta({
      description: 'Messages of the protocol that concern nobody, such as notices of who came',
      examples: [[{ type: 'system' }]],
    }),
})
  .prefault({})
  .describe('How to tell what the server sends: the values of fields, by dotted path');

const jsonSchema = keys({
  join: message(`Asks to be let into \${room}; ${OFF}: nobody asks`, messages.join),
  leave: message(`Leaves \${room}; ${OFF}: nobody says so`, messages.leave),
  publish: message('A message to everybody in ${room}: "${payload}", ${id}, ${sequence}', messages.publish),
  heartbeat: message('Says that the connection is alive: ${sequence}', messages.heartbeat),
  acknowledge: message(`Says that message \${id} was received; ${OFF}: nobody says so`, OFF),
  room: z
    .string()
    .meta({ description: 'What ${room} stands for: the name of room ${k}', examples: [messages.room] })
    .default(messages.room),
  expect: expectSchema,
}).describe('A protocol in JSON, by its messages');

/** The application protocol: a name, a module of the user's own, or templates. */
export const dialectSchema = z
  .union([
    z
      .string({ error: 'must be the name of a dialect, a module such as ./my-dialect.mjs, or json: { ... }' })
      .meta({ anyOf: [{ enum: Object.keys(dialects) }, { pattern: MODULE.source }] }),
    keys({ json: jsonSchema }),
  ])
  .meta({
    description: "Application protocol; default: the reference server's own, else echo",
    examples: ['echo', './my-dialect.mjs'],
  });

export type DialectDocument = z.output<typeof dialectSchema>;
export type JsonDocument = z.output<typeof jsonSchema>;
