import { fileURLToPath } from 'node:url';
import { createLog, createMediasoupSfu, systemClock, type Sfu } from '@visavis/server';
import {
  fromOpened,
  fromReceived,
  toCapabilities,
  toParameters,
} from '../../apps/server/src/groups/mediaShapes.ts';
import { listLanAddresses } from '../../apps/server/src/lan/index.ts';
import { launchChromium } from '../../tests/e2e/encryption/ends.ts';
import { bundleForPage, bundleForWorker, serveScript } from '../../tests/harness/bundle.ts';
import { until } from '../../tests/harness/until.ts';
import type { FlowFacts, SfuRequest, Way } from './inPage.ts';

const CALL = 'detour';
const BASE_PORT = 46_100;
const CAPACITY = 1_000;

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A page in which sound and pictures go from one end to another. */
export interface Bench {
  start(way: Way): Promise<void>;
  forget(): Promise<void>;
  read(): Promise<FlowFacts>;
  /** Closes both ends, and the call at the media server. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const [script, worker] = await Promise.all([
    bundleForPage(at('inPage.ts'), 'detour'),
    bundleForWorker(at('../../tests/e2e/encryption/testWorker.ts')),
  ]);
  const served = await serveScript(script, { '/testWorker.js': worker });
  const sfu = createMediasoupSfu(
    {
      source: { kind: 'binary', path: process.env['VISAVIS_MEDIA_WORKER_BIN'] ?? '' },
      workers: 1,
      basePort: BASE_PORT,
      addresses: () => ['127.0.0.1', ...listLanAddresses()].map((ip) => ({ ip, announced: null })),
      capacity: CAPACITY,
      pipeListen: null,
    },
    { clock: systemClock, log: createLog('silent') },
  );
  await until('the media worker listens', () => sfu.state().name === 'ready');
  const browser = await launchChromium();
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.exposeFunction('askSfu', (device: string, request: SfuRequest) => ask(sfu, device, request));
  await page.goto(served.url);
  const run = <Result>(call: string): Promise<Result> => page.evaluate<Result>(`detour.${call}`);
  return {
    start: (way) => run(`start('${way}')`),
    forget: () => run('forget()'),
    read: () => run('read()'),
    async stop() {
      await run('close()');
      await sfu.end(CALL);
    },
    async dispose() {
      await browser.close();
      await sfu.close();
      await served.close();
    },
  };
}

/** What the product's server does with it, without a call in which to look whether it may. */
async function ask(sfu: Sfu, device: string, request: SfuRequest): Promise<unknown> {
  const others = (): readonly string[] =>
    sfu.tracks(CALL).flatMap((track) => (track.deviceId === device ? [] : [track.trackId]));
  switch (request.type) {
    case 'open': {
      const rtpCapabilities = toCapabilities(request.rtpCapabilities);
      return fromOpened(await sfu.open(CALL, device, { rtpCapabilities }), []);
    }
    case 'connect':
      return sfu.connect(CALL, device, request.transportId, request.dtlsParameters);
    case 'publish': {
      const { transportId, source, rtpParameters } = request;
      const { trackId } = await sfu.publish(CALL, device, {
        transportId,
        source,
        kind: source === 'camera' ? 'video' : 'audio',
        rtpParameters: toParameters(rtpParameters),
        paused: false,
      });
      return trackId;
    }
    case 'receive':
      return fromReceived(await sfu.receive(CALL, device, others()));
    case 'prefer':
      return sfu.prefer(
        CALL,
        device,
        others().map((trackId) => ({
          trackId,
          paused: false,
          spatialLayer: null,
          temporalLayer: null,
          priority: 1,
        })),
      );
  }
}
