import { afterEach, describe, expect, it, vi } from 'vitest';
import { canShareScreen, openScreen, type ScreenShare } from '../../src/media/index.ts';

class Track extends EventTarget {
  readonly kind: 'audio' | 'video';
  contentHint = '';
  isStopped = false;
  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.isStopped = true;
  }
}

/** A browser that asks, and gives what the test says. */
function browser(answer: readonly Track[] | Error) {
  const asked: unknown[] = [];
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getDisplayMedia(options: unknown) {
        asked.push(options);
        if (answer instanceof Error) return Promise.reject(answer);
        const of = (kind: string) => () => answer.filter((track) => track.kind === kind);
        return Promise.resolve({ getVideoTracks: of('video'), getAudioTracks: of('audio') });
      },
    },
  });
  return asked;
}
async function share(): Promise<ScreenShare> {
  const opened = await openScreen();
  if (typeof opened === 'string') throw new Error(opened);
  return opened;
}
const named = (name: string): Error => Object.assign(new Error(name), { name });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a shared screen', () => {
  it('is asked for with its sound, at 1080 lines and 15 pictures a second, without what this page plays', async () => {
    const asked = browser([new Track('video')]);
    await share();
    expect(asked).toMatchObject([
      {
        video: { height: { max: 1_080 }, frameRate: { max: 15 } },
        audio: { echoCancellation: false, noiseSuppression: false, restrictOwnAudio: true },
        systemAudio: 'include',
        selfBrowserSurface: 'exclude',
      },
    ]);
  });

  it('stays sharp where text is, and its sound is no voice', async () => {
    const [video, audio] = [new Track('video'), new Track('audio')];
    browser([video, audio]);
    await share();
    expect([video.contentHint, audio.contentHint]).toEqual(['detail', 'music']);
  });

  it('has no sound where the browser or the person gives none', async () => {
    browser([new Track('video')]);
    expect((await share()).audio).toBeNull();
  });

  it('that is ended by the browser’s own bar says so once, and its sound ends with it', async () => {
    const [video, audio] = [new Track('video'), new Track('audio')];
    browser([video, audio]);
    const shared = await share();
    let ends = 0;
    shared.onEnded(() => (ends += 1));
    video.dispatchEvent(new Event('ended'));
    video.dispatchEvent(new Event('ended'));
    expect([ends, audio.isStopped]).toEqual([1, true]);
  });

  it('that is closed here ends with its sound, and does not say so', async () => {
    const [video, audio] = [new Track('video'), new Track('audio')];
    browser([video, audio]);
    const shared = await share();
    let ends = 0;
    shared.onEnded(() => (ends += 1));
    shared.close();
    video.dispatchEvent(new Event('ended'));
    expect([ends, video.isStopped, audio.isStopped]).toEqual([0, true, true]);
  });

  it.each([
    ['cancelled', named('NotAllowedError')],
    ['failed', named('NotReadableError')],
    ['failed', []],
  ] as const)('%s: %s', async (failure, answer) => {
    browser(answer);
    expect(await openScreen()).toBe(failure);
  });

  it('is not offered where the browser has none', async () => {
    vi.stubGlobal('navigator', { mediaDevices: {} });
    expect([canShareScreen(), await openScreen()]).toEqual([false, 'unsupported']);
  });
});
