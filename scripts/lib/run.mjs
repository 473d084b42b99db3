import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';

import { ROOT } from './paths.mjs';
import { StepFailed } from './step.mjs';

/** Lines of a failed program's output that are shown: npm says first what is wrong, most others last. */
const HEAD_LINES = 12;
const TAIL_LINES = 28;

/** @param {string} output */
function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= HEAD_LINES + TAIL_LINES) return lines.join('\n');
  return [...lines.slice(0, HEAD_LINES), '…', ...lines.slice(-TAIL_LINES)].join('\n');
}

/**
 * Keeps a program from outliving a command that is told to stop.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} to call when the program has ended
 */
function stopTogether(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

/**
 * Runs a program to its end without showing what it prints, unless it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, failure: string }} options `failure`: the message if it fails
 * @returns {Promise<string>} what it printed
 */
export function runQuietly(program, args, { cwd = ROOT, env = process.env, failure }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = stopTogether(child);
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      ended();
      reject(new StepFailed(failure, error.message));
    });
    child.on('close', (code) => {
      ended();
      if (code === 0) resolve(output);
      else reject(new StepFailed(failure, excerpt(output)));
    });
  });
}

/**
 * Runs a program that is not stopped when this one is: it ends when it is done.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} failure the message if it fails
 * @returns {Promise<void>}
 */
export function runUnstoppably(program, args, failure) {
  return new Promise((resolve, reject) => {
    // Nothing is read from it: a pipe whose reader has gone would end it.
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.unref();
    child.on('error', (error) => reject(new StepFailed(failure, error.message)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new StepFailed(failure))));
  });
}

/**
 * Runs npm. The npm that started this command is used where there is one: it needs no shell, on Windows neither.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, failure: string }} options
 */
export function runNpm(args, options) {
  const path = process.env['npm_execpath'] ?? '';
  if (/^np[mx]-cli\.c?js$/.test(basename(path))) {
    return runQuietly(process.execPath, [path.replace(/npx-cli/, 'npm-cli'), ...args], options);
  }
  return runQuietly('npm', args, options);
}
