import { describe, expect, test } from 'vitest';
import { createFloatingWindow } from '../src/screens/call/floating/floatingWindow.ts';
import { forgetCall, showCall, type CallSession } from '../src/screens/effects/callKeys.ts';
import { keepAwake } from '../src/screens/effects/keepAwake.ts';
import { hasPictures } from '../src/screens/effects/useAwake.ts';
import { call } from './calls.ts';

/** Of any state: it changes. */
const VISIBLE: DocumentVisibilityState = 'visible';

const settle = async (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

function createScreen() {
  const held = new Set<WakeLockSentinel>();
  const document = Object.assign(new EventTarget(), {
    visibilityState: VISIBLE,
  });
  let asked = 0;
  let refuses = false;
  const request = async (): Promise<WakeLockSentinel> => {
    asked += 1;
    await settle();
    if (refuses) throw new DOMException('low battery', 'NotAllowedError');
    const lock = {
      released: false,
      async release() {
        lock.released = true;
        held.delete(lock as unknown as WakeLockSentinel);
      },
    };
    held.add(lock as unknown as WakeLockSentinel);
    return lock as unknown as WakeLockSentinel;
  };
  return {
    screen: { document, wakeLock: { request } },
    countHeld: () => held.size,
    countAsked: () => asked,
    refuse: (now: boolean) => (refuses = now),
    show: (visibilityState: DocumentVisibilityState): void => {
      document.visibilityState = visibilityState;
      // As browsers do.
      if (visibilityState === 'hidden') for (const lock of held) void lock.release();
      document.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

function createSession(known: readonly string[]) {
  const handlers = new Map<string, () => void>();
  const told: string[] = [];
  const session: CallSession = {
    metadata: null,
    playbackState: 'none',
    setActionHandler(action, handler) {
      if (!known.includes(action)) throw new TypeError(`unknown action ${action}`);
      if (handler === null) handlers.delete(action);
      else handlers.set(action, handler);
    },
    setMicrophoneActive: (active) => void told.push(`microphone ${String(active)}`),
    setCameraActive: async (active) => {
      told.push(`camera ${String(active)}`);
      throw new DOMException('not captured', 'InvalidStateError');
    },
  };
  return { session, handlers, told };
}
const describeCall = (title: string) =>
  ({ title, artist: '', album: '', artwork: [] }) as unknown as MediaMetadata;
const record = () => {
  const done: string[] = [];
  return {
    done,
    actions: {
      setMuted: (muted: boolean) => done.push(`muted ${String(muted)}`),
      setCamera: (on: boolean) => done.push(`camera ${String(on)}`),
      end: () => done.push('end'),
    },
  };
};

function createPage(requestWindow: (() => Promise<Window>) | null) {
  const emptyDocument = {
    querySelectorAll: () => [],
    documentElement: { getAttribute: () => null, setAttribute: () => {} },
    head: { append: () => {} },
    title: '',
  };
  const opened = Object.assign(new EventTarget(), {
    document: emptyDocument,
    isClosed: false,
    close() {
      opened.isClosed = true;
      opened.dispatchEvent(new Event('pagehide'));
    },
  });
  const page = {
    document: emptyDocument,
    ...(requestWindow === null ? {} : { documentPictureInPicture: { requestWindow } }),
  } as unknown as Window;
  return { page, opened, window: opened as unknown as Window };
}

describe('the screen during a call', () => {
  test('stays on, is let go of with the page, taken again with it, and let go of at the end', async () => {
    const { screen, countHeld, show } = createScreen();
    const stop = keepAwake(screen);
    await settle();
    expect(countHeld()).toBe(1);
    show('hidden');
    expect(countHeld()).toBe(0);
    show('visible');
    await settle();
    expect(countHeld()).toBe(1);
    stop();
    await settle();
    expect(countHeld()).toBe(0);
    show('visible');
    await settle();
    expect(countHeld()).toBe(0);
  });

  test('one is asked for at a time, however often the page comes and goes', async () => {
    const { screen, countHeld, countAsked, show } = createScreen();
    keepAwake(screen);
    for (let times = 0; times < 5; times += 1) show('visible');
    await settle();
    expect(countHeld()).toBe(1);
    show('visible');
    await settle();
    expect(countAsked()).toBe(1);
  });

  test('a lock that comes after the end is let go of at once', async () => {
    const { screen, countHeld, countAsked } = createScreen();
    keepAwake(screen)();
    await settle();
    await settle();
    expect(countAsked()).toBe(1);
    expect(countHeld()).toBe(0);
  });

  test('refused, it is asked for again when the page comes back', async () => {
    const { screen, countHeld, refuse, show } = createScreen();
    refuse(true);
    keepAwake(screen);
    await settle();
    await settle();
    expect(countHeld()).toBe(0);
    refuse(false);
    show('visible');
    await settle();
    expect(countHeld()).toBe(1);
  });

  test('a call of voices needs no screen', () => {
    const voices = call('one', { name: 'connected', connectedAt: 0 }, { callType: 'audio' });
    const silent = {
      ...voices,
      local: { ...voices.local, camera: false },
      remote: { ...voices.remote, camera: false },
    };
    expect(hasPictures(silent)).toBe(false);
    expect(hasPictures({ ...silent, callType: 'video' })).toBe(true);
    expect(hasPictures({ ...silent, remote: { ...silent.remote, camera: true } })).toBe(true);
    expect(hasPictures({ ...silent, local: { ...silent.local, camera: true } })).toBe(true);
  });
});

describe('the keys of the system', () => {
  const ALL = ['togglemicrophone', 'togglecamera', 'hangup'];

  test('mute, camera and hang up do so, and the system shows how it is', async () => {
    const { session, handlers, told } = createSession(ALL);
    const { done, actions } = record();
    showCall(session, { name: 'Ben', muted: false, camera: true }, actions, describeCall);
    for (const action of ALL) handlers.get(action)?.();
    expect(done).toEqual(['muted true', 'camera false', 'end']);
    showCall(session, { name: 'Ben', muted: true, camera: false }, actions, describeCall);
    handlers.get('togglemicrophone')?.();
    expect(done.at(-1)).toBe('muted false');
    expect(told).toEqual(['microphone true', 'camera true', 'microphone false', 'camera false']);
    expect(session).toMatchObject({ metadata: { title: 'Ben' }, playbackState: 'playing' });
    await settle();
  });

  test('nothing is left of a call that is over', () => {
    const { session, handlers } = createSession(ALL);
    showCall(session, { name: 'Ben', muted: false, camera: true }, record().actions, describeCall);
    forgetCall(session);
    expect(handlers.size).toBe(0);
    expect(session).toMatchObject({ metadata: null, playbackState: 'none' });
  });

  test('a browser that knows only some of them has those', () => {
    const { session, handlers } = createSession(['hangup']);
    delete session.setMicrophoneActive;
    delete session.setCameraActive;
    showCall(session, { name: 'Ben', muted: false, camera: true }, record().actions, describeCall);
    expect([...handlers.keys()]).toEqual(['hangup']);
    forgetCall(session);
    expect(handlers.size).toBe(0);
  });
});

describe('the floating window', () => {
  test('opens once, tells, and is gone when the person closes it', async () => {
    let asked = 0;
    const { page, opened, window } = createPage(async () => {
      asked += 1;
      return window;
    });
    const floating = createFloatingWindow(page);
    const seen: boolean[] = [];
    floating.subscribe(() => seen.push(floating.get() !== null));
    await floating.open();
    await floating.open();
    expect([asked, floating.get()]).toEqual([1, window]);
    opened.close();
    expect(floating.get()).toBeNull();
    expect(seen).toEqual([true, false]);
  });

  test('one that comes after the call is over is closed at once', async () => {
    const asked: ((window: Window) => void)[] = [];
    const { page, opened, window } = createPage(
      async () => new Promise((resolve) => void asked.push(resolve)),
    );
    const floating = createFloatingWindow(page);
    const opening = floating.open();
    floating.close();
    for (const give of asked) give(window);
    await opening;
    expect([floating.get(), opened.isClosed]).toEqual([null, true]);
  });

  test('refused or unknown, there is none', async () => {
    const refusing = createFloatingWindow(
      createPage(async () => {
        throw new DOMException('no press', 'NotAllowedError');
      }).page,
    );
    await refusing.open();
    expect(refusing.get()).toBeNull();
    const without = createFloatingWindow(createPage(null).page);
    await without.open();
    expect(without.get()).toBeNull();
  });
});
