import {
  codecOf,
  createSealedMedia,
  type SealedMedia,
  slotsOf,
  startCryptoWorker,
} from '@visavis/client/sealed';
import type { Transports } from '@visavis/client';
import type { TestKeys } from '../encryption/testWorker.ts';

/** A seal whose keys the test gives: both ends have the same one, and each load of a page is a leaf of its own. */
export interface TestSeal {
  readonly media: SealedMedia;
  readonly transports: Transports;
  /** Whose frames are let in from now on. */
  bindTo(leaf: number): void;
  close(): void;
}

const LEAF_KEY = 'leaf';

/** The caller has the even leaves, the callee the odd ones: the next of them with each load, as counters begin anew. */
function takeLeaf(polite: boolean): number {
  const last = sessionStorage.getItem(LEAF_KEY);
  const leaf = last === null ? Number(polite) : Number(last) + 2;
  sessionStorage.setItem(LEAF_KEY, String(leaf));
  return leaf;
}

export function openTestSeal(polite: boolean): TestSeal {
  const raw = new Worker('/testWorker.js');
  const worker = startCryptoWorker({ onFailed: () => {}, createWorker: () => raw });
  const baseKey = new Uint8Array(16).fill(7);
  const keys: TestKeys = { testKeys: true, epoch: 1n, leaf: takeLeaf(polite), send: baseKey, open: baseKey };
  // A worker has no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  raw.postMessage(keys);
  const bindTo = (leaf: number): void => {
    for (const source of ['microphone', 'camera'] as const) {
      const codec = codecOf(source);
      worker.bindTrack(source, { device: `device ${leaf}`, slots: slotsOf(source), codec });
    }
  };
  bindTo(Number(!polite));
  // Who signs what is not what this is about.
  const transports: Transports = { sign: () => Promise.resolve(null), check: () => Promise.resolve(true) };
  return { media: createSealedMedia(worker), transports, bindTo, close: () => worker.close() };
}
