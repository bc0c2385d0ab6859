import type { ProbeHello, ProbeReport } from '../probe/messages.js';

type Fields = Readonly<Record<string, unknown>>;

/** What of a probe's report is a size or a time: finite, and not negative. */
const figures = [
  'id',
  'heapUsedBytes',
  'heapTotalBytes',
  'externalBytes',
  'arrayBuffersBytes',
  'rssBytes',
  'loopDelayP50Us',
  'loopDelayP99Us',
  'loopDelayMaxUs',
  'loopUtilization',
] as const satisfies ReadonlyArray<keyof ProbeReport>;

/** The first line of a connection; null when it is none that a probe writes. */
export function readHello(line: string): ProbeHello | null {
  const { pid, thread } = fieldsOf(line);
  if (!isWhole(pid) || pid < 1 || !isWhole(thread)) return null;
  return { pid, thread };
}

/** Any later line; null when it is none that a probe writes. */
export function readReport(line: string): ProbeReport | null {
  const fields = fieldsOf(line);
  return isReport(fields) ? fields : null;
}

function isReport(fields: Fields): fields is Fields & ProbeReport {
  return figures.every((name) => isAmount(fields[name]));
}

function fieldsOf(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isWhole(value: unknown): value is number {
  return isAmount(value) && Number.isSafeInteger(value);
}
