import { readFileSync } from 'node:fs';

const packageFile: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** Of this wsherd. */
export const version = packageFile.version;
