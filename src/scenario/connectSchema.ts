import { isIP } from 'node:net';
import { z } from 'zod';
import { duration, keys, oneOf, quantity } from './fields.js';

const windowBits = (end: string) =>
  z
    .int()
    .min(8)
    .max(15)
    .meta({ description: `${end}_max_window_bits to ask for`, examples: [15] });

const compression = z
  .union([
    oneOf(['off', 'on'], 'Offer permessage-deflate with its defaults, or not at all'),
    z.boolean(),
    keys({
      serverNoContextTakeover: z.boolean().optional().describe('Ask the server to forget between messages'),
      clientNoContextTakeover: z.boolean().optional().describe('Forget between messages: less memory here'),
      serverMaxWindowBits: windowBits('server').optional(),
      clientMaxWindowBits: windowBits('client').optional(),
      threshold: quantity('size', 'Shorter messages are sent uncompressed', '1KiB', {
        positive: false,
      }).optional(),
    }),
  ])
  .meta({
    description: 'permessage-deflate (RFC 7692) as offered to the server: off, on, or its parameters',
  });

const tls = keys({
  ca: z.string().optional().describe('PEM file of the authorities to trust, relative to this file'),
  cert: z.string().optional().describe('PEM file of the client certificate; needs key'),
  key: z.string().optional().describe('PEM file of the private key of cert'),
  servername: z.string().min(1).optional().describe('Name to ask for (SNI) and to expect in the certificate'),
  verify: z.boolean().default(true).describe('false accepts any certificate'),
  resume: z.boolean().default(false).describe('true resumes the TLS session of an earlier connection'),
}).describe('TLS of wss targets. A certificate that wsherd made for its own reference server is trusted');

const fields = {
  path: z.string().meta({
    description:
      'Replaces the path of the target, query included. ${env.X}, ${index} and ${row.column} are filled in',
    examples: ['/chat?token=${env.TOKEN}'],
  }),
  rows: z
    .string()
    .min(1)
    .meta({
      description: 'CSV file with a header and one row per connection, for ${row.column}',
      examples: ['tokens.csv'],
    }),
  headers: z
    .record(z.string(), z.string())
    .meta({ description: 'Headers of the upgrade request', examples: [{ Origin: 'http://localhost' }] }),
  subprotocols: z
    .array(z.string())
    .meta({ description: 'Offered in Sec-WebSocket-Protocol, in this order', examples: [['chat']] }),
  compression,
  handshakeTimeout: duration('An attempt that is not open by then has failed', '10s'),
  maxMessage: quantity('size', 'A longer message ends its connection with 1009', '16MiB', { most: '1GiB' }),
  tls,
  sourceAddresses: z
    .union([
      z.literal('auto', { error: 'must be auto or a list of addresses, such as [127.0.0.1, 127.0.0.2]' }),
      z
        .array(
          z
            .string()
            .refine((text) => isIP(text) !== 0, { error: 'must be an IP address, such as 127.0.0.2' }),
        )
        .min(1),
    ])
    .meta({ description: 'Addresses of this machine to connect from; auto leaves it to wsherd' }),
  engine: oneOf(['fast', 'ws'], 'The WebSocket client: built for load, or the ws package as a reference'),
} as const;

/** What all connections share unless their population says otherwise. */
export const connectSchema = keys({
  path: fields.path.optional(),
  rows: fields.rows.optional(),
  headers: fields.headers.default({}),
  subprotocols: fields.subprotocols.default([]),
  compression: fields.compression.default('off'),
  handshakeTimeout: fields.handshakeTimeout.default('10s'),
  maxMessage: fields.maxMessage.default('16MiB'),
  tls: fields.tls.prefault({}),
  sourceAddresses: fields.sourceAddresses.default('auto'),
  engine: fields.engine.default('fast'),
}).describe('How connections are opened');

/** The same keys without defaults: each one given replaces the common one as a whole. */
export const connectOverrideSchema = keys(fields)
  .partial()
  .describe('How the connections of this population are opened: each key replaces the common one');

export type ConnectDocument = z.output<typeof connectSchema>;
export type ConnectOverride = z.output<typeof connectOverrideSchema>;
export type TlsDocument = ConnectDocument['tls'];
export type CompressionDocument = ConnectDocument['compression'];
