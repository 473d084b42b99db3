// npm run build:media-worker: gets the program that forwards the media of group calls, by building it if need be, and says
// what is in the way. npm start does the same in the background.
import { ensureMediaWorker } from './lib/media-worker/progress.mjs';
import { ensureNode } from './lib/node.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { printFailure } from './lib/step.mjs';

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  // Leaving by exit() ends the compilers.
  process.on(signal, () => process.exit(code));
}

try {
  await ensurePackages();
  console.log(await ensureMediaWorker(await ensureNode()));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
