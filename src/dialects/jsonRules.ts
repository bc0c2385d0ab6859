import { compileMessages } from './jsonMessages.js';
import type { JsonTemplates, TemplateProblem } from './jsonTemplates.js';
import { MARKER_BYTES } from './marker.js';
import { checkMatchers } from './matcherRules.js';
import { splitTemplate } from './messageTemplate.js';
import { MessageWriter } from './messageWriter.js';

type MessageName = Exclude<keyof JsonTemplates, 'room' | 'expect'>;

/** The messages, and what may be filled in. */
const MESSAGES = [
  ['join', ['room']],
  ['leave', ['room']],
  ['publish', ['payload', 'room', 'id', 'sequence']],
  ['heartbeat', ['sequence']],
  ['acknowledge', ['id']],
] as const satisfies ReadonlyArray<readonly [MessageName, readonly string[]]>;

const EXAMPLE = '{"type":"message","room":"${room}","text":"${payload}"}';

/** How much of a message a problem shows. */
const MOST_SHOWN = 100;

/** Everything that is wrong with the templates of a protocol; an empty list when they can be used. */
export function checkTemplates(templates: JsonTemplates): readonly TemplateProblem[] {
  const placeholders = [
    ...MESSAGES.flatMap(([name, allowed]) => checkPlaceholders(name, templates[name] ?? '', allowed)),
    ...checkRoom(templates.room),
  ];
  return [
    ...placeholders,
    // Before all placeholders are sound nothing can be filled in and looked at.
    ...(placeholders.length > 0 ? [] : checkSamples(templates)),
    ...checkPayload(templates.publish),
    ...checkMatchers(templates),
  ];
}

function checkPlaceholders(
  name: MessageName | 'room',
  template: string,
  allowed: readonly string[],
): readonly TemplateProblem[] {
  const path = [name];
  const list = allowed.map((placeholder) => `\${${placeholder}}`).join(', ');
  const known = `there ${allowed.length === 1 ? 'is' : 'are'} ${list}`;
  return splitTemplate(template).flatMap((part) => {
    if (typeof part === 'string') {
      if (!part.includes('${')) return [];
      return [{ path, message: `has a \${ that begins no placeholder: ${known}` }];
    }
    if (allowed.includes(part.name)) return [];
    return [{ path, message: `\${${part.name}} is not filled in here: ${known}` }];
  });
}

function checkRoom(room: string): readonly TemplateProblem[] {
  const problems = checkPlaceholders('room', room, ['k']);
  if (problems.length > 0 || countPlaceholders(room, 'k') === 1) return problems;
  const message = 'has to hold ${k} once, the number of the room: write for example room-${k}';
  return [{ path: ['room'], message }];
}

/** Fills every template in as a run would, and looks whether that is JSON. */
function checkSamples(templates: JsonTemplates): readonly TemplateProblem[] {
  const messages = compileMessages(templates);
  const writer = new MessageWriter();
  // Digits are JSON without quotes too: where those are missing, `checkPayload` says it better.
  writer.payload = Buffer.alloc(MARKER_BYTES, '1');
  writer.id = 0;
  return MESSAGES.flatMap(([name]) => {
    const message = messages[name];
    if (message === null) return [];
    const filled = writer.write(message).toString();
    return isJson(filled)
      ? []
      : [{ path: [name], message: `is not JSON when it is filled in: ${shown(filled)}` }];
  });
}

function checkPayload(publish: string): readonly TemplateProblem[] {
  const path = ['publish'];
  if (countPlaceholders(publish, 'payload') !== 1) {
    const message = `has to hold \${payload} once, which is what members get: write for example ${EXAMPLE}`;
    return [{ path, message }];
  }
  const bare = splitTemplate(publish).some(
    (part) => typeof part !== 'string' && !part.quoted && part.name === 'payload',
  );
  return bare
    ? [{ path, message: 'has ${payload} outside of quotes, and it is text: write "${payload}"' }]
    : [];
}

function countPlaceholders(template: string, name: string): number {
  return splitTemplate(template).filter((part) => typeof part !== 'string' && part.name === name).length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN - 3)}...` : line;
}
