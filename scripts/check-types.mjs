// Checks every TypeScript project of the checkout, two at a time.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { binaryOf } from './lib/binary.mjs';
import { ROOT, inRoot } from './lib/paths.mjs';
import { runQuietly } from './lib/run.mjs';
import { StepFailed } from './lib/step.mjs';

const AT_ONCE = 2;

const below = (/** @type {string} */ directory) =>
  readdirSync(inRoot(directory)).map((name) => join(directory, name));

const projects = [...below('packages'), ...below('apps'), 'scripts', 'tests', 'benchmarks']
  .filter((directory) => existsSync(inRoot(directory)))
  .flatMap((directory) =>
    readdirSync(inRoot(directory))
      .filter((name) => /^tsconfig.*\.json$/.test(name))
      .map((name) => join(directory, name)),
  );

/** @param {string} project @returns {Promise<boolean>} */
async function check(project) {
  const tsc = binaryOf('typescript', 'tsc');
  try {
    await runQuietly(process.execPath, [tsc, '--project', project, '--pretty', 'false'], {
      cwd: ROOT,
      failure: project,
    });
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`${project}\n${error.detail.replace(/^/gm, '    ')}\n`);
    return false;
  }
}

let failed = 0;
const waiting = [...projects];
async function work() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    if (!(await check(project))) failed += 1;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));

console.log(`${projects.length - failed} of ${projects.length} projects have no type errors.`);
process.exitCode = failed === 0 && projects.length > 0 ? 0 : 1;
