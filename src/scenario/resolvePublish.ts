import { abilitiesOf, dialectName } from '../dialects/abilities.js';
import { MARKER_BYTES } from '../dialects/marker.js';
import type { PayloadSpec } from '../patterns/payloads.js';
import type { AcknowledgeOptions, PublishOptions } from '../patterns/publish.js';
import {
  ACKNOWLEDGE_DEFAULTS,
  type AcknowledgeDocument,
  PAYLOAD_DEFAULTS,
  type PublishDocument,
} from './broadcastSchema.js';
import { explainLack } from './dialectLack.js';
import type { PatternSettings } from './patternSettings.js';
import { type Path, reasonOf } from './problem.js';
import { decodeUtf8, type Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

const MAX_PAYLOAD_FILE_BYTES = 16 * 1024 * 1024;

const TOO_LONG = 'more than connect.maxMessage, so every delivery would end its connection: raise maxMessage';

/** What a population publishes, how often and where to. */
export function resolvePublish(
  publish: PublishDocument,
  acknowledge: AcknowledgeDocument | null,
  settings: PatternSettings,
  around: Surroundings,
): PublishOptions {
  const { spacing, offset, burst, to, ownCopy } = publish;
  return {
    everyUs: baseValue('duration', publish.every),
    spacing,
    offset,
    burst,
    room: to === 'own' ? null : to.room,
    ownCopy,
    payload: resolvePayload(publish, settings, around),
    acknowledge: acknowledge && resolveAcknowledge(acknowledge, settings, around),
  };
}

function resolveAcknowledge(
  acknowledge: AcknowledgeDocument,
  { path, dialect }: PatternSettings,
  around: Surroundings,
): AcknowledgeOptions {
  if (dialect && !abilitiesOf(dialect).acknowledgesPublished) {
    around.report(
      [...path, 'acknowledge'],
      explainLack(dialect, {
        what: 'acknowledgements of what is published',
        without: 'leave acknowledge out',
        named: 'reliable',
        key: 'expect.acknowledged',
      }),
      'key',
    );
  }
  const { resendAfter = ACKNOWLEDGE_DEFAULTS.resendAfter, queue = ACKNOWLEDGE_DEFAULTS.queue } = acknowledge;
  return { resendAfterUs: baseValue('duration', resendAfter), queue };
}

function resolvePayload(
  publish: PublishDocument,
  { path, dialect, maxMessageBytes }: PatternSettings,
  around: Surroundings,
): PayloadSpec {
  const place = [...path, 'publish'];
  const { file, frames } = publish;
  const binary = frames === 'binary';
  if (binary && dialect && !abilitiesOf(dialect).binary) {
    around.report(
      [...place, 'frames'],
      `the dialect ${dialectName(dialect)} is text: write frames: text, or leave it out`,
    );
  }
  if (file !== undefined) {
    const bytes = readPayload(file, binary, [...place, 'file'], maxMessageBytes, around);
    return { sizes: [], content: 'text', file: bytes, binary };
  }
  const { size = PAYLOAD_DEFAULTS.size, content = PAYLOAD_DEFAULTS.content } = publish;
  const sizes = resolveSizes(size, [...place, 'size'], maxMessageBytes, around);
  return { sizes, content, file: null, binary };
}

function resolveSizes(
  size: NonNullable<PublishDocument['size']>,
  path: Path,
  maxMessageBytes: number,
  around: Surroundings,
): PayloadSpec['sizes'] {
  if (typeof size === 'string') {
    return [{ sizeBytes: resolveSize(size, path, maxMessageBytes, around), weight: 1 }];
  }
  return size.map((item, i) => ({
    sizeBytes: resolveSize(item.size, [...path, i, 'size'], maxMessageBytes, around),
    weight: item.weight,
  }));
}

function resolveSize(size: string, path: Path, maxMessageBytes: number, around: Surroundings): number {
  const sizeBytes = baseValue('size', size);
  if (sizeBytes < MARKER_BYTES)
    around.report(path, `must be at least ${MARKER_BYTES}B: the marker has to fit`);
  if (sizeBytes > maxMessageBytes) around.report(path, `is ${TOO_LONG}`);
  return sizeBytes;
}

/** The bytes of a file, or null when it cannot be published. */
function readPayload(
  file: string,
  binary: boolean,
  path: Path,
  maxMessageBytes: number,
  around: Surroundings,
): Uint8Array | null {
  try {
    const bytes = around.readBytes(file, MAX_PAYLOAD_FILE_BYTES);
    if (MARKER_BYTES + bytes.length > maxMessageBytes) {
      around.report(path, `with its marker, ${file} is ${TOO_LONG}`);
    }
    if (!binary && decodeUtf8(bytes) === null) {
      around.report(path, `${file} is not UTF-8 text, as text frames are: write frames: binary`);
    }
    return bytes;
  } catch (error) {
    around.report(path, reasonOf(error));
    return null;
  }
}
