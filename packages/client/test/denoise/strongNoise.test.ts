import { describe, expect, test } from 'vitest';
import type { DenoiseGraph, DenoiseHandlers } from '../../src/media/denoise/graph.ts';
import { createStrongNoise } from '../../src/media/denoise/strongNoise.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

const track = (name: string): MediaStreamTrack => ({ id: name }) as unknown as MediaStreamTrack;
const MICROPHONE = track('microphone');

/** Strong noise suppression over graphs that do what a test says. */
function bench(isSupported = true) {
  const timers = createVirtualTimers();
  const made: Graph[] = [];
  const log: string[] = [];
  interface Graph {
    readonly source: MediaStreamTrack;
    readonly handlers: DenoiseHandlers;
    readonly signal: AbortSignal;
    readonly ready: () => Promise<void>;
    readonly refuse: () => Promise<void>;
    isClosed: boolean;
  }
  const strong = createStrongNoise({
    open: isSupported
      ? (source, handlers, signal) =>
          new Promise((resolve, reject) => {
            const graph: Graph = {
              source,
              handlers,
              signal,
              isClosed: false,
              ready: () => {
                const open: DenoiseGraph = {
                  track: track(`clean ${source.id}`),
                  close: () => (graph.isClosed = true),
                };
                resolve(open);
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
    timers,
    onChange: () => log.push('changed'),
    onFailed: () => log.push('failed'),
  });
  const graph = (index: number): Graph => {
    const found = made[index];
    if (found === undefined) throw new Error(`no graph ${index}`);
    return found;
  };
  /** Seconds with a beat in each. */
  const beat = (index: number, seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      timers.advance(1_000);
      graph(index).handlers.onBeat();
    }
  };
  return { strong, timers, graph, made, log, beat };
}
const settle = (): Promise<void> => new Promise(setImmediate);
const used = ({ strong }: ReturnType<typeof bench>, source = MICROPHONE) => strong.trackOf(source)?.id;

describe('the plain microphone goes on', () => {
  test('until what is cleaned comes, and again when it is not wanted any more', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    expect([made.strong.getState(), used(made)]).toEqual(['starting', 'microphone']);
    await made.graph(0).ready();
    expect([made.strong.getState(), used(made)]).toEqual(['on', 'clean microphone']);
    made.strong.follow(MICROPHONE, false);
    expect([made.strong.getState(), used(made)]).toEqual(['off', 'microphone']);
    expect(made.graph(0).isClosed).toBe(true);
    expect(made.timers.waiting).toBe(0);
    expect(made.log).toEqual(['changed']);
  });

  test('where the worklet or its WebAssembly does not load: said once, and not tried again by itself', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).refuse();
    expect([made.strong.getState(), used(made)]).toEqual(['failed', 'microphone']);
    made.strong.follow(MICROPHONE, true);
    made.strong.follow(track('other'), true);
    expect(made.made).toHaveLength(1);
    expect(made.log).toEqual(['failed', 'changed']);
    made.strong.follow(MICROPHONE, false);
    made.strong.follow(MICROPHONE, true);
    await made.graph(1).ready();
    expect(used(made)).toBe('clean microphone');
  });

  test('where it never becomes ready', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    made.timers.advance(14_000);
    expect(made.strong.getState()).toBe('starting');
    made.timers.advance(2_000);
    expect([made.strong.getState(), used(made)]).toEqual(['failed', 'microphone']);
    expect(made.graph(0).signal.aborted).toBe(true);
    await made.graph(0).ready();
    expect(made.graph(0).isClosed).toBe(true);
    expect(used(made)).toBe('microphone');
  });

  test('when it dies with a word', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).ready();
    made.graph(0).handlers.onDied();
    expect([made.strong.getState(), used(made)]).toEqual(['failed', 'microphone']);
    expect(made.graph(0).isClosed).toBe(true);
    expect(made.timers.waiting).toBe(0);
  });

  test('when it dies without one, within 6 s', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).ready();
    made.beat(0, 60);
    expect(made.strong.getState()).toBe('on');
    made.timers.advance(6_000);
    expect([made.strong.getState(), used(made)]).toEqual(['failed', 'microphone']);
    expect(made.log.filter((line) => line === 'failed')).toHaveLength(1);
  });

  test('where the browser has none of it', () => {
    const made = bench(false);
    made.strong.follow(MICROPHONE, true);
    expect([made.strong.getState(), used(made)]).toEqual(['unsupported', 'microphone']);
    expect(made.log).toEqual([]);
  });
});

describe('it is not given up', () => {
  test('by a page that slept', async () => {
    const made = bench();
    let now = made.timers.now();
    const timers = {
      now: () => now,
      after: (...given: Parameters<typeof made.timers.after>) => made.timers.after(...given),
    };
    const strong = createStrongNoise({
      open: () => Promise.resolve({ track: track('clean'), close: () => {} }),
      timers,
      onChange: () => {},
      onFailed: () => {},
    });
    strong.follow(MICROPHONE, true);
    await settle();
    // An hour passes at once, as the clock of a laptop that is opened again.
    now += 3_600_000;
    made.timers.advance(1_000);
    expect(strong.getState()).toBe('on');
    strong.close();
  });

  test('by beats that come late now and then', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).ready();
    for (let round = 0; round < 20; round += 1) {
      made.timers.advance(3_500);
      made.graph(0).handlers.onBeat();
    }
    expect(made.strong.getState()).toBe('on');
  });
});

describe('another microphone', () => {
  test('is plain until it is cleaned itself; the old one is let go', async () => {
    const made = bench();
    const other = track('other');
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).ready();
    made.strong.follow(other, true);
    expect([made.strong.getState(), used(made, other)]).toEqual(['starting', 'other']);
    expect(made.graph(0).isClosed).toBe(true);
    await made.graph(1).ready();
    expect(used(made, other)).toBe('clean other');
  });

  test('in the middle of starting: what comes too late is closed, and its end is nobody’s', async () => {
    const made = bench();
    const other = track('other');
    made.strong.follow(MICROPHONE, true);
    made.strong.follow(other, true);
    await made.graph(0).ready();
    made.graph(0).handlers.onDied();
    expect(made.graph(0).isClosed).toBe(true);
    expect(made.strong.getState()).toBe('starting');
    await made.graph(1).ready();
    expect(made.strong.getState()).toBe('on');
  });

  test('none: nothing stays open', async () => {
    const made = bench();
    made.strong.follow(MICROPHONE, true);
    await made.graph(0).ready();
    made.strong.follow(null, true);
    expect([made.strong.getState(), made.strong.trackOf(null)]).toEqual(['off', null]);
    expect(made.graph(0).isClosed).toBe(true);
    expect(made.timers.waiting).toBe(0);
  });
});
