import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Tab } from '../tab.ts';
import { judgeTap, mostByChance, readTap } from './judge.ts';

/** A file for a server's tap. */
export interface Tap {
  readonly file: string;
  /** Fails where anything of what was tapped so far is a picture or a sound, or is not sealed; and where there was nothing. */
  expectNothing(tab: Tab, url: string): Promise<void>;
  remove(): Promise<void>;
}

export async function createTap(): Promise<Tap> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-tap-'));
  const file = join(folder, 'packets');
  return {
    file,
    async expectNothing(tab, url) {
      await tab.open(`${url}/healthz`);
      const verdict = await judgeTap(await readTap(file), (script) => tab.evaluate(script));
      await tab.close();
      process.stdout.write(`at the media server: ${JSON.stringify(verdict)}\n`);
      const { pictures, sounds, unsealed, frames } = verdict;
      expect([sounds.likely, unsealed]).toEqual([0, 0]);
      expect(pictures.likely).toBeLessThanOrEqual(mostByChance(frames.vp8));
      expect(frames.opus).toBeGreaterThan(0);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
