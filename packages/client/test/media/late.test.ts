import { describe, expect, test } from 'vitest';
import { createDirectMedia, createForwardedMedia, type CallMediaCode } from '../../src/media/late/index.ts';
import type { DirectMedia, ForwardedMedia } from '../../src/media/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { NO_SEALED_MEDIA, settle } from './fakeSfu.ts';

const TRACKS = { audio: null, video: null, screen: null, screenSound: null };
const FLOWING = { flow: 'flowing', gaveUp: false };

/** Code that the test lets come, or fail to, and media that say what is asked of them. */
function createCode() {
  const log: string[] = [];
  const loads: { come(): void; fail(): void }[] = [];
  const said = {
    get: (_: object, name: string | symbol) =>
      name === 'getState' ? () => FLOWING : () => void log.push(String(name)),
  };
  const code: CallMediaCode = {
    createDirectMedia: () => new Proxy<DirectMedia>({} as DirectMedia, said),
    createForwardedMedia: () => new Proxy<ForwardedMedia>({} as ForwardedMedia, said),
  };
  const load = (): Promise<CallMediaCode> =>
    new Promise((resolve, reject) => {
      loads.push({
        come: () => resolve(code),
        fail: () => reject(new TypeError('not loaded')),
      });
    });
  return { log, loads, load };
}

function forwarded() {
  const timers = createVirtualTimers();
  const states: { readonly gaveUp: boolean }[] = [];
  const { log, loads, load } = createCode();
  const media = createForwardedMedia(
    {
      callId: 'call',
      request: () => Promise.reject(new Error('nothing is asked')),
      local: TRACKS,
      seal: { media: NO_SEALED_MEDIA, bindTrack: () => {}, removeTrack: () => {} },
      loadIceServers: () => Promise.resolve([]),
      onChange: (state) => void states.push(state),
      timers,
    },
    load,
  );
  return { media, timers, states, log, loads };
}

function direct() {
  const timers = createVirtualTimers();
  const states: { readonly gaveUp: boolean }[] = [];
  const { log, loads, load } = createCode();
  const transports = { sign: () => Promise.resolve(null), check: () => Promise.resolve(true) };
  const media = createDirectMedia(
    {
      polite: true,
      local: TRACKS,
      seal: { media: NO_SEALED_MEDIA, transports },
      loadIceServers: () => Promise.resolve([]),
      sendSignal: () => {},
      onChange: (state) => void states.push(state),
      policy: { relayOnly: false },
      timers,
    },
    load,
  );
  return { media, timers, states, log, loads };
}

describe('media whose code is not there yet', () => {
  test('forwarded: do in order what they were asked once it is, and everything after that at once', async () => {
    const { media, log, loads } = forwarded();
    media.setTracks(TRACKS);
    media.start();
    media.handleNotice({ type: 'media_lost', callId: 'call', payload: {} });
    expect(media.getState()).toMatchObject({ flow: 'connecting', gaveUp: false });
    expect(await media.getStats()).toBeNull();
    expect(log).toEqual([]);
    loads[0]?.come();
    await settle();
    expect(log).toEqual(['setTracks', 'start', 'handleNotice']);
    media.refresh();
    expect(log.at(-1)).toBe('refresh');
    expect(media.getState()).toEqual(FLOWING);
    media.close();
    expect(log.at(-1)).toBe('close');
  });

  test('NEG3 direct: handle a signal after what was asked before it', async () => {
    const { media, log, loads } = direct();
    media.prepare();
    media.accept();
    media.handleSignal({ type: 'offer', payload: { connectionId: 'one', sdp: 'v=0' } });
    expect(media.getState()).toMatchObject({ flow: 'connecting', remoteStream: null });
    expect(media.getCounters().connections).toBe(0);
    loads[0]?.come();
    await settle();
    expect(log).toEqual(['prepare', 'accept', 'handleSignal']);
    media.offer();
    expect(log.at(-1)).toBe('offer');
  });

  test.each([
    ['direct', direct],
    ['forwarded', forwarded],
  ] as const)('NEG4 %s: try again where it does not come, and give up after 60 s', async (_, make) => {
    const { media, timers, states, loads } = make();
    for (let tries = 0; tries < 100 && states.length === 0; tries += 1) {
      loads.at(-1)?.fail();
      await settle();
      timers.advance(7_000);
    }
    expect(loads.length).toBeGreaterThan(5);
    expect(loads.length).toBeLessThan(100);
    expect(states).toEqual([expect.objectContaining({ gaveUp: true })]);
    expect(media.getState().gaveUp).toBe(true);
  });

  test.each([
    ['direct', direct],
    ['forwarded', forwarded],
  ] as const)('%s: are not made any more once they are closed', async (_, make) => {
    const { media, log, loads } = make();
    media.restart();
    media.close();
    loads[0]?.come();
    await settle();
    expect(log).toEqual([]);
  });
});
