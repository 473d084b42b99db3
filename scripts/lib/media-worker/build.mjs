import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';

import { StepFailed } from '../step.mjs';
import { runWatched } from './programs.mjs';
import {
  BINARY,
  COMPILE_FLAGS,
  FLATC_FLAGS,
  LINK_FLAGS,
  MEDIASOUP,
  PATCHES,
  SHIMS,
  listSources,
} from './recipe.mjs';

/** One compiler takes up to this much for the largest of the worker's files. */
const BYTES_PER_COMPILER = 0.9 * 2 ** 30;
/** `@done/total@ ` before each line that ninja prints. */
const NINJA_STATUS = '@%f/%t@ ';
const NINJA_LINE = /^@(\d+)\/(\d+)@ /;

/** @typedef {{ isBackground: boolean, signal: AbortSignal | undefined, onProgress: (done: number, total: number) => void }} BuildOptions */

/**
 * Copies what is compiled: nothing in node_modules is changed, and a broken-off build goes on after another checkout
 * has begun it.
 *
 * @param {string} directory
 */
function copySources(directory) {
  const isCopied = join(directory, 'copied');
  if (existsSync(isCopied)) return;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, 'generated', 'FBS'), { recursive: true });
  cpSync(SHIMS, join(directory, 'shims'), { recursive: true });
  for (const name of ['src', 'include', 'deps', 'fbs']) {
    cpSync(join(MEDIASOUP, 'worker', name), join(directory, 'worker', name), { recursive: true });
  }
  for (const { file, from, to } of PATCHES) {
    const path = join(directory, 'worker', file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2)
      throw new StepFailed(`${file} of the media worker is not as expected.`);
    writeFileSync(path, text.replace(from, to));
  }
  writeFileSync(isCopied, '');
}

/** @param {string} source */
const objectOf = (source) => `objects/${source.replace(/\.\w+$/, '.o')}`;

/** The text of build.ninja. */
function ninjaFile() {
  const sources = listSources();
  return [
    'rule compile',
    `  command = g++ ${COMPILE_FLAGS.join(' ')} -MMD -MF $out.d -c $in -o $out`,
    '  description = $in',
    '  depfile = $out.d',
    '  deps = gcc',
    'rule link',
    `  command = g++ $in ${LINK_FLAGS.join(' ')} -s -o $out`,
    '  description = $out',
    ...sources.map((source) => `build ${objectOf(source)}: compile worker/${source}`),
    `build ${BINARY}: link ${sources.map(objectOf).join(' ')}`,
    `default ${BINARY}`,
    '',
  ].join('\n');
}

/** As many compilers as there are cores and room for. */
function jobs() {
  const room = Math.max(freemem(), totalmem() / 2);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(room / BYTES_PER_COMPILER)));
}

/**
 * Builds the worker from mediasoup's own source against the system's libraries. What an earlier, broken-off build in
 * the same folder has compiled is kept.
 *
 * @param {string} directory
 * @param {BuildOptions} options
 * @returns {Promise<string>} the binary
 */
export async function buildWorker(directory, { isBackground, signal, onProgress }) {
  copySources(directory);
  const failure = 'The media worker could not be built; the compiler says above why.';
  const run = { cwd: directory, isBackground, signal, failure };

  if (!existsSync(join(directory, 'generated', 'done'))) {
    const schemas = readdirSync(join(directory, 'worker', 'fbs')).filter((name) => name.endsWith('.fbs'));
    const files = schemas.map((name) => `worker/fbs/${name}`);
    await runWatched('flatc', [...FLATC_FLAGS, '-o', 'generated/FBS', ...files], run);
    writeFileSync(join(directory, 'generated', 'done'), '');
  }
  writeFileSync(join(directory, 'build.ninja'), ninjaFile());
  await runWatched('ninja', ['-j', String(jobs())], {
    ...run,
    env: { ...process.env, NINJA_STATUS },
    onLine: (line) => {
      const [, done, total] = NINJA_LINE.exec(line) ?? [];
      if (done !== undefined) onProgress(Number(done), Number(total));
    },
  });
  return join(directory, BINARY);
}
