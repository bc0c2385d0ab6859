/** Secrets shorter than this would hide ordinary words. */
const LEAST_LENGTH = 4;
/** A text may have been cut off within a secret: so much of its beginning gives it away. */
const LEAST_BEGINNING = 8;
const REDACTED = '[redacted]';

/** Replaces secrets wherever they turn up: a server may send back what it was sent. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // The longest first: one secret may be part of another.
  const known = secrets.filter(({ length }) => length >= LEAST_LENGTH).sort((a, b) => b.length - a.length);
  return (text) =>
    known.reduce((rest, secret) => withoutBeginning(rest.replaceAll(secret, REDACTED), secret), text);
}

function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= LEAST_BEGINNING; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED;
  }
  return text;
}
