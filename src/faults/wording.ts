/** A duration for people, in seconds. */
export function seconds(us: number): string {
  return `${(us / 1e6).toFixed(2)} s`;
}

/** What an exception says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A share for people, in percent. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
