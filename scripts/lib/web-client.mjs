import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { binaryOf } from './binary.mjs';
import { compressTexts } from './compress.mjs';
import { fingerprint } from './fingerprint.mjs';
import { ROOT, inRoot } from './paths.mjs';
import { runQuietly } from './run.mjs';
import { step } from './step.mjs';

const INDEX = inRoot('apps', 'web', 'dist', 'index.html');
/** Inside the build, so that whoever empties or replaces the build also removes the claim about it. */
const STAMP = inRoot('apps', 'web', 'dist', '.fingerprint');

/** Everything that the build is made of. */
function fingerprintSources() {
  const packages = readdirSync(inRoot('packages')).flatMap((name) => [
    `packages/${name}/package.json`,
    `packages/${name}/src`,
  ]);
  const web = ['index.html', 'package.json', 'public', 'src', 'tsconfig.json', 'vite.config.ts'];
  const scripts = ['scripts/lib/compress.mjs', 'package-lock.json'];
  return fingerprint(ROOT, [...web.map((name) => `apps/web/${name}`), ...packages, ...scripts]);
}

/**
 * Builds the web client into apps/web/dist.
 *
 * @param {string} node
 * @returns {Promise<string>} what the build printed
 */
export async function buildWebClient(node) {
  const sources = fingerprintSources();
  const output = await runQuietly(node, [binaryOf('vite'), 'build'], {
    cwd: inRoot('apps', 'web'),
    failure: 'The web client could not be built.',
  });
  compressTexts(inRoot('apps', 'web', 'dist'));
  writeFileSync(STAMP, sources);
  return output;
}

/** Builds the web client if anything it is made of has changed. @param {string} node */
export async function ensureWebClient(node) {
  const isBuilt =
    existsSync(INDEX) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprintSources();
  if (!isBuilt) await step('Building the web client', () => buildWebClient(node));
}
