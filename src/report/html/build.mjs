/** Bundles the page's script and style, uPlot in them, into dist/report/html/, where the report is drawn from. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: { page: here('page/main.ts') },
  outdir: process.argv[2] ?? here('../../../dist/report/html'),
  tsconfig: here('page/tsconfig.json'),
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  // Two years of browsers: the page is opened long after it was made, not long before.
  target: ['chrome115', 'firefox115', 'safari16.4'],
  // The licence of uPlot asks for its notice.
  legalComments: 'inline',
  banner: { js: '/*! uPlot: Copyright (c) Leon Sorokin, MIT licensed */' },
  logLevel: 'warning',
});
