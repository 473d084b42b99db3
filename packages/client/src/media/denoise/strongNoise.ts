import type { Timers } from '../../timers.ts';
import type { DenoiseGraph, OpenDenoiseGraph } from './graph.ts';

/** A browser that has not made it ready by then will not. Shorter: on a slow line it is given up while its files come. */
const READY_WITHIN_MS = 15_000;
/** Beats are a second apart. Shorter: a busy or sleeping page gives it up; longer: the others hear nothing for so long. */
const DEAD_AFTER_MS = 4_000;
const LOOK_MS = 1_000;
/** Looks further apart than this: the page slept, and so did what beats. */
const SLEPT_MS = 3 * LOOK_MS;

/** `unsupported`: not in this browser. `failed`: the plain microphone is used until it is turned off and on again. */
export type StrongNoiseState = 'off' | 'starting' | 'on' | 'failed' | 'unsupported';

/** Strong noise suppression of the microphone that is open: the plain one is there before, and takes over when it fails. */
export interface StrongNoise {
  getState(): StrongNoiseState;
  /** What is to be used in the place of a microphone: its cleaned track, or itself. */
  trackOf(source: MediaStreamTrack | null): MediaStreamTrack | null;
  /** @param source - the microphone that is open; null: none is */
  follow(source: MediaStreamTrack | null, wanted: boolean): void;
  close(): void;
}

export interface StrongNoiseOptions {
  /** Null: not in this browser. */
  readonly open: OpenDenoiseGraph | null;
  readonly timers: Timers;
  readonly onChange: () => void;
  /** It was wanted and cannot be had, or has died. */
  readonly onFailed: () => void;
}

interface Running {
  readonly source: MediaStreamTrack;
  readonly abort: AbortController;
  graph: DenoiseGraph | null;
  beatAt: number;
  lookedAt: number;
  cancel: () => void;
}

export function createStrongNoise({ open, timers, onChange, onFailed }: StrongNoiseOptions): StrongNoise {
  let running: Running | null = null;
  let hasFailed = false;

  function stop(): void {
    const stopped = running;
    running = null;
    stopped?.cancel();
    stopped?.abort.abort();
    stopped?.graph?.close();
  }

  function fail(failed: Running): void {
    if (running !== failed) return;
    stop();
    hasFailed = true;
    onFailed();
    onChange();
  }

  function look(started: Running): void {
    const now = timers.now();
    if (now - started.lookedAt > SLEPT_MS) started.beatAt = now;
    started.lookedAt = now;
    if (now - started.beatAt > DEAD_AFTER_MS) return fail(started);
    started.cancel = timers.after(LOOK_MS, () => look(started));
  }

  function start(source: MediaStreamTrack, openGraph: OpenDenoiseGraph): void {
    const now = timers.now();
    const started: Running = {
      source,
      abort: new AbortController(),
      graph: null,
      beatAt: now,
      lookedAt: now,
      cancel: timers.after(READY_WITHIN_MS, () => fail(started)),
    };
    running = started;
    const handlers = {
      onBeat: () => (started.beatAt = timers.now()),
      onDied: () => fail(started),
    };
    openGraph(source, handlers, started.abort.signal).then(
      (graph) => {
        if (running !== started) return graph.close();
        started.graph = graph;
        started.cancel();
        started.beatAt = timers.now();
        started.lookedAt = started.beatAt;
        look(started);
        onChange();
      },
      () => fail(started),
    );
  }

  return {
    getState() {
      if (open === null) return 'unsupported';
      if (hasFailed) return 'failed';
      if (running === null) return 'off';
      return running.graph === null ? 'starting' : 'on';
    },
    trackOf: (source) => (running?.source === source ? (running?.graph?.track ?? source) : source),
    follow(source, wanted) {
      if (!wanted) hasFailed = false;
      const next = wanted && !hasFailed ? source : null;
      if (open === null || (running?.source ?? null) === next) return;
      stop();
      if (next !== null) start(next, open);
    },
    close: stop,
  };
}
