import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { killLeftovers, markedEnvironment } from './leftovers.mjs';
import { ROOT } from './paths.mjs';
import { readVitestReport } from './vitest-report.mjs';

/** @typedef {import('./stages.mjs').Stage} Stage */
/** @typedef {import('./vitest-report.mjs').Counts} Counts */

/**
 * Runs a command to its end, or to its time limit, with its output shown, and ends whatever it leaves behind.
 *
 * @param {string} node
 * @param {readonly string[]} command
 * @param {number} limitMs
 * @returns {Promise<string>} '' if it succeeded, otherwise how it ended
 */
function runCommand(node, command, limitMs) {
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

    let isTooLong = false;
    const limit = setTimeout(() => {
      isTooLong = true;
      endAll();
    }, limitMs);

    /** @param {string} outcome */
    const finish = (outcome) => {
      clearTimeout(limit);
      endAll();
      process.off('exit', endAll);
      resolve(outcome);
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => {
      if (isTooLong) finish(`took longer than ${limitMs / 60_000} minutes`);
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
    const outcome = await runCommand(node, stage.command(), limitMs);
    return outcome === ''
      ? { passed: 1, failed: 0, skipped: 0, failures: [] }
      : { passed: 0, failed: 1, skipped: 0, failures: [outcome] };
  }
  const directory = mkdtempSync(join(tmpdir(), 'visavis-test-'));
  try {
    const report = join(directory, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const outcome = await runCommand(node, [...stage.command(), ...reporters, ...filters], limitMs);
    return readVitestReport(report, outcome);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
