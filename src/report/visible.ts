const INVISIBLE =
  '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff';
const LONE_SURROGATE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';

const NOT_IN_TEXT = new RegExp(`[${INVISIBLE}]|${LONE_SURROGATE}`, 'g');
const NOT_IN_LINE = new RegExp(`[${INVISIBLE}\\t\\n\\r]|${LONE_SURROGATE}`, 'g');

/** Makes control, direction and invisible characters of outside text visible; line breaks and tabs stay. */
export function escapeInvisible(text: string): string {
  return text.replace(NOT_IN_TEXT, (character) => visible(character.charCodeAt(0)));
}

/** The same with line breaks and tabs: outside text can neither steer a terminal nor leave its line. */
export function escapeTerminal(text: string): string {
  return text.replace(NOT_IN_LINE, (character) => visible(character.charCodeAt(0)));
}

/**
 * A CI log takes a line that begins with `::`, and any that holds `##[`, for a command to itself (GitHub's runner, ActionCommand): neither
 * is left. Not for text with line breaks.
 */
export function withoutCommands(line: string): string {
  return line.replace(/^\s*(?=::)/, '$&\\').replaceAll('##[', '#\\#[');
}

/** `\x1b`, `\u202e`. */
function visible(code: number): string {
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
