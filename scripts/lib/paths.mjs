import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, without a slash at the end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** A path inside the checkout. @param {string[]} parts */
export const inRoot = (...parts) => join(ROOT, ...parts);

/** Where downloads live that outlast the checkout. */
export function cacheDirectory() {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'visavis');
}
