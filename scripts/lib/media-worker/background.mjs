import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StepFailed } from '../step.mjs';
import { findWorker, obtainWorker } from './obtain.mjs';

/**
 * What the server reads in the file that VISAVIS_MEDIA_WORKER_STATUS names.
 *
 * @typedef {{ state: 'preparing', done: number | null, total: number | null } | { state: 'ready', bin: string } | { state: 'unavailable', reason: string }} WorkerStatus
 */

/** @param {unknown} error @returns {Extract<WorkerStatus, { state: 'unavailable' }>} */
function unavailable(error) {
  if (!(error instanceof StepFailed)) console.error(error);
  return { state: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
}

/**
 * Gives the server its media worker: at once where there is one, else when it has been had in the background.
 *
 * @param {string} node
 * @returns {{ environment: Record<string, string>, stop: () => Promise<void> }}
 */
export function provideWorker(node) {
  try {
    const found = findWorker();
    if (found !== undefined)
      return { environment: { VISAVIS_MEDIA_WORKER_BIN: found }, stop: async () => {} };
  } catch {
    // Said below, when obtaining it fails for the same reason.
  }
  const directory = mkdtempSync(join(tmpdir(), 'visavis-media-worker-'));
  const file = join(directory, 'status.json');
  const tell = (/** @type {WorkerStatus} */ status) => {
    // Renamed into place: a reader never sees half of it.
    writeFileSync(`${file}.new`, JSON.stringify(status));
    renameSync(`${file}.new`, file);
  };
  tell({ state: 'preparing', done: null, total: null });
  console.log(
    'The media worker for group calls is being got in the background; calls between two work meanwhile.',
  );
  const stopping = new AbortController();
  const obtained = obtainWorker({
    node,
    isBackground: true,
    signal: stopping.signal,
    onProgress: (done, total) => tell({ state: 'preparing', done, total }),
  }).then(
    (bin) => {
      tell({ state: 'ready', bin });
      console.log('The media worker is there: group calls are possible.');
    },
    (error) => {
      if (stopping.signal.aborted) return;
      const status = unavailable(error);
      tell(status);
      console.error(`Group calls are not possible. ${status.reason}`);
    },
  );
  const stop = async () => {
    stopping.abort();
    await obtained;
    rmSync(directory, { recursive: true, force: true });
  };
  return { environment: { VISAVIS_MEDIA_WORKER_STATUS: file }, stop };
}
