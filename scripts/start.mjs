// npm start: installs and builds what is missing, then runs the server. Plain JavaScript without packages, because it
// runs on a bare machine with Node 20; the server itself needs a newer Node, which this fetches.
import { provideWorker } from './lib/media-worker/background.mjs';
import { ensureNode } from './lib/node.mjs';
import { formatHelp, readOptions } from './lib/options.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { runServer } from './lib/server.mjs';
import { printFailure } from './lib/step.mjs';
import { ensureWebClient } from './lib/web-client.mjs';

async function main() {
  const args = process.argv.slice(2);
  const options = readOptions(args);
  if ('problem' in options) {
    console.error(`${options.problem}\nnpm start -- --help lists what there is.`);
    return 2;
  }
  if (options.isHelp) {
    console.log(formatHelp());
    return 0;
  }
  await ensurePackages();
  const node = await ensureNode();
  await ensureWebClient(node);
  const worker = provideWorker(node);
  try {
    return await runServer(node, args, { environment: worker.environment });
  } finally {
    await worker.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
