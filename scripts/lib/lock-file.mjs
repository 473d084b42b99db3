import { readFileSync } from 'node:fs';

/** @typedef {{ version?: string, integrity?: string, license?: string, link?: boolean, optional?: boolean }} LockedPackage */

/**
 * The packages that npm recorded, by their path: in package-lock.json what is wanted, in
 * node_modules/.package-lock.json what is there.
 *
 * @param {string} path
 * @returns {Record<string, LockedPackage>}
 */
export function readLockFile(path) {
  const content = /** @type {{ packages: Record<string, LockedPackage> }} */ (
    JSON.parse(readFileSync(path, 'utf8'))
  );
  return content.packages;
}
