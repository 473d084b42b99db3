import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';

import { StepFailed } from '../step.mjs';

/** The lowest priority: whatever else the machine has to do goes first. */
const BACKGROUND_PRIORITY = 19;
const TAIL_LINES = 30;

/** Lets a process and those that it starts run only while nothing else wants to. @param {number} id */
function yieldToOthers(id) {
  try {
    setPriority(id, BACKGROUND_PRIORITY);
    // Linux weighs sessions first, and processes only against those of their own session.
    writeFileSync(`/proc/${id}/autogroup`, String(BACKGROUND_PRIORITY));
  } catch {
    // It has ended already, or this system does not weigh sessions.
  }
}

/**
 * Runs a program to its end, in a process group of its own: Ctrl-C reaches whoever started this, and that decides.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} options.isBackground
 * @param {AbortSignal | undefined} options.signal ends it
 * @param {string} options.failure the message if it fails
 * @param {(line: string) => void} [options.onLine] gets each line that it prints
 * @returns {Promise<void>}
 */
export function runWatched(
  program,
  args,
  { cwd, env = process.env, isBackground, signal, failure, onLine = () => {} },
) {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (isBackground && child.pid !== undefined) yieldToOthers(child.pid);
    // ninja passes this on to the compilers that it runs, and takes away what they have not finished.
    const end = () => child.kill('SIGTERM');
    process.once('exit', end);
    signal?.addEventListener('abort', end);

    /** @type {string[]} */
    const tail = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        onLine(line);
      });
    }
    const finish = (/** @type {() => void} */ settle) => {
      process.off('exit', end);
      signal?.removeEventListener('abort', end);
      settle();
    };
    child.on('error', (error) => finish(() => reject(new StepFailed(failure, error.message))));
    child.on('close', (code) =>
      finish(() => {
        if (code === 0) resolve();
        else if (signal?.aborted) reject(signal.reason);
        else reject(new StepFailed(failure, tail.join('\n')));
      }),
    );
  });
}
