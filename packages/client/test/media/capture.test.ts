import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCapture, type Capture, type CaptureNotice, type CaptureShare } from '../../src/media/index.ts';
import { installFakeDevices, type FakeDevices } from './fakeDevices.ts';
import { soon } from '../soon.ts';

let fake: FakeDevices;
let capture: Capture;
let notices: CaptureNotice[];
beforeEach(() => {
  fake = installFakeDevices();
  notices = [];
  capture = createCapture({ onNotice: (notice) => notices.push(notice) });
});
afterEach(() => {
  capture.close();
  expect(fake.tracks.size, 'nothing is left open').toBe(0);
  vi.unstubAllGlobals();
});

const both = { audio: true, video: true };
const settled = (share: CaptureShare): Promise<void> =>
  soon(() => expect(share.getState().opening).toBe(false));
const idOf = (track: MediaStreamTrack | null): string | undefined => track?.getSettings().deviceId;

/** The browser answers what waits. */
const letGo = (): void => fake.answer?.();

describe('opening', () => {
  test('camera and microphone are asked for together, with the right wishes', async () => {
    const share = capture.open(both);
    await settled(share);
    expect(fake.asked).toEqual([
      {
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: {
          width: { ideal: 1_280 },
          height: { ideal: 720 },
          frameRate: { ideal: 30, max: 30 },
          facingMode: { ideal: 'user' },
        },
      },
    ]);
    expect(share.getState()).toMatchObject({ camera: true, muted: false, problem: null });
    expect(share.getState().stream.getTracks()).toHaveLength(1);
  });

  test('what was chosen before is taken, and any other if it is gone', async () => {
    fake.add('video', 'cam-2');
    capture.close();
    capture = createCapture({ chosen: { cameraId: 'cam-2', microphoneId: 'gone' } });
    const share = capture.open(both);
    await settled(share);
    expect(idOf(share.getState().video)).toBe('cam-2');
    expect(idOf(share.getState().audio)).toBe('mic-1');
    expect(share.getState().problem).toBeNull();
  });

  const failing: readonly [string, (fake: FakeDevices) => void, object][] = [
    ['camera denied', (on) => (on.denied = ['video']), { problem: 'camera_denied', video: null }],
    ['microphone denied', (on) => (on.denied = ['audio']), { problem: 'microphone_denied', audio: null }],
    ['both denied', (on) => (on.denied = ['audio', 'video']), { problem: 'both_denied' }],
    ['no camera', (on) => (on.devices = on.devices.slice(0, 1)), { problem: 'no_camera', video: null }],
    ['no microphone', (on) => (on.devices = on.devices.slice(1)), { problem: 'no_microphone', audio: null }],
    [
      'camera in use',
      (on) =>
        (on.devices = on.devices.map((one) => ({
          ...one,
          failure: one.kind === 'video' ? 'NotReadableError' : null,
        }))),
      { problem: 'camera_in_use', video: null },
    ],
    [
      'microphone in use',
      (on) =>
        (on.devices = on.devices.map((one) => ({
          ...one,
          failure: one.kind === 'audio' ? 'AbortError' : null,
        }))),
      { problem: 'microphone_in_use', audio: null },
    ],
  ];
  test.each(failing)('%s: the call goes on with what there is', async (_, arrange, expected) => {
    arrange(fake);
    const share = capture.open(both);
    await settled(share);
    expect(share.getState()).toMatchObject(expected);
    // It is looked at, never heard.
    const pictures = share.getState().video === null ? 0 : 1;
    expect(share.getState().stream.getTracks()).toHaveLength(pictures);
  });

  test('a page that is not secure is told so', async () => {
    capture.close();
    vi.stubGlobal('navigator', {});
    capture = createCapture();
    const share = capture.open(both);
    await settled(share);
    expect(share.getState().problem).toBe('insecure_page');
  });

  test('after a refusal it can be tried again', async () => {
    fake.denied = ['video'];
    const share = capture.open(both);
    await settled(share);
    fake.denied = [];
    share.retry();
    await settled(share);
    expect(share.getState().problem).toBeNull();
    expect(share.getState().video).not.toBeNull();
  });

  test('closed while the browser asks: what it then gives is released at once', async () => {
    fake.holds = true;
    const share = capture.open(both);
    await soon(() => expect(fake.answer).not.toBeNull());
    share.close();
    fake.answer?.();
    await soon(() => expect(fake.asked).toHaveLength(1));
    await soon(() => expect(fake.tracks.size).toBe(0));
    expect(share.getState().video).toBeNull();
  });
});

describe('camera and microphone of one share', () => {
  test('the light goes off with the camera and on again', async () => {
    const share = capture.open(both);
    await settled(share);
    share.setCamera(false);
    expect(share.getState()).toMatchObject({ camera: false, video: null });
    expect(fake.isLit('video')).toBe(false);
    expect(fake.isLit('audio')).toBe(true);
    share.setCamera(true);
    expect(share.getState().opening).toBe(true);
    await settled(share);
    expect(share.getState().video).not.toBeNull();
    expect(fake.isLit('video')).toBe(true);
  });

  test('off and on again while it still opens ends with it on; on and off with it off', async () => {
    fake.holds = true;
    const share = capture.open(both);
    await soon(() => expect(fake.answer).not.toBeNull());
    share.setCamera(false);
    share.setCamera(true);
    fake.holds = false;
    fake.answer?.();
    await settled(share);
    expect(share.getState().video).not.toBeNull();
    share.setCamera(false);
    share.setCamera(true);
    share.setCamera(false);
    await soon(() => expect(fake.isLit('video')).toBe(false));
    expect(share.getState().video).toBeNull();
  });

  test('mute acts at once and stays when the microphone changes', async () => {
    fake.add('audio', 'mic-2');
    const share = capture.open(both);
    await settled(share);
    share.setMuted(true);
    expect(share.getState().audio?.enabled).toBe(false);
    capture.chooseMicrophone('mic-2');
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-2'));
    expect(share.getState().audio?.enabled).toBe(false);
    share.setMuted(false);
    expect(share.getState().audio?.enabled).toBe(true);
  });
});

describe('several shares', () => {
  test('share one camera, mute apart, and release it with the last', async () => {
    const call = capture.open(both);
    await settled(call);
    const preview = capture.open(both);
    await settled(preview);
    expect(fake.asked).toHaveLength(1);
    preview.setMuted(true);
    expect(call.getState().audio?.enabled).toBe(true);
    call.close();
    expect(preview.getState().video?.readyState).toBe('live');
    preview.close();
    expect(fake.tracks.size).toBe(0);
  });

  test('one that wants no camera does not hold its light on', async () => {
    const call = capture.open(both);
    const held = capture.open({ audio: true, video: false });
    await settled(call);
    await settled(held);
    expect(held.getState().video).toBeNull();
    call.setCamera(false);
    expect(fake.isLit('video')).toBe(false);
  });
});

describe('devices that come and go', () => {
  test('the lists follow, with names', async () => {
    fake.plug('video', 'cam-2');
    await soon(() => expect(capture.getState().cameras).toHaveLength(2));
    expect(capture.getState().cameras[1]).toEqual({ id: 'cam-2', label: 'Label of cam-2' });
    expect(capture.getState().speakers).toEqual([]);
  });

  test('another camera is taken when chosen, the old one released', async () => {
    fake.add('video', 'cam-2');
    const share = capture.open(both);
    await settled(share);
    capture.chooseCamera('cam-2');
    await soon(() => expect(idOf(share.getState().video)).toBe('cam-2'));
    expect([...fake.tracks].filter((track) => track.device.id === 'cam-1')).toEqual([]);
    expect(capture.getState().cameraId).toBe('cam-2');
  });

  test('where two cameras cannot be open at once, the old one goes first', async () => {
    fake.add('video', 'cam-2');
    fake.isExclusive = true;
    const share = capture.open(both);
    await settled(share);
    capture.chooseCamera('cam-2');
    await soon(() => expect(idOf(share.getState().video)).toBe('cam-2'));
  });

  test('the other one, or the one in use, goes away while they are exchanged: what is left is used', async () => {
    for (const gone of ['cam-1', 'cam-2']) {
      const other = gone === 'cam-1' ? 'cam-2' : 'cam-1';
      if (!fake.devices.some(({ id }) => id === 'cam-2')) fake.add('video', 'cam-2');
      if (!fake.devices.some(({ id }) => id === 'cam-1')) fake.add('video', 'cam-1');
      capture.chooseCamera('cam-1');
      const share = capture.open(both);
      await settled(share);
      expect(idOf(share.getState().video)).toBe('cam-1');
      fake.holds = true;
      fake.answer = null;
      capture.chooseCamera('cam-2');
      await soon(() => expect(fake.answer).not.toBeNull());
      fake.unplug(gone);
      fake.holds = false;
      letGo();
      await soon(() => expect(idOf(share.getState().video)).toBe(other));
      await settled(share);
      expect(share.getState()).toMatchObject({ problem: null, video: { readyState: 'live' } });
      expect([...fake.tracks].filter(({ kind, device }) => kind === 'video' && device.id !== other)).toEqual(
        [],
      );
      share.close();
      expect(fake.tracks.size).toBe(0);
    }
  });

  test('unplugged in a call: the next one takes its place, and it is said', async () => {
    fake.add('audio', 'mic-2');
    const share = capture.open(both);
    await settled(share);
    fake.unplug('mic-1');
    await soon(() => expect(idOf(share.getState().audio)).toBe('mic-2'));
    expect(notices).toEqual([{ type: 'changed', device: 'microphone', label: 'Label of mic-2' }]);
    expect(share.getState().problem).toBeNull();
  });

  test('unplugged without another: said, and taken up again when it is back', async () => {
    const share = capture.open(both);
    await settled(share);
    fake.unplug('cam-1');
    await soon(() => expect(share.getState().problem).toBe('camera_unplugged'));
    fake.plug('video', 'cam-1');
    await soon(() => expect(share.getState().video).not.toBeNull());
    expect(share.getState().problem).toBeNull();
  });

  test('plugged in during a call: offered', async () => {
    const share = capture.open(both);
    await settled(share);
    await soon(() => expect(capture.getState().cameras).toHaveLength(1));
    fake.plug('video', 'cam-2');
    await soon(() =>
      expect(notices).toEqual([
        { type: 'available', device: 'camera', id: 'cam-2', label: 'Label of cam-2' },
      ]),
    );
    expect(idOf(share.getState().video)).toBe('cam-1');
  });
});
