/** The words of a protocol that speaks JSON: what to send, with `${...}` to be filled in, and what answers look like. */
export interface JsonTemplates {
  /** `${room}`; null: nobody joins anything. */
  readonly join: string | null;
  readonly leave: string | null;
  /** `${payload}` (inside quotes), `${room}`, `${id}`, `${sequence}`. */
  readonly publish: string;
  /** `${sequence}`. */
  readonly heartbeat: string;
  /** `${id}` is that of the message received; null: receipts are not acknowledged. */
  readonly acknowledge: string | null;
  /** Name of room `k`, with `${k}` in it: what `${room}` stands for. */
  readonly room: string;
  readonly expect: JsonMatchers;
}

/** How to tell the server's messages apart; null: there is no such message. What matches nothing is a message too. */
export interface JsonMatchers {
  readonly ready: JsonMatcher | null;
  /** `${room}`. */
  readonly joined: JsonMatcher | null;
  /** `${sequence}` is that of the heartbeat. */
  readonly pong: JsonMatcher | null;
  /** `${id}` or `${sequence}` as published. */
  readonly acknowledged: JsonMatcher | null;
  readonly error: JsonMatcher | null;
  /** Which messages are acknowledged, and by which `${id}`; null: all, by the id under which they were published. */
  readonly message: JsonMatcher | null;
  /** Messages of the protocol that concern nobody here, such as notices of who came and went. */
  readonly other: readonly JsonMatcher[];
}

/**
 * A message matches when it has all these fields, by dotted path, with these values. A value `${...}` is matched by any
 * text and any number, which it stands for.
 */
export type JsonMatcher = Readonly<Record<string, string | number | boolean | null>>;

/** A part of the templates that cannot be used. */
export interface TemplateProblem {
  /** Keys from the templates down. */
  readonly path: readonly (string | number)[];
  /** What is wrong and how to write it, without the path. */
  readonly message: string;
}
