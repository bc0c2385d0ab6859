/** Secrets shorter than this would hide ordinary words. */
const LEAST_LENGTH = 4;

/** Replaces secrets wherever they turn up: a server may send back what it was sent. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // The longest first: one secret may be part of another.
  const known = secrets.filter(({ length }) => length >= LEAST_LENGTH).sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
