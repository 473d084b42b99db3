import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compressTexts } from '../../scripts/lib/compress.mjs';

const TEXT = 'the same again, '.repeat(500);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-compress-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), TEXT);
  await writeFile(join(folder, 'assets', 'app.js'), TEXT);
  await writeFile(join(folder, 'assets', 'tiny.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'sound.wav'), TEXT);
});
afterAll(async () => rm(folder, { recursive: true }));

test('texts of a build are compressed, in folders too; small ones and what is no text are left alone', async () => {
  expect(compressTexts(folder).toSorted()).toEqual([
    join(folder, 'assets', 'app.js'),
    join(folder, 'index.html'),
  ]);
  expect((await readdir(join(folder, 'assets'))).toSorted()).toEqual([
    'app.js',
    'app.js.br',
    'app.js.gz',
    'sound.wav',
    'tiny.js',
  ]);
  for (const file of ['index.html', 'assets/app.js']) {
    expect(gunzipSync(await readFile(join(folder, `${file}.gz`))).toString()).toBe(TEXT);
    expect(brotliDecompressSync(await readFile(join(folder, `${file}.br`))).toString()).toBe(TEXT);
  }
});
