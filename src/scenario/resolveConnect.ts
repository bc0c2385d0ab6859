import type { CompressionOptions } from '../client/types.js';
import type { CompressionDocument, ConnectDocument, ConnectOverride, TlsDocument } from './connectSchema.js';
import type { Path } from './problem.js';
import { parseRows, type Rows } from './rows.js';
import type { ConnectSpec, Template, TlsSpec } from './scenario.js';
import { keepSecret, type Surroundings } from './surroundings.js';
import { fillTemplate, readTemplate } from './template.js';
import { baseValue } from './units.js';
import { checkHeaderName, checkHeaderValue, checkPath, checkSubprotocol } from './upgradeRules.js';

const MAX_ROWS_BYTES = 256 * 1024 * 1024;
const MAX_PEM_BYTES = 1024 * 1024;

/** The settings of one population, and where in the file each of them is written. */
interface Settings {
  readonly connect: ConnectDocument;
  readonly connections: number;
  pathOf(key: keyof ConnectDocument): Path;
}

/** The population's own settings over the common ones, key by key. */
export function resolveConnect(
  common: ConnectDocument,
  override: ConnectOverride,
  population: { readonly name: string; readonly connections: number; readonly secure: boolean | null },
  around: Surroundings,
): ConnectSpec {
  const own = Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined));
  const connect: ConnectDocument = { ...common, ...own };
  const settings: Settings = {
    connect,
    connections: population.connections,
    pathOf: (key) =>
      Object.hasOwn(own, key) ? ['populations', population.name, 'connect', key] : ['connect', key],
  };
  const rows = readRows(settings, around);
  if (population.secure === false && Object.values(connect.tls).some((value) => typeof value === 'string')) {
    around.report(settings.pathOf('tls'), 'the target does not use TLS: write wss, or leave tls out');
  }
  return {
    path: connect.path === undefined ? null : readPath(connect.path, settings, rows, around),
    headers: readHeaders(settings, rows, around),
    subprotocols: readSubprotocols(settings, rows, around),
    rows: rows?.rows ?? null,
    compression: resolveCompression(connect.compression),
    handshakeTimeoutUs: baseValue('duration', connect.handshakeTimeout),
    maxMessageBytes: baseValue('size', connect.maxMessage),
    tls: readTls(connect.tls, settings.pathOf('tls'), around),
    sourceAddresses: connect.sourceAddresses,
    engine: connect.engine,
  };
}

function readRows(settings: Settings, around: Surroundings): Rows | null {
  const file = settings.connect.rows;
  if (file === undefined) return null;
  const path = settings.pathOf('rows');
  try {
    const rows = parseRows(around.readText(file, MAX_ROWS_BYTES));
    if (rows.rows.length < settings.connections) {
      const { connections } = settings;
      around.report(
        path,
        `${file} has ${rows.rows.length} rows for ${connections} connections: add rows, or ask for fewer`,
      );
    }
    return rows;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    around.report(path, reason.startsWith('line ') ? `${file} ${reason}` : reason);
    // Unknown columns are not worth a second problem.
    return null;
  }
}

function readPath(written: string, settings: Settings, rows: Rows | null, around: Surroundings): Template {
  return readText(written, settings.pathOf('path'), checkPath, settings, rows, around);
}

function readHeaders(settings: Settings, rows: Rows | null, around: Surroundings): Record<string, Template> {
  const headers = new Map<string, Template>();
  const namesSeen = new Map<string, string>();
  for (const [name, value] of Object.entries(settings.connect.headers)) {
    const path = [...settings.pathOf('headers'), name];
    const twin = namesSeen.get(name.toLowerCase());
    const problem =
      twin === undefined ? checkHeaderName(name) : `is the same header as ${twin}: keep one of them`;
    if (problem !== null) around.report(path, problem, 'key');
    namesSeen.set(name.toLowerCase(), name);
    headers.set(name, readText(value, path, checkHeaderValue, settings, rows, around));
  }
  return Object.fromEntries(headers);
}

function readSubprotocols(settings: Settings, rows: Rows | null, around: Surroundings): Template[] {
  const written = settings.connect.subprotocols;
  return written.map((name, i) => {
    const path = [...settings.pathOf('subprotocols'), i];
    if (written.indexOf(name) !== i)
      around.report(path, 'is there twice: RFC 6455 allows each subprotocol once');
    return readText(name, path, checkSubprotocol, settings, rows, around);
  });
}

/** A template, checked as every connection will send it. */
function readText(
  written: string,
  path: Path,
  check: (text: string) => string | null,
  settings: Settings,
  rows: Rows | null,
  around: Surroundings,
): Template {
  // When the rows could not be read, their columns are not known to be wrong.
  const unread = rows === null && settings.connect.rows !== undefined;
  if (unread && written.includes('${row.')) return [];
  const columns = rows?.columns ?? null;
  const read = readTemplate(written, { allowed: ['env', 'index', 'row'], env: around.env, columns });
  for (const value of read.fromEnv) keepSecret(around, value);
  for (const problem of read.problems) around.report(path, problem);
  if (read.problems.length > 0) return read.template;
  const usesRows = read.template.some((piece) => typeof piece !== 'string' && 'row' in piece);
  const cases = usesRows ? Math.min(settings.connections, rows?.rows.length ?? 0) : 1;
  for (let i = 0; i < cases; i++) {
    const problem = check(fillTemplate(read.template, i, rows?.rows[i] ?? null));
    if (problem === null) continue;
    around.report(
      path,
      usesRows ? `filled in from row ${i + 1} of ${settings.connect.rows}, ${problem}` : problem,
    );
    break;
  }
  return read.template;
}

function resolveCompression(written: CompressionDocument): CompressionOptions | null {
  if (written === 'off' || written === false) return null;
  if (written === 'on' || written === true) return {};
  const { threshold, ...parameters } = written;
  const options: CompressionOptions = Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== undefined),
  );
  return threshold === undefined ? options : { ...options, thresholdBytes: baseValue('size', threshold) };
}

function readTls(tls: TlsDocument, path: Path, around: Surroundings): TlsSpec {
  if (tls.cert !== undefined && tls.key === undefined)
    around.report([...path, 'cert'], 'needs its private key: add key');
  if (tls.key !== undefined && tls.cert === undefined)
    around.report([...path, 'key'], 'needs its certificate: add cert');
  return {
    ca: readPem(tls.ca, [...path, 'ca'], 'CERTIFICATE', around),
    cert: readPem(tls.cert, [...path, 'cert'], 'CERTIFICATE', around),
    key: readPem(tls.key, [...path, 'key'], 'PRIVATE KEY', around),
    servername: tls.servername ?? null,
    verify: tls.verify,
    resume: tls.resume,
  };
}

function readPem(file: string | undefined, path: Path, label: string, around: Surroundings): string | null {
  if (file === undefined) return null;
  try {
    const text = around.readText(file, MAX_PEM_BYTES);
    if (new RegExp(`-----BEGIN [A-Z ]*${label}-----`).test(text)) return text;
    around.report(path, `${file} holds no PEM block "${label}": convert it, for example with openssl`);
  } catch (error) {
    around.report(path, error instanceof Error ? error.message : String(error));
  }
  return null;
}
