/** Where in a scenario something is wrong: keys and list indices from the top. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** What is wrong and how to write it, without the path. */
  readonly message: string;
  /** The key itself is wrong, or what stands behind it. */
  readonly at: 'key' | 'value';
}

/** Notes a problem; reading goes on, so that all of them come to light at once. */
export type Report = (path: Path, message: string, at?: Problem['at']) => void;

/** Collects problems; the same one noted twice (a setting that several populations share) counts once. */
export function createReport(): { readonly report: Report; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  return {
    problems,
    report(path, message, at = 'value') {
      const identity = JSON.stringify([path, message]);
      if (seen.has(identity)) return;
      seen.add(identity);
      problems.push({ path, message, at });
    },
  };
}

/** `populations.clients.connections`, `timeline.1.hold`. */
export function formatPath(path: Path): string {
  return path.join('.');
}

/** A value as a message shows it: short, on one line, without control characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

/** True of `timeline.1.hold` and `timeline.1`. */
export function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((segment, i) => String(path[i]) === String(segment));
}

/** What stands there, or undefined. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** What a thrown thing says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
