import type { JsonTemplates } from './jsonTemplates.js';
import { type CompiledTemplate, compileTemplate, escapeJson, type Filling, Slot } from './messageTemplate.js';

/** What the room of those who joined none is called. */
const LOBBY_NAME = 'lobby';

/** Templates ready to be written. */
export interface JsonMessages {
  readonly join: CompiledTemplate | null;
  readonly leave: CompiledTemplate | null;
  readonly publish: CompiledTemplate;
  readonly publishToLobby: CompiledTemplate;
  readonly heartbeat: CompiledTemplate;
  readonly acknowledge: CompiledTemplate | null;
}

/** Throws an Error when a template holds a placeholder that it may not hold. */
export function compileMessages(templates: JsonTemplates): JsonMessages {
  const { join, leave, publish, heartbeat, acknowledge } = templates;
  const room = roomFilling(templates.room);
  const lobby: Filling = (quoted) => [quoted ? LOBBY_NAME : JSON.stringify(LOBBY_NAME)];
  const sequence: Filling = () => [Slot.sequence];
  const id: Filling = () => [Slot.publisher, '-', Slot.sequence];
  const idOfReceived: Filling = (quoted) => [quoted ? Slot.idText : Slot.idJson];
  const published = { payload: (): [Slot] => [Slot.payload], id, sequence };
  return {
    join: join === null ? null : compileTemplate(join, { room }),
    leave: leave === null ? null : compileTemplate(leave, { room }),
    publish: compileTemplate(publish, { ...published, room }),
    publishToLobby: compileTemplate(publish, { ...published, room: lobby }),
    heartbeat: compileTemplate(heartbeat, { sequence }),
    acknowledge:
      acknowledge === null
        ? null
        : compileTemplate(acknowledge, { id: templates.expect.message === null ? id : idOfReceived }),
  };
}

function roomFilling(name: string): Filling {
  const [before = '', after = ''] = name.split('${k}');
  return (quoted) =>
    quoted ? [escapeJson(before), Slot.room, escapeJson(after)] : [before, Slot.room, after];
}
