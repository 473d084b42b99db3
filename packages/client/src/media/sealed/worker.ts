import { startCryptoWorker, startMember } from '@visavis/encryption/worker';
import { realTimers } from '../../timers.ts';

/*
 * The crypto worker of a call, and in it the member of the call's group that makes its keys: until that is in, nothing passes.
 */
startCryptoWorker(
  globalThis,
  // A worker's page is the only one to hear it: there is no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  (report) => globalThis.postMessage(report),
  { now: () => performance.now(), after: (delayMs, callback) => realTimers.after(delayMs, callback) },
  startMember,
);
