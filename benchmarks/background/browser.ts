import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleForPage, bundleForWorker, serveScript } from '../../tests/harness/bundle.ts';
import { startChromium } from '../../tests/harness/chromium.ts';
import type { Facts, Kind } from './inPage.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = '@twilio/video-processors/dist/build/';
const require = createRequire(at('../../packages/client/package.json'));

/** A page with a drawn person in front of a camera of 1280×720, 30 pictures a second. */
export interface Bench {
  start(kind: Kind): Promise<void>;
  read(): Promise<Facts>;
  /** Takes the processor from it. */
  load(workers: number): Promise<void>;
  look(): Promise<Buffer>;
  stop(): Promise<void>;
  /** Processor time of all of the browser so far, in ms. */
  processorMs(): Promise<number>;
  dispose(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const [script, worker, wasm, model] = await Promise.all([
    bundleForPage(at('inPage.ts'), 'background'),
    bundleForWorker(at('../../packages/client/src/media/background/worker.ts')),
    readFile(require.resolve(`${PACKAGE}tflite-simd-1-0-0.wasm`)),
    readFile(require.resolve(`${PACKAGE}selfie_segmentation_landscape.tflite`)),
  ]);
  const served = await serveScript(script, {
    '/backgroundWorker.js': worker,
    '/loadWorker.js': 'for (;;) Math.sqrt(2);',
    '/tflite.wasm': wasm,
    '/model.tflite': model,
  });
  const chromium = await startChromium({ person: 'ana', camera: 'portrait' });
  const { browser } = chromium;
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(served.url);
  const run = <Value>(call: string): Promise<Value> => page.evaluate<Value>(`background.${call}`);
  return {
    start: (kind) => run(`start('${kind}')`),
    read: () => run('read()'),
    load: (workers) => run(`load(${workers})`),
    look: async () => Buffer.from((await run<string>('look()')).split(',')[1] ?? '', 'base64'),
    stop: () => run('stop()'),
    async processorMs() {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      await session.detach();
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0);
    },
    async dispose() {
      await chromium.close();
      await served.close();
    },
  };
}
