// npm run benchmark: measures what the project promises. `npm run benchmark -- setup ringing` runs those only.
import { spawn } from 'node:child_process';

import { ensureBrowsers, ensureJanus } from './lib/programs.mjs';
import { killLeftovers, markedEnvironment } from './lib/leftovers.mjs';
import { ensureMediaWorker } from './lib/media-worker/progress.mjs';
import { ensureNode } from './lib/node.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT, inRoot } from './lib/paths.mjs';
import { StepFailed, printFailure } from './lib/step.mjs';
import { ensureWebClient } from './lib/web-client.mjs';

/** @param {string} node @param {readonly string[]} args @returns {Promise<number>} */
function runBenchmarks(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      node,
      ['--disable-warning=ExperimentalWarning', inRoot('benchmarks', 'main.ts'), ...args],
      {
        cwd: ROOT,
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: process.platform !== 'win32',
        env: markedEnvironment({}),
      },
    );
    const endAll = () => killLeftovers(child.pid);
    process.once('exit', endAll);
    child.on('error', reject);
    child.on('exit', (code) => {
      endAll();
      process.off('exit', endAll);
      resolve(code ?? 1);
    });
  });
}

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  // Leaving by exit() lets what is running be cleaned away.
  process.on(signal, () => process.exit(code));
}

/** What is measured through the media server. */
const FORWARDED = ['forwarding', 'detour', 'joining', 'tiles'];

/** What `forwarding` compares with; without it that benchmark does its half. */
async function ensureCompared() {
  try {
    await ensureJanus();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.log(error.message);
  }
}

try {
  await ensurePackages();
  const node = await ensureNode();
  await ensureBrowsers();
  await ensureWebClient(node);
  const names = process.argv.slice(2).filter((name) => /^[a-z]/.test(name));
  const wants = (/** @type {string} */ name) => names.length === 0 || names.includes(name);
  if (FORWARDED.some((name) => wants(name)))
    process.env['VISAVIS_MEDIA_WORKER_BIN'] ??= await ensureMediaWorker(node);
  if (wants('forwarding')) await ensureCompared();
  process.exitCode = await runBenchmarks(node, process.argv.slice(2));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
