import { startCryptoWorker } from '@visavis/encryption/worker';

/*
 * The crypto worker with a door that the product's has not: tests give it keys. Everything else is the product's.
 */

/** Keys of one epoch, as a test gives them; null for a direction that is to have none. */
export interface TestKeys {
  readonly testKeys: true;
  readonly epoch: bigint;
  readonly leaf: number;
  readonly send: Uint8Array<ArrayBuffer> | null;
  readonly open: Uint8Array<ArrayBuffer> | null;
}

const isTestKeys = (data: unknown): data is TestKeys =>
  typeof data === 'object' && data !== null && 'testKeys' in data;
const dataOf = (event: Event): unknown => ('data' in event ? event.data : null);

const keys = startCryptoWorker(
  {
    addEventListener: (type, listener) =>
      globalThis.addEventListener(type, (event) => {
        if (!isTestKeys(dataOf(event))) listener(event);
      }),
  },
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  (report) => globalThis.postMessage(report),
  {
    now: () => performance.now(),
    after(delayMs, callback) {
      const handle = setTimeout(callback, delayMs);
      return () => clearTimeout(handle);
    },
  },
);

/** Leaves that tests use, each that of a device with its name. */
const LEAVES = [...Array(16).keys()];
keys.knowMembers(LEAVES.map((leaf) => ({ device: `device ${leaf}`, leaf, firstEpoch: 0n })));

globalThis.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (!isTestKeys(event.data)) return;
  const { epoch, leaf, send, open } = event.data;
  const [port] = event.ports;
  void (async () => {
    if (open !== null) await keys.openWith({ epoch, baseKey: open });
    if (send !== null) await keys.sendWith({ epoch, leaf, baseKey: send });
    port?.postMessage('done');
  })();
});
