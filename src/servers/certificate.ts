import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TargetError } from '../errors.js';

/** PEM texts. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

// A configuration of its own, because not every system has one where openssl looks for it.
const requestConfig = `[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
`;

/**
 * Makes a key and a self-signed certificate for localhost, 127.0.0.1 and ::1, valid for two days.
 * Leaves no file behind; throws `TargetError` when openssl is missing or fails.
 */
export async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'wsherd-certificate-'));
  try {
    const config = join(directory, 'request.cnf');
    const keyFile = join(directory, 'key.pem');
    const certFile = join(directory, 'cert.pem');
    await writeFile(config, requestConfig);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-config', config, '-keyout', keyFile, '-out', certFile];
    await runOpenssl(['req', '-x509', ...curve, '-days', '2', ...files]);
    return { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runOpenssl(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('openssl', args, { timeout: 20_000 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new TargetError(
        'TLS needs the openssl program to make a certificate, and it is not installed: sudo apt-get install openssl',
      );
    }
    throw new TargetError(`openssl could not make a certificate: ${String(error)}`);
  }
}
