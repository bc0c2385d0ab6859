export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a message, or null when there is none. */
export function readMessage(payload: Buffer): JsonObject | null {
  try {
    const message: unknown = JSON.parse(payload.toString());
    return isObject(message) ? message : null;
  } catch {
    return null;
  }
}

/** True of what `{...}` stands for in JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
