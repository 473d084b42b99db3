import { readFileSync } from 'node:fs';

import { inRoot } from './paths.mjs';

/**
 * The script behind a package's command, to be run by a Node of our choice: what npm puts into node_modules/.bin
 * would take the Node that is first in the path.
 *
 * @param {string} name the package
 * @param {string} [command] its command, if it is not called like the package
 */
export function binaryOf(name, command = name) {
  const { bin } = /** @type {{ bin: string | Record<string, string> }} */ (
    JSON.parse(readFileSync(inRoot('node_modules', name, 'package.json'), 'utf8'))
  );
  const path = typeof bin === 'string' ? bin : bin[command];
  if (path === undefined) throw new Error(`The package ${name} has no command ${command}.`);
  return inRoot('node_modules', name, path);
}
