import type { Page } from 'playwright-core';
import { serveScript, type ScriptPage } from '../../tests/harness/bundle.ts';
import { startChromium, type ChromiumBrowser } from '../../tests/harness/chromium.ts';
import { createPerson } from '../../tests/harness/person.ts';
import { startServer, type RunningServer } from '../../tests/harness/server.ts';
import { until } from '../../tests/harness/until.ts';
import { answerStock, type Counts, installPath, offerStock, takeAnswer } from './inPage.ts';
import { startPacketRelay, type PacketRelay } from './relay.ts';

/** Ana's camera and microphone come to Ben, who sends his microphone alone: two encoders of pictures are too much for two cores. */
export interface Call {
  /** What Ben has got. */
  read(): Promise<Counts>;
  close(): Promise<void>;
}

interface Stage {
  readonly relay: PacketRelay;
  callStock(): Promise<Call>;
  callProduct(): Promise<Call>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [relay, server, served] = await Promise.all([startPacketRelay(), startServer(), serveScript('')]);
  const [ana, ben] = await Promise.all([startChromium({ person: 'ana' }), startChromium({ person: 'ben' })]);
  const open = async (browser: ChromiumBrowser, index: 0 | 1) => {
    // Small: a large picture is drawn by the processor that encodes and decodes, too.
    const tab = await browser.newTab({ viewport: { width: 640, height: 480 } });
    const page = browser.browser.contexts().at(-1)?.pages()[0];
    if (page === undefined) throw new Error('the window has no page');
    await page.addInitScript(installPath, relay.addresses[index]);
    return { tab, page };
  };

  return {
    relay,
    async callStock() {
      const pages = [(await open(ana, 0)).page, (await open(ben, 1)).page] as const;
      for (const page of pages) await page.goto(served.url);
      const offer = await pages[0].evaluate(offerStock);
      const answer = await pages[1].evaluate(answerStock, offer);
      await pages[0].evaluate(takeAnswer, answer);
      return watch(pages);
    },
    async callProduct() {
      const windows = [await open(ana, 0), await open(ben, 1)] as const;
      const [caller, callee] = [createPerson(windows[0].tab, 'ana'), createPerson(windows[1].tab, 'ben')];
      for (const person of [caller, callee]) await person.signIn(server.url);
      await caller.call(callee);
      await callee.rings();
      await callee.tab.press('Answer');
      await callee.sees(caller);
      await callee.tab.press('Turn camera off');
      return watch([windows[0].page, windows[1].page]);
    },
    async close() {
      await Promise.all([ana.close(), ben.close()]);
      await disposeAll(server, served);
      relay.close();
    },
  };
}

async function disposeAll(server: RunningServer, served: ScriptPage): Promise<void> {
  await server.dispose();
  await served.close();
}

async function watch([sender, receiver]: readonly [Page, Page]): Promise<Call> {
  const read = (): Promise<Counts> => receiver.evaluate(() => lossCounts());
  await until('pictures and sound arrive', async () => {
    const counts = await read().catch(() => null);
    return counts !== null && counts.decoded > 10 && counts.samples > 0;
  });
  return {
    read,
    close: async () => void (await Promise.all([sender.context().close(), receiver.context().close()])),
  };
}
