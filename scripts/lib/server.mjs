import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';

import { ROOT, inRoot } from './paths.mjs';

/**
 * One press of Ctrl-C arrives twice, from the terminal and from npm, a few milliseconds apart. (npm waits for us and
 * passes our exit code on because package.json starts us with `exec`: a shell in between would die of the signal.)
 */
const SAME_PRESS_MS = 500;

/**
 * Runs the server until it ends, and hands it each signal once. A second Ctrl-C ends it without waiting.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @param {{ main?: string, environment?: Record<string, string> }} [options] `main`: the program
 * @returns {Promise<number>} its exit code
 */
export function runServer(
  node,
  args,
  { main = inRoot('apps', 'server', 'src', 'main.ts'), environment = {} } = {},
) {
  const child = spawn(
    node,
    [
      // Node 22 calls its TypeScript support experimental on every start.
      '--disable-warning=ExperimentalWarning',
      '--import',
      new URL('lifeline.mjs', import.meta.url).href,
      main,
      ...args,
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A process group of its own: otherwise the terminal would signal the server as well as we do.
      detached: process.platform !== 'win32',
    },
  );

  let firstSignalAt = 0;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstSignalAt === 0) {
        firstSignalAt = now;
        // A closed terminal is no reason to drop everything: the server ends as if it were asked to.
        child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      } else if (now - firstSignalAt > SAME_PRESS_MS) {
        child.kill('SIGKILL');
      }
    });
  }

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}
