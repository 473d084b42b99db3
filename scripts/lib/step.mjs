import { performance } from 'node:perf_hooks';

/** Something that stops a command, in words for the person who ran it. */
export class StepFailed extends Error {
  /**
   * @param {string} message what could not be done, and what to do about it
   * @param {string} [detail] the end of what the failed program printed
   */
  constructor(message, detail = '') {
    super(message);
    this.detail = detail;
  }
}

/** @param {number} durationMs */
export const seconds = (durationMs) => `${(durationMs / 1000).toFixed(1)} s`;

/**
 * Does one piece of work and shows it as one line: what, and how long it took.
 *
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const startedAt = performance.now();
  const duration = () => seconds(performance.now() - startedAt);
  process.stdout.write(`${label} … `);
  try {
    const result = await work();
    process.stdout.write(`${duration()}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`failed after ${duration()}\n`);
    throw error;
  }
}

/** Prints why a command cannot go on. @param {unknown} error */
export function printFailure(error) {
  if (!(error instanceof StepFailed)) {
    console.error(error);
    return;
  }
  if (error.detail !== '') console.error(`\n${error.detail.replace(/^/gm, '    ')}\n`);
  console.error(error.message);
}
