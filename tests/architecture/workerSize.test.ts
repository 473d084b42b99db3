import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';

/** What end-to-end encryption may add to what a browser loads when a call starts. */
const MOST_BYTES = 60_000;
const WORKER = fileURLToPath(new URL('../../packages/client/src/media/sealed/worker.ts', import.meta.url));
const FRAMES = fileURLToPath(
  new URL('../../packages/encryption/src/worker/cryptoWorker.ts', import.meta.url),
);

/** Bytes of a module with everything it imports, minified and compressed as the server sends it. */
async function measure(code: string): Promise<number> {
  const bundle = await rolldown({
    input: 'entry',
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? '\0entry' : null),
        load: (id) => (id === '\0entry' ? code : null),
      },
    ],
  });
  try {
    const { output } = await bundle.generate({ format: 'es', minify: true });
    expect(output).toHaveLength(1);
    return gzipSync(output[0].code, { level: 9 }).length;
  } finally {
    await bundle.close();
  }
}

test(`the crypto worker with all of MLS is at most ${MOST_BYTES} bytes`, async () => {
  const frames = await measure(`export * from ${JSON.stringify(FRAMES)};`);
  const whole = await measure(`import ${JSON.stringify(WORKER)};`);
  process.stdout.write(`crypto worker, gzip: ${whole} bytes, ${frames} of them for frames\n`);
  expect(frames).toBeGreaterThan(2_000);
  expect(whole).toBeGreaterThan(frames + 10_000);
  expect(whole).toBeLessThanOrEqual(MOST_BYTES);
});
