import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

/** Every program that the tests start inherits this, browsers in process groups of their own too. */
const MARK = `VISAVIS_TEST_RUN=${randomUUID()}`;

/** The environment for what the tests start. @param {NodeJS.ProcessEnv} more @returns {NodeJS.ProcessEnv} */
export function markedEnvironment(more) {
  const [name = '', value = ''] = MARK.split('=');
  return { ...process.env, ...more, [name]: value };
}

/** @param {string} id */
function isMarked(id) {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8').includes(MARK);
  } catch {
    // Ended in the meantime, or somebody else's.
    return false;
  }
}

/**
 * Ends what the tests started and left behind: first the stage's process group, then, where the system tells whose
 * child a process was (Linux), whatever had left that group.
 *
 * @param {number | undefined} groupId
 */
export function killLeftovers(groupId) {
  if (groupId !== undefined && process.platform !== 'win32') kill(-groupId);
  if (process.platform !== 'linux') return;
  for (const id of readdirSync('/proc')) {
    if (/^\d+$/.test(id) && isMarked(id)) kill(Number(id));
  }
}

/** @param {number} id */
function kill(id) {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
