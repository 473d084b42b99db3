import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { installPackages } from '../programs.mjs';
import { StepFailed } from '../step.mjs';
import { buildWorker } from './build.mjs';
import { alone } from './lock.mjs';
import { downloadWorker } from './prebuilt.mjs';
import { BINARY, BUILD_PACKAGES, workerDirectory } from './recipe.mjs';
import { canRun, tryOut } from './try-out.mjs';

/** @typedef {{ node: string, isBackground: boolean, signal: AbortSignal | undefined, onProgress: import('./lock.mjs').OnProgress }} ObtainOptions */

const ADVICE =
  'Calls of more than two people need it. Set VISAVIS_MEDIA_WORKER to a mediasoup-worker of the same version, or run ' +
  'npm run build:media-worker where more can be seen.';

/**
 * The worker that is there already, if it still runs: after an update of the system its libraries may be others.
 *
 * @returns {string | undefined}
 * @throws {StepFailed} if one is named and does not run
 */
export function findWorker() {
  const named = process.env['VISAVIS_MEDIA_WORKER'] ?? '';
  if (named === 'off') throw new StepFailed('The media worker is switched off by VISAVIS_MEDIA_WORKER.');
  if (named !== '') {
    if (canRun(named)) return named;
    throw new StepFailed(`VISAVIS_MEDIA_WORKER names ${named}, which is no media worker that runs here.`);
  }
  const kept = join(workerDirectory(), BINARY);
  return existsSync(kept) && canRun(kept) ? kept : undefined;
}

/**
 * A media worker: the one that is there, else mediasoup's own, else one that is built here.
 *
 * @param {ObtainOptions} options
 * @returns {Promise<string>} the path of the binary
 * @throws {StepFailed} saying why there is none, and what to do
 */
export async function obtainWorker({ node, isBackground, signal, onProgress }) {
  const found = findWorker();
  if (found !== undefined) return found;
  const directory = workerDirectory();
  return alone(directory, { signal, onProgress }, async (onProgress) => {
    const obtained = findWorker();
    if (obtained !== undefined) return obtained;
    const options = { node, isBackground, signal, onProgress };
    return (await keepDownloaded(directory, options)) ?? keepBuilt(directory, options);
  });
}

/** @param {string} directory @param {ObtainOptions} options */
async function keepDownloaded(directory, options) {
  mkdirSync(dirname(directory), { recursive: true });
  const unfinished = mkdtempSync(`${directory}-`);
  try {
    const binary = await downloadWorker(unfinished, options.signal);
    if (binary === undefined || !canRun(binary)) return undefined;
    await tryOut(binary, options);
    return keep(binary, directory);
  } catch (error) {
    if (error instanceof StepFailed) return undefined;
    throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** @param {string} directory @param {ObtainOptions} options */
async function keepBuilt(directory, options) {
  if (process.platform !== 'linux') {
    throw new StepFailed(`The media worker could not be downloaded. ${ADVICE}`);
  }
  const installed = installPackages(BUILD_PACKAGES, {
    need: 'The media worker could not be downloaded, and to build it this is needed:',
    isQuiet: options.isBackground,
  });
  await Promise.race([installed, aborted(options.signal)]);
  // Kept when the build is broken off: the next one goes on from there.
  const unfinished = `${directory}.build`;
  const binary = await buildWorker(unfinished, options);
  if (!canRun(binary)) throw new StepFailed(`The media worker was built, but does not run. ${ADVICE}`);
  await tryOut(binary, options);
  const kept = keep(binary, directory);
  rmSync(unfinished, { recursive: true, force: true });
  return kept;
}

/** Rejects when somebody gives up waiting. @param {AbortSignal | undefined} signal @returns {Promise<never>} */
function aborted(signal) {
  signal?.throwIfAborted();
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

/** Puts a binary that works where it is looked for, at once and as a whole. @param {string} binary @param {string} directory */
function keep(binary, directory) {
  const kept = join(directory, BINARY);
  mkdirSync(directory, { recursive: true });
  chmodSync(binary, 0o755);
  renameSync(binary, kept);
  return kept;
}
