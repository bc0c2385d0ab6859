/** A piece of a template: text as it is sent, or a place to fill in. */
export type TemplatePart = string | Placeholder;

interface Placeholder {
  readonly name: string;
  /** Inside quotes: what is filled in is part of a JSON string. */
  readonly quoted: boolean;
}

/** Takes `{"room":"${room}"}` apart. A `${` that is not closed stays text. */
export function splitTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  let quoted = false;
  for (const match of template.matchAll(/\$\{([^{}"]*)\}/g)) {
    const text = template.slice(from, match.index);
    quoted = endsQuoted(text, quoted);
    parts.push(text, { name: match[1]!, quoted });
    from = match.index + match[0].length;
  }
  parts.push(template.slice(from));
  return parts.filter((part) => part !== '');
}

/** Whether the end of a piece of JSON lies inside of quotes. */
function endsQuoted(text: string, beginsQuoted: boolean): boolean {
  const quotes = text.replaceAll(/\\./gs, '').split('"').length - 1;
  return beginsQuoted !== (quotes % 2 === 1);
}

/** What is known only when a message is written. */
export const Slot = {
  room: 0,
  publisher: 1,
  sequence: 2,
  payload: 3,
  /** The id of a received message, inside quotes. */
  idText: 4,
  /** The same as JSON. */
  idJson: 5,
} as const;
export type Slot = (typeof Slot)[keyof typeof Slot];

/** A template ready to be written: bytes, and what goes between them. */
export type CompiledTemplate = readonly (Buffer | Slot)[];

/** What stands for a placeholder. */
export type Filling = (quoted: boolean) => readonly (string | Slot)[];

/** Every placeholder needs its filling; throws an Error for another. */
export function compileTemplate(
  template: string,
  fillings: Readonly<Record<string, Filling>>,
): CompiledTemplate {
  const pieces: (string | Slot)[] = [];
  for (const part of splitTemplate(template)) {
    const filled = typeof part === 'string' ? [part] : fill(part, fillings);
    for (const piece of filled) {
      const last = pieces.at(-1);
      if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
      else pieces.push(piece);
    }
  }
  return pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
}

function fill(
  { name, quoted }: Placeholder,
  fillings: Readonly<Record<string, Filling>>,
): readonly (string | Slot)[] {
  const filling = fillings[name];
  if (filling === undefined) throw new Error(`nothing fills \${${name}}`);
  return filling(quoted);
}

/** Text as it stands in a JSON string. */
export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
