import { spawnSync } from 'node:child_process';

import { runWatched } from './programs.mjs';
import { PROBE } from './recipe.mjs';

/** A worker that is started without being told mediasoup's version ends with this. */
const RUNS_EXIT_CODE = 41;

/** Whether the system can run a binary: its kernel, its C library, the libraries that it was linked with. @param {string} binary */
export function canRun(binary) {
  return spawnSync(binary, { env: {}, stdio: 'ignore', timeout: 10_000 }).status === RUNS_EXIT_CODE;
}

/**
 * Has a worker forward an encrypted packet.
 *
 * @param {string} binary
 * @param {{ node: string, isBackground: boolean, signal: AbortSignal | undefined }} options
 */
export async function tryOut(binary, { node, isBackground, signal }) {
  await runWatched(node, ['--disable-warning=ExperimentalWarning', PROBE, binary], {
    isBackground,
    signal,
    failure: 'The media worker does not work here.',
  });
}
