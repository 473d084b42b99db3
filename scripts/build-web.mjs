// The web client, built anew whether or not anything has changed: a test of the build itself.
import { printFailure } from './lib/step.mjs';
import { buildWebClient } from './lib/web-client.mjs';

try {
  process.stdout.write(await buildWebClient(process.execPath));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
