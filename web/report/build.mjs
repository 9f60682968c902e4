// Bundles the page: `node build.mjs [FOLDER]` writes report.js, report.css and report.csp (default: dist).
// report.csp is the policy that lets exactly these two texts run and style, and nothing else.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = process.argv[2] ?? 'dist';
const uplotLicence = readFileSync('node_modules/uplot/LICENSE', 'utf8').trim();

await build({
  entryPoints: { report: 'src/main.ts' },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'utf8',
  banner: { js: `/* Charts by uPlot.\n${uplotLicence}\n*/` },
  logLevel: 'warning',
});

const hashOf = (name) => createHash('sha256').update(readFileSync(join(folder, name))).digest('base64');
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hashOf('report.js')}'`,
  `style-src 'sha256-${hashOf('report.css')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
writeFileSync(join(folder, 'report.csp'), policy);
