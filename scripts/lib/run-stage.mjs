import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { killLeftovers, markedEnvironment } from './leftovers.mjs';
import { ROOT } from './paths.mjs';
import { readVitestReport } from './vitest-report.mjs';

/** @typedef {import('./stages.mjs').Stage} Stage */
/** @typedef {import('./vitest-report.mjs').Counts} Counts */

/** How long Vitest may take to end once its report is written: it waits for ever for what a test has left open. */
const ENDING_LIMIT_MS = 30_000;

/**
 * Runs a command to its end, or to its time limit, with its output shown, and ends whatever it leaves behind.
 *
 * @param {string} node
 * @param {readonly string[]} command
 * @param {{ limitMs: number, report?: string }} options `report`: the file that is written last
 * @returns {Promise<string>} '' if it succeeded, otherwise how it ended
 */
function runCommand(node, command, { limitMs, report }) {
  return new Promise((resolve) => {
    const child = spawn(node, command, {
      cwd: ROOT,
      // Not even a terminal's input: a test that waits for somebody would wait for ever.
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      // What tests start as plain `node` is then the same Node.
      env: markedEnvironment({ PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }),
    });
    const endAll = () => killLeftovers(child.pid);
    process.once('exit', endAll);

    let reason = '';
    const endFor = (/** @type {string} */ why) => {
      reason = why;
      endAll();
    };
    const limit = setTimeout(endFor, limitMs, `took longer than ${limitMs / 60_000} minutes`);
    /** @type {NodeJS.Timeout | undefined} */
    let endingLimit;
    const watch = setInterval(() => {
      if (report === undefined || !existsSync(report)) return;
      clearInterval(watch);
      endingLimit = setTimeout(
        endFor,
        ENDING_LIMIT_MS,
        'did not end, because a test has left something open',
      );
    }, 1_000);

    /** @param {string} outcome */
    const finish = (outcome) => {
      clearTimeout(limit);
      clearTimeout(endingLimit);
      clearInterval(watch);
      endAll();
      process.off('exit', endAll);
      resolve(outcome);
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => {
      if (reason !== '') finish(reason);
      else if (code === 0) finish('');
      else finish(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
}

/**
 * @param {Stage} stage
 * @param {{ node: string, filters: readonly string[] }} options `filters`: for Vitest
 * @returns {Promise<Counts>}
 */
export async function runStage(stage, { node, filters }) {
  const { limitMs } = stage;
  if (stage.kind === 'check') {
    const outcome = await runCommand(node, stage.command(), { limitMs });
    return outcome === ''
      ? { passed: 1, failed: 0, skipped: 0, failures: [] }
      : { passed: 0, failed: 1, skipped: 0, failures: [outcome] };
  }
  const directory = mkdtempSync(join(tmpdir(), 'visavis-test-'));
  try {
    const report = join(directory, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const outcome = await runCommand(node, [...stage.command(), ...reporters, ...filters], {
      limitMs,
      report,
    });
    return readVitestReport(report, outcome);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
