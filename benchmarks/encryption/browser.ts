import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { DeviceRequest } from '@visavis/call';
import { bundleForPage, bundleForWorker, serveScript } from '../../tests/harness/bundle.ts';
import { launchChromium } from '../../tests/e2e/encryption/ends.ts';
import { answerOf, eventOf, saidOf } from '../../tests/e2e/encryption/serverInTest.ts';
import { ModelDelivery } from '../../packages/encryption/test/modelDelivery.ts';
import { createTestSigner } from '../../packages/encryption/test/testSigner.ts';
import { createVirtualClock } from '../../packages/encryption/test/virtualClock.ts';
import type { GroupTimes, SignRequest, StartGroup } from './groupWorker.ts';
import type { FlowFacts, Kind } from './inPage.ts';
import type { VideoCodec } from './pair.ts';

/** The id of the group that the worker plays. */
const GROUP = 'call 0';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A page with a pair of connections in it, and what the benchmark does to it. */
export interface Bench {
  prepare(kind: Kind, codec: VideoCodec): Promise<void>;
  /** @returns ms until the first picture is decoded */
  answer(): Promise<number>;
  forget(): Promise<void>;
  read(): Promise<FlowFacts>;
  close(): Promise<void>;
  /** Processor time that the page's process, with its workers, has used so far, in ms. */
  processorMs(): Promise<number>;
  /** A group of MLS in a worker. */
  playGroup(rounds: number): Promise<GroupTimes>;
  dispose(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const [script, test, product, group] = await Promise.all([
    bundleForPage(at('inPage.ts'), 'encryption'),
    bundleForWorker(at('../../tests/e2e/encryption/testWorker.ts')),
    bundleForWorker(at('../../packages/client/src/media/sealed/worker.ts')),
    bundleForWorker(at('groupWorker.ts')),
  ]);
  const workers = { '/testWorker.js': test, '/productWorker.js': product, '/groupWorker.js': group };
  const served = await serveScript(script, workers);
  const browser = await launchChromium();
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  let delivery: ModelDelivery | null = null;
  let requests = 0;
  await page.exposeFunction('askServer', (device: string, request: DeviceRequest) => {
    requests += 1;
    delivery?.enter(device);
    return new Promise((resolve) =>
      delivery?.ask(device, saidOf(request), requests, (heard) => resolve(answerOf(heard))),
    );
  });
  const signer = createTestSigner(new Uint8Array(Buffer.from('server')));
  await page.exposeFunction('signProposal', ({ epoch, add, remove }: Unsigned) => {
    const place = { groupId: new Uint8Array(Buffer.from(GROUP)), epoch: BigInt(epoch) };
    const message =
      add === null ? signer.proposeRemove(place, remove ?? 0) : signer.proposeAdd(place, new Uint8Array(add));
    return [...message];
  });
  await page.goto(served.url);
  const run = <Result>(call: string): Promise<Result> => page.evaluate<Result>(`encryption.${call}`);

  return {
    async prepare(kind, codec) {
      delivery = await ModelDelivery.start(createVirtualClock(), (device, heard) => {
        const event = { seq: 1, callId: 'call', ...eventOf(heard) };
        void run(`hear(${JSON.stringify(device)}, ${JSON.stringify(event)})`);
      });
      await run(`prepare('${kind}', '${codec}')`);
    },
    answer: () => run('answer()'),
    forget: () => run('forget()'),
    read: () => run('read()'),
    close: () => run('close()'),
    processorMs: () => rendererMs(browser),
    playGroup: (rounds) => playGroup(page, rounds, [...signer.key.signatureKey]),
    async dispose() {
      await browser.close();
      await served.close();
    },
  };
}

/** A request of the worker as it comes over the browser's protocol. */
interface Unsigned {
  readonly epoch: number;
  readonly add: readonly number[] | null;
  readonly remove: number | null;
}
declare global {
  var signProposal: (unsigned: Unsigned) => Promise<number[]>;
}

const playGroup = (page: Page, rounds: number, senderKey: readonly number[]): Promise<GroupTimes> =>
  page.evaluate(
    ([count, name, key]) =>
      new Promise<GroupTimes>((resolve, reject) => {
        const worker = new Worker('/groupWorker.js');
        worker.addEventListener('error', ({ message }) => reject(new Error(message)));
        worker.addEventListener('message', ({ data }: MessageEvent<SignRequest | GroupTimes>) => {
          if ('commit' in data) {
            worker.terminate();
            return resolve(data);
          }
          const { number, epoch, add, remove } = data;
          void signProposal({ epoch, add: add === null ? null : [...add], remove }).then((message) =>
            // A worker has no origin to name.
            // oxlint-disable-next-line unicorn/require-post-message-target-origin
            worker.postMessage({ number, message: new Uint8Array(message) }),
          );
        });
        const start: StartGroup = { rounds: count, group: name, senderKey: new Uint8Array(key) };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(start);
      }),
    [rounds, GROUP, senderKey] as const,
  );

/** The browser has one page, so that its busiest process of this kind is the page's. */
async function rendererMs(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const times = processInfo.filter(({ type }) => type === 'renderer').map(({ cpuTime }) => cpuTime);
  return Math.max(...times) * 1_000;
}
