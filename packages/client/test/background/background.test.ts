import { expect, test } from 'vitest';
import { createBackground, type BackgroundWish } from '../../src/media/background/background.ts';
import type { BackgroundHandlers } from '../../src/media/background/graph.ts';
import type { Look } from '../../src/media/background/messages.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

const track = (name: string): MediaStreamTrack => ({ id: name }) as unknown as MediaStreamTrack;
const CAMERA = track('camera');
const NONE: BackgroundWish = { kind: 'none' };
const BLUR: BackgroundWish = { kind: 'blur' };
const HILLS: BackgroundWish = { kind: 'picture', name: 'hills' };
const PICTURE = { width: 1 } as unknown as ImageBitmap;
const settle = (): Promise<void> => new Promise(setImmediate);

interface Graph {
  readonly source: MediaStreamTrack;
  readonly handlers: BackgroundHandlers;
  readonly ready: () => Promise<void>;
  readonly refuse: () => Promise<void>;
  readonly told: string[];
  look: Look;
  isClosed: boolean;
}

/** A background over graphs that do what a test says. */
function bench({ isSupported = true, hasPicture = true } = {}) {
  const timers = createVirtualTimers();
  const made: Graph[] = [];
  const log: string[] = [];
  const background = createBackground({
    timers,
    loadPicture: () => (hasPicture ? Promise.resolve(PICTURE) : Promise.reject(new Error('no'))),
    onChange: () => log.push('changed'),
    onNotice: (notice) => log.push(notice),
    open: isSupported
      ? (source, look, handlers) =>
          new Promise((resolve, reject) => {
            const graph: Graph = {
              source,
              look,
              handlers,
              told: [],
              isClosed: false,
              ready: () => {
                resolve({
                  track: track(`other ${source.id}`),
                  setLook: (next) => (graph.look = next),
                  setEffort: (effort) => graph.told.push(effort),
                  close: () => (graph.isClosed = true),
                });
                return settle();
              },
              refuse: () => {
                reject(new Error('no'));
                return settle();
              },
            };
            made.push(graph);
          })
      : null,
  });
  const graph = (index = 0): Graph => {
    const found = made[index];
    if (found === undefined) throw new Error(`no graph ${index}`);
    return found;
  };
  /** Half seconds of a camera with 30 pictures a second. */
  const pass = (count: number, pictures: number): void => {
    for (let half = 0; half < count; half += 1) {
      timers.advance(500);
      graph().handlers.onPace({ spanMs: 500, given: 15, expected: 15, made: pictures, busyMs: 490 });
    }
  };
  const shown = (source = CAMERA) => background.trackOf(source)?.id ?? null;
  const follow = async (wish: BackgroundWish, source: MediaStreamTrack | null = CAMERA): Promise<void> => {
    background.follow(source, wish);
    await settle();
  };
  return { background, timers, made, log, graph, pass, shown, follow };
}

test('nothing of the room is shown from the wish on until the first picture is made', async () => {
  const { follow, shown, graph, background } = bench();
  await follow(NONE);
  expect(shown()).toBe('camera');
  background.follow(CAMERA, BLUR);
  expect([shown(), background.getState()]).toEqual([null, 'starting']);
  await settle();
  await graph().ready();
  expect([shown(), background.getState()]).toEqual(['other camera', 'on']);
  await follow(NONE);
  expect([shown(), background.getState(), graph().isClosed]).toEqual(['camera', 'off', true]);
});

test('another camera is not shown as it is either, and the old one is let go', async () => {
  const { follow, shown, graph } = bench();
  const other = track('desk');
  await follow(BLUR);
  await graph().ready();
  await follow(BLUR, other);
  expect([shown(other), graph().isClosed]).toEqual([null, true]);
  await graph(1).ready();
  expect(shown(other)).toBe('other desk');
});

test('no camera, nothing stays open', async () => {
  const { follow, graph, timers, background } = bench();
  await follow(BLUR);
  await graph().ready();
  await follow(BLUR, null);
  expect([graph().isClosed, timers.waiting, background.getState()]).toEqual([true, 0, 'off']);
});

test('another look takes the place of one that goes on, without a moment between', async () => {
  const { follow, shown, graph, made } = bench();
  await follow(BLUR);
  await graph().ready();
  await follow(HILLS);
  expect([made.length, shown(), graph().look]).toEqual([
    1,
    'other camera',
    { kind: 'picture', picture: PICTURE },
  ]);
});

test('a picture that does not load is a blur, and that is said', async () => {
  const { follow, graph, log } = bench({ hasPicture: false });
  await follow(HILLS);
  expect(graph().look).toEqual({ kind: 'blur' });
  expect(log).toEqual(['background_picture_failed']);
});

test('where it cannot be had the plain camera goes on: said once, and not tried again by itself', async () => {
  const { follow, shown, graph, log, background, made } = bench();
  await follow(BLUR);
  await graph().refuse();
  await follow(BLUR);
  await follow(BLUR, track('other'));
  expect([shown(), background.getState(), made.length]).toEqual(['camera', 'failed', 1]);
  expect(log).toEqual(['background_failed', 'changed']);
  await follow(NONE);
  await follow(BLUR);
  expect(made).toHaveLength(2);
});

test('where it is not ready after 15 s, dies with a word, or without one, too', async () => {
  const slow = bench();
  await slow.follow(BLUR);
  slow.timers.advance(15_000);
  expect(slow.background.getState()).toBe('failed');
  await slow.graph().ready();
  expect([slow.graph().isClosed, slow.shown()]).toEqual([true, 'camera']);

  const dying = bench();
  await dying.follow(BLUR);
  await dying.graph().ready();
  dying.graph().handlers.onDied();
  expect([dying.background.getState(), dying.timers.waiting]).toEqual(['failed', 0]);

  const silent = bench();
  await silent.follow(BLUR);
  await silent.graph().ready();
  silent.pass(60, 15);
  expect(silent.background.getState()).toBe('on');
  silent.timers.advance(3_500);
  expect(silent.background.getState()).toBe('failed');
});

test('a device that does not keep up does less first, and then shows the plain camera, within 3 s', async () => {
  const { follow, shown, graph, pass, log, background } = bench();
  await follow(BLUR);
  await graph().ready();
  pass(2, 8);
  expect([graph().told, background.getState()]).toEqual([['less'], 'on']);
  pass(2, 8);
  expect([shown(), background.getState(), graph().isClosed]).toEqual(['camera', 'too_slow', true]);
  expect(log).toContain('background_too_slow');
});

test('in a browser without it the plain camera is used, and nobody is alarmed', async () => {
  const { follow, shown, background, log } = bench({ isSupported: false });
  await follow(BLUR);
  expect([shown(), background.getState(), log]).toEqual(['camera', 'unsupported', []]);
});
