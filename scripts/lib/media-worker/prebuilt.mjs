import { chmodSync, existsSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { BINARY, mediasoupVersion } from './recipe.mjs';

/** Where only package registries are reachable, this is how long finding out takes at most. */
const ANSWER_LIMIT_MS = 8_000;
const DOWNLOAD_LIMIT_MS = 120_000;

/** As mediasoup's own installation names it. */
function address() {
  const version = mediasoupVersion();
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  return `https://github.com/versatica/mediasoup/releases/download/${version}/mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`;
}

/**
 * Downloads the worker that mediasoup's authors have built for this kind of machine.
 *
 * @param {string} directory an empty one
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string | undefined>} the binary; undefined where it cannot be had
 */
export async function downloadWorker(directory, signal) {
  const answerLimit = new AbortController();
  const timer = setTimeout(() => answerLimit.abort(), ANSWER_LIMIT_MS);
  const signals = [answerLimit.signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS), ...(signal ? [signal] : [])];
  try {
    const response = await fetch(address(), { signal: AbortSignal.any(signals) });
    clearTimeout(timer);
    if (!response.ok || response.body === null) return undefined;
    const tar = spawn('tar', ['-xzf', '-', '-C', directory, BINARY], { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise((resolve, reject) => {
      tar.on('error', reject);
      tar.on('close', resolve);
    });
    await Promise.all([pipeline(Readable.fromWeb(response.body), tar.stdin), ended]);
    const binary = join(directory, BINARY);
    if (!existsSync(binary)) return undefined;
    chmodSync(binary, 0o755);
    return binary;
  } catch {
    // No connection, no such release, no tar: all the same here, there is another way.
    signal?.throwIfAborted();
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
