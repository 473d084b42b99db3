import type { Timers } from '../../timers.ts';
import type { BackgroundGraph, OpenBackgroundGraph } from './graph.ts';
import type { Look } from './messages.ts';
import { FRESH, stepPace, type Pace, type PaceReport } from './pace.ts';

/** A browser that has not made it ready by then will not. Shorter: on a slow line it is given up while its files come. */
const READY_WITHIN_MS = 15_000;
/** Reports are half a second apart. Shorter: a busy page gives it up; longer: the others see a still picture for so long. */
const DEAD_AFTER_MS = 2_500;
const LOOK_MS = 500;
/** Looks further apart than this: the page slept, and so did what reports. */
const SLEPT_MS = 3 * LOOK_MS;

/** What is to be seen behind the person; `picture`: by its name. */
export type BackgroundWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'blur' }
  | { readonly kind: 'picture'; readonly name: string };

export const NO_BACKGROUND: BackgroundWish = { kind: 'none' };

/**
 * `unsupported`: not in this browser. `failed`: it could not be had, or has died. `too_slow`: this device did not keep up. After
 * both the plain camera is used until it is turned off and on again.
 */
export type BackgroundState = 'off' | 'starting' | 'on' | 'failed' | 'too_slow' | 'unsupported';

export type BackgroundNotice = 'background_failed' | 'background_too_slow' | 'background_picture_failed';

/** What is behind the person in front of the camera that is open. */
export interface Background {
  getState(): BackgroundState;
  /** What is to be used in the place of a camera; null while it gets ready: nothing of the room is shown before. */
  trackOf(source: MediaStreamTrack | null): MediaStreamTrack | null;
  /** @param source - the camera that is open; null: none is */
  follow(source: MediaStreamTrack | null, wish: BackgroundWish): void;
  close(): void;
}

export interface BackgroundOptions {
  /** Null: not in this browser. */
  readonly open: OpenBackgroundGraph | null;
  readonly loadPicture: (name: string) => Promise<ImageBitmap>;
  readonly timers: Timers;
  readonly onChange: () => void;
  readonly onNotice: (notice: BackgroundNotice) => void;
}

interface Running {
  readonly source: MediaStreamTrack;
  readonly abort: AbortController;
  look: string;
  graph: BackgroundGraph | null;
  pace: Pace;
  heardAt: number;
  lookedAt: number;
  cancel: () => void;
}

const lookOf = (wish: BackgroundWish): string => JSON.stringify(wish);

export function createBackground(options: BackgroundOptions): Background {
  const { open, timers, onChange, onNotice } = options;
  let running: Running | null = null;
  let givenUp: 'failed' | 'too_slow' | null = null;

  function stop(): void {
    const stopped = running;
    running = null;
    stopped?.cancel();
    stopped?.abort.abort();
    stopped?.graph?.close();
  }

  function giveUp(started: Running, why: 'failed' | 'too_slow'): void {
    if (running !== started) return;
    stop();
    givenUp = why;
    onNotice(`background_${why}`);
    onChange();
  }

  /** Blurred where the picture cannot be had: what is behind stays out of sight. */
  async function load(wish: BackgroundWish): Promise<Look> {
    if (wish.kind !== 'picture') return { kind: 'blur' };
    try {
      return { kind: 'picture', picture: await options.loadPicture(wish.name) };
    } catch {
      onNotice('background_picture_failed');
      return { kind: 'blur' };
    }
  }

  function hear(started: Running, report: Omit<PaceReport, 'atMs'>): void {
    if (running !== started) return;
    const now = timers.now();
    started.heardAt = now;
    const before = started.pace;
    started.pace = stepPace(before, { atMs: now, ...report });
    if (started.pace.isOver) return giveUp(started, 'too_slow');
    if (started.pace.effort !== before.effort) started.graph?.setEffort(started.pace.effort);
  }

  function watch(started: Running): void {
    const now = timers.now();
    if (now - started.lookedAt > SLEPT_MS) started.heardAt = now;
    started.lookedAt = now;
    if (now - started.heardAt > DEAD_AFTER_MS) return giveUp(started, 'failed');
    started.cancel = timers.after(LOOK_MS, () => watch(started));
  }

  async function start(
    started: Running,
    wish: BackgroundWish,
    openGraph: OpenBackgroundGraph,
  ): Promise<void> {
    const handlers = {
      onPace: (report: Omit<PaceReport, 'atMs'>) => hear(started, report),
      onDied: () => giveUp(started, 'failed'),
    };
    const look = await load(wish);
    if (running !== started) return;
    const graph = await openGraph(started.source, look, handlers, started.abort.signal);
    if (running !== started) return graph.close();
    started.graph = graph;
    started.cancel();
    started.heardAt = timers.now();
    started.lookedAt = started.heardAt;
    watch(started);
    onChange();
  }

  async function change(started: Running, wish: BackgroundWish): Promise<void> {
    started.look = lookOf(wish);
    const look = await load(wish);
    if (running === started && started.look === lookOf(wish)) started.graph?.setLook(look);
  }

  function begin(source: MediaStreamTrack, wish: BackgroundWish, openGraph: OpenBackgroundGraph): void {
    const now = timers.now();
    const started: Running = {
      source,
      abort: new AbortController(),
      look: lookOf(wish),
      graph: null,
      pace: FRESH,
      heardAt: now,
      lookedAt: now,
      cancel: timers.after(READY_WITHIN_MS, () => giveUp(started, 'failed')),
    };
    running = started;
    start(started, wish, openGraph).catch(() => giveUp(started, 'failed'));
  }

  return {
    getState() {
      if (open === null) return 'unsupported';
      if (givenUp !== null) return givenUp;
      if (running === null) return 'off';
      return running.graph === null ? 'starting' : 'on';
    },
    trackOf: (source) =>
      source !== null && running?.source === source ? (running.graph?.track ?? null) : source,
    follow(source, wish) {
      if (wish.kind === 'none') givenUp = null;
      const next = wish.kind === 'none' || givenUp !== null ? null : source;
      if (open === null) return;
      if (next === null || running?.source !== next) {
        if (running === null && next === null) return;
        stop();
        if (next !== null) begin(next, wish, open);
        return;
      }
      if (running.look === lookOf(wish)) return;
      // Not ready yet: it begins anew with what is wished for now.
      if (running.graph === null) {
        stop();
        begin(next, wish, open);
      } else {
        void change(running, wish);
      }
    },
    close: stop,
  };
}
