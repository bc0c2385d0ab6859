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
