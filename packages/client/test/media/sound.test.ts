import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createCapture,
  DEFAULT_SOUND,
  isPlain,
  type Capture,
  type CaptureNotice,
  type CaptureShare,
  type SoundWishes,
} from '../../src/media/index.ts';
import type { DenoiseHandlers } from '../../src/media/denoise/graph.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { installFakeDevices, type FakeDevices } from './fakeDevices.ts';
import { soon } from '../soon.ts';

let fake: FakeDevices;
let capture: Capture;
let notices: CaptureNotice[];
let denoisers: { readonly id: string | undefined; readonly handlers: DenoiseHandlers }[];
let canLoad: boolean;
const timers = createVirtualTimers();

beforeEach(() => {
  fake = installFakeDevices();
  vi.stubGlobal(
    'HTMLMediaElement',
    class {
      setSinkId(): void {}
    },
  );
  notices = [];
  denoisers = [];
  canLoad = true;
  capture = createCapture({
    timers,
    onNotice: (notice) => notices.push(notice),
    openDenoiseGraph(source, handlers) {
      if (!canLoad) return Promise.reject(new Error('refused by the content policy'));
      denoisers.push({ id: source.getSettings().deviceId, handlers });
      const clean = source.clone();
      Object.defineProperty(clean, 'label', { value: 'clean' });
      const copy = clean.clone.bind(clean);
      clean.clone = () => Object.defineProperty(copy(), 'label', { value: 'clean' });
      return Promise.resolve({ track: clean, close: () => clean.stop() });
    },
  });
});
afterEach(() => {
  capture.close();
  expect(fake.tracks.size, 'nothing is left open').toBe(0);
  vi.unstubAllGlobals();
});

const sound = (change: Partial<SoundWishes>): SoundWishes => ({ ...DEFAULT_SOUND, ...change });
const idOf = (track: MediaStreamTrack | null): string | undefined => track?.getSettings().deviceId;

async function inCall(): Promise<CaptureShare> {
  const share = capture.open({ audio: true, video: false });
  await soon(() => expect(share.getState().audio).not.toBeNull());
  return share;
}
/** All tracks that a share has had to send, in order: what a call replaces one by the other. */
function sentOf(share: CaptureShare): (MediaStreamTrack | null)[] {
  const sent = [share.getState().audio];
  share.subscribe(() => {
    const { audio } = share.getState();
    if (audio !== sent.at(-1)) sent.push(audio);
  });
  return sent;
}
const asked = () => fake.asked.at(-1)?.audio;

describe('what the browser does with a voice', () => {
  test('is switched in a call without a moment in which there is no microphone', async () => {
    const share = await inCall();
    const sent = sentOf(share);
    share.setMuted(true);
    capture.setSound(sound({ noiseSuppression: false }));
    await soon(() => expect(sent).toHaveLength(2));
    expect(asked()).toEqual({
      deviceId: { exact: 'mic-1' },
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: true,
    });
    expect(sent).not.toContain(null);
    expect(share.getState()).toMatchObject({ muted: true, audio: { enabled: false }, problem: null });
    expect(notices).toEqual([]);
  });

  test('is all off for music', async () => {
    const share = await inCall();
    capture.setSound(sound({ mode: 'music' }));
    const off = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    await soon(() => expect(asked()).toMatchObject(off));
    await soon(() => expect(share.getState().opening).toBe(false));
  });

  test('is asked for once more when it was changed while the browser was asked', async () => {
    await inCall();
    fake.holds = true;
    capture.setSound(sound({ noiseSuppression: false }));
    await soon(() => expect(fake.answer).not.toBeNull());
    capture.setSound(sound({ noiseSuppression: true, echoCancellation: false }));
    fake.holds = false;
    fake.answer?.();
    await soon(() => expect(fake.asked).toHaveLength(3));
    expect(asked()).toMatchObject({ noiseSuppression: true, echoCancellation: false });
  });

  test('cannot be changed in one that is open: it goes on as it was, and that is said once', async () => {
    const share = await inCall();
    const before = share.getState().audio;
    fake.isExclusive = 'even itself';
    capture.setSound(sound({ echoCancellation: false }));
    await soon(() => expect(notices).toEqual([{ type: 'sound_kept' }]));
    expect(share.getState().audio).toBe(before);
    expect(share.getState().problem).toBeNull();
    expect(before?.readyState).toBe('live');
  });

  test('a microphone that vanishes in the middle of it: the next one takes its place', async () => {
    fake.add('audio', 'mic-2');
    const share = await inCall();
    fake.holds = true;
    capture.setSound(sound({ gainControl: false }));
    await soon(() => expect(fake.answer).not.toBeNull());
    fake.unplug('mic-1');
    fake.holds = false;
    fake.answer?.();
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-2'));
    await soon(() =>
      expect(notices).toEqual([{ type: 'changed', device: 'microphone', label: 'Label of mic-2' }]),
    );
    expect(asked()).toMatchObject({ autoGainControl: false });
  });

  test('what a browser cannot switch is told', () => {
    expect(capture.getState().switchable).toEqual({
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: false,
    });
  });
});

describe('strong noise suppression', () => {
  test('takes the place of the plain microphone in a call, and gives it back', async () => {
    const share = await inCall();
    const sent = sentOf(share);
    capture.setSound(sound({ mode: 'strong' }));
    await soon(() => expect(capture.getState().strongNoise).toBe('on'));
    expect(share.getState().audio?.label).toBe('clean');
    expect(share.getState().heard?.label).toBe('Label of mic-1');
    capture.setSound(sound({ mode: 'voice' }));
    await soon(() => expect(share.getState().audio?.label).toBe('Label of mic-1'));
    expect(sent).toHaveLength(3);
    expect(sent).not.toContain(null);
  });

  test('that does not load: the plain microphone goes on, and that is said', async () => {
    canLoad = false;
    const share = await inCall();
    const before = share.getState().audio;
    capture.setSound(sound({ mode: 'strong' }));
    await soon(() => expect(notices).toEqual([{ type: 'strong_noise_failed' }]));
    expect(capture.getState().strongNoise).toBe('failed');
    expect(share.getState().audio).toBe(before);
    expect(before?.readyState).toBe('live');
  });

  test('that dies in a call: the plain microphone takes over at once, muted as it was', async () => {
    const share = await inCall();
    capture.setSound(sound({ mode: 'strong' }));
    await soon(() => expect(share.getState().audio?.label).toBe('clean'));
    share.setMuted(true);
    denoisers[0]?.handlers.onDied();
    expect(share.getState().audio).toMatchObject({ label: 'Label of mic-1', enabled: false });
    expect(notices).toEqual([{ type: 'strong_noise_failed' }]);
  });

  test('follows to another microphone', async () => {
    fake.add('audio', 'mic-2');
    const share = await inCall();
    capture.setSound(sound({ mode: 'strong' }));
    await soon(() => expect(share.getState().audio?.label).toBe('clean'));
    capture.chooseMicrophone('mic-2');
    await soon(() => expect(denoisers.map(({ id }) => id)).toEqual(['mic-1', 'mic-2']));
    await soon(() => expect(share.getState().audio?.label).toBe('clean'));
    expect(idOf(share.getState().audio)).toBe('mic-2');
  });
});

describe('headphones', () => {
  test('that were chosen, pulled and put back: out and back again, said both times', async () => {
    fake.add('audio', 'headset');
    capture.chooseMicrophone('headset');
    const share = await inCall();
    expect(idOf(share.getState().audio)).toBe('headset');
    fake.unplug('headset');
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-1'));
    fake.plug('audio', 'headset');
    await soon(() => expect(idOf(share.getState().audio)).toBe('headset'));
    const changes = notices.filter(({ type }) => type === 'changed');
    expect(changes).toEqual([
      { type: 'changed', device: 'microphone', label: 'Label of mic-1' },
      { type: 'changed', device: 'microphone', label: 'Label of headset' },
    ]);
  });

  test('that come back after the person has chosen another: the choice stands', async () => {
    fake.add('audio', 'mic-2');
    fake.add('audio', 'headset');
    capture.chooseMicrophone('headset');
    const share = await inCall();
    fake.unplug('headset');
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-1'));
    capture.chooseMicrophone('mic-2');
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-2'));
    fake.plug('audio', 'headset');
    await soon(() => expect(capture.getState().microphones).toHaveLength(3));
    await soon(() => expect(notices.at(-1)).toMatchObject({ type: 'available', id: 'headset' }));
    expect(idOf(share.getState().audio)).toBe('mic-2');
  });

  test('that the system turns to are followed where the system’s microphone is used', async () => {
    fake.devices = [];
    const system = fake.add('audio', 'default', 'Default - Built-in');
    fake.add('audio', 'mic-1');
    const share = await inCall();
    expect(share.getState().audio?.label).toBe('Default - Built-in');
    await soon(() => expect(capture.getState().microphones).toHaveLength(2));
    system.label = 'Default - Headset';
    fake.plug('audio', 'headset');
    await soon(() => expect(share.getState().audio?.label).toBe('Default - Headset'));
    expect(notices.filter(({ type }) => type === 'changed')).toEqual([
      { type: 'changed', device: 'microphone', label: 'Default - Headset' },
    ]);
  });

  test('and other devices that come and go leave the system’s microphone alone', async () => {
    fake.devices = [];
    fake.add('audio', 'default', 'Default - Built-in');
    const share = await inCall();
    await soon(() => expect(capture.getState().microphones).toHaveLength(1));
    const before = share.getState().audio;
    fake.plug('audio', 'headset');
    await soon(() => expect(notices).toMatchObject([{ type: 'available', id: 'headset' }]));
    fake.unplug('headset');
    await soon(() => expect(capture.getState().microphones).toHaveLength(1));
    expect(share.getState().audio).toBe(before);
    expect(fake.asked).toHaveLength(1);
  });

  test('sound goes where the system plays it while the chosen speaker is away', async () => {
    fake.add('output', 'built-in');
    fake.add('output', 'headset');
    await inCall();
    await soon(() => expect(capture.getState().speakers).toHaveLength(2));
    capture.chooseSpeaker('headset');
    fake.unplug('headset');
    await soon(() => expect(capture.getState().speakerId).toBeNull());
    fake.plug('output', 'headset');
    await soon(() => expect(capture.getState().speakerId).toBe('headset'));
    expect(notices).toEqual([
      { type: 'changed', device: 'speaker', label: '' },
      { type: 'changed', device: 'speaker', label: 'Label of headset' },
    ]);
  });
});

describe('what has as many bits as music', () => {
  const OFF = { echoCancellation: false, noiseSuppression: false, gainControl: false } as const;
  test.each([
    ['a voice', DEFAULT_SOUND, false],
    ['music', { ...DEFAULT_SOUND, mode: 'music' }, true],
    ['a voice of which nothing is taken out', { ...OFF, mode: 'voice' }, true],
    ['one that is made even', { ...OFF, mode: 'voice', gainControl: true }, false],
    ['one without its echo', { ...OFF, mode: 'voice', echoCancellation: true }, false],
    ['one without the noise around it', { ...OFF, mode: 'strong' }, false],
  ] as const)('%s: %#', (_, wishes, expected) => {
    expect(isPlain(wishes)).toBe(expected);
  });
});
