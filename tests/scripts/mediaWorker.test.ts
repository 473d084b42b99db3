import { EventEmitter, once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { alone } from '../../scripts/lib/media-worker/lock.mjs';
import { findWorker } from '../../scripts/lib/media-worker/obtain.mjs';
import { runWatched } from '../../scripts/lib/media-worker/programs.mjs';
import { PATCHES, listSources } from '../../scripts/lib/media-worker/recipe.mjs';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'visavis-worker-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

/** A promise to be kept by the test. */
function later(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const kept = new EventEmitter();
  const promise = once(kept, 'kept').then(() => {});
  return { promise, resolve: () => kept.emit('kept') };
}

const quiet = { signal: undefined, onProgress: () => {} };

test('the recipe knows the sources of the mediasoup that is installed', () => {
  const sources = listSources();
  expect(sources).toContain('src/main.cpp');
  expect(sources).toContain('src/DepLibWebRTC.cpp');
  expect(sources).toContain('deps/libwebrtc/libwebrtc/call/rtp_transport_controller_send.cc');
  expect(new Set(sources).size).toBe(sources.length);
  for (const { file } of PATCHES) expect(sources).toContain(file);
});

describe('a worker that is named', () => {
  test('is used where it runs', async () => {
    const binary = join(directory, 'worker');
    await writeFile(binary, '#!/bin/sh\nexit 41\n');
    await chmod(binary, 0o755);
    vi.stubEnv('VISAVIS_MEDIA_WORKER', binary);
    expect(findWorker()).toBe(binary);
  });

  test('and does not run is a failure that says so', () => {
    vi.stubEnv('VISAVIS_MEDIA_WORKER', join(directory, 'none'));
    expect(() => findWorker()).toThrow(/which is no media worker that runs here/);
  });

  test('can be none', () => {
    vi.stubEnv('VISAVIS_MEDIA_WORKER', 'off');
    expect(() => findWorker()).toThrow(/switched off/);
  });
});

describe.runIf(process.platform === 'linux')('one at a time', () => {
  test('who comes second waits for the first and sees its progress', async () => {
    const order: string[] = [];
    const { promise: isSeen, resolve: see } = later();
    const first = alone(directory, quiet, async (onProgress) => {
      order.push('first begins');
      onProgress(3, 7);
      await isSeen;
      order.push('first ends');
    });
    const onProgress = (done: number, total: number): void => {
      order.push(`${String(done)} of ${String(total)}`);
      see();
    };
    await alone(directory, { signal: undefined, onProgress }, async () => {
      order.push('second');
    });
    await first;
    expect(order).toEqual(['first begins', '3 of 7', 'first ends', 'second']);
  });

  test('nobody waits for a process that was killed', async () => {
    const lock = new URL('../../scripts/lib/media-worker/lock.mjs', import.meta.url).href;
    const script = `import { alone } from ${JSON.stringify(lock)};
      await alone(${JSON.stringify(directory)}, { onProgress() {} }, () => {
        console.log('mine');
        return new Promise(() => setInterval(() => {}, 1000));
      });`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const second = alone(directory, quiet, async () => 'mine now');
    holder.kill('SIGKILL');
    expect(await second).toBe('mine now');
  });

  test('whoever gives up waiting is let go', async () => {
    const { promise, resolve } = later();
    const first = alone(directory, quiet, async () => promise);
    const giveUp = new AbortController();
    const second = alone(directory, { ...quiet, signal: giveUp.signal }, async () => 'never');
    giveUp.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    resolve();
    await first;
  });
});

test('a program that is watched ends when it is told to', async () => {
  const stop = new AbortController();
  const running = runWatched('sleep', ['1000'], {
    isBackground: true,
    signal: stop.signal,
    failure: 'It failed.',
  });
  stop.abort(new Error('stopped'));
  await expect(running).rejects.toThrow('stopped');
});
