import { performance } from 'node:perf_hooks';

import { seconds } from '../step.mjs';
import { findWorker, obtainWorker } from './obtain.mjs';

/** How often a log that is no terminal hears of the progress. */
const LINE_EVERY_MS = 20_000;

/**
 * Gets the media worker while somebody waits for it and watches.
 *
 * @param {string} node
 * @returns {Promise<string>} the path of the binary
 */
export async function ensureMediaWorker(node) {
  const found = findWorker();
  if (found !== undefined) return found;

  const startedAt = performance.now();
  const label = 'Building the media worker';
  process.stdout.write(`Getting the media worker … `);
  let isBuilding = false;
  let saidAt = startedAt;
  const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => {
    const now = performance.now();
    if (!isBuilding) process.stdout.write('it has to be built, which takes a few minutes, once\n');
    if (process.stdout.isTTY) process.stdout.write(`\r${label} … ${done}/${total} `);
    else if (!isBuilding || now - saidAt > LINE_EVERY_MS) {
      process.stdout.write(`${label} … ${done}/${total}\n`);
      saidAt = now;
    }
    isBuilding = true;
  };
  const duration = () => seconds(performance.now() - startedAt);
  const end = (/** @type {string} */ text) =>
    process.stdout.write(
      isBuilding ? `${process.stdout.isTTY ? '\r' : ''}${label} … ${text}\n` : `${text}\n`,
    );
  try {
    const binary = await obtainWorker({ node, isBackground: false, signal: undefined, onProgress });
    end(duration());
    return binary;
  } catch (error) {
    end(`failed after ${duration()}`);
    throw error;
  }
}
