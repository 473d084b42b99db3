import { handleMediaSignal, KIND, offerMedia, prepareMedia, type MediaModel } from '@visavis/call/simulation';
import type { DirectMedia, DirectMediaOptions, DirectMediaState, Timers } from '@visavis/client';
import { TIMES } from '@visavis/protocol';
import type { World } from '../world.ts';

/** The media of one call, in its smallest form: descriptions are exchanged, and then it flows. No packets. */
export interface SimulatedMedia extends DirectMedia {
  readonly connectionId: () => string;
  /** The other end of this connection is gone. */
  lose(connectionId: string): void;
}

const RETRY_MS = 8_000;

/** @param audit - told before a signal or an offer goes out or is handled (NEG3) */
export function createSimulatedMedia(
  world: World,
  timers: Timers,
  options: DirectMediaOptions,
  audit: (media: DirectMedia, what: 'offer' | 'accept' | 'signal') => void,
): SimulatedMedia {
  let model: MediaModel = prepareMedia();
  let isClosed = false;
  let isWatched = false;
  let withoutSinceAt = timers.now();
  let state: DirectMediaState = {
    flow: 'connecting',
    gaveUp: false,
    remoteStream: null,
    remoteHasVideo: false,
    remoteHasAudio: false,
    path: null,
    connectionId: null,
  };
  const change = (next: Partial<DirectMediaState>): void => {
    if (isClosed) return;
    state = { ...state, ...next };
    options.onChange(state);
  };

  function carryOut({ media: next, send }: ReturnType<typeof handleMediaSignal>): void {
    const before = model;
    model = next;
    for (const signal of send) options.sendSignal(signal);
    if (!next.agreed || (before.agreed && before.connectionId === next.connectionId)) return;
    timers.after(world.random.between(20, 1_500), () => {
      if (model.connectionId === next.connectionId)
        change({ flow: 'flowing', connectionId: next.connectionId });
    });
  }
  /** NEG4: without media it is tried anew, and after a minute there is no point in waiting. */
  function watch(): void {
    if (isWatched) return;
    isWatched = true;
    timers.after(RETRY_MS, () => {
      isWatched = false;
      if (isClosed || state.flow === 'flowing' || state.gaveUp) return;
      if (timers.now() - withoutSinceAt >= TIMES.mediaGiveUpMs) {
        change({ gaveUp: true });
        return;
      }
      offerAnew();
      watch();
    });
  }
  const offerAnew = (): void => {
    carryOut(offerMedia(world.makeId(KIND.connection)));
  };

  const media: SimulatedMedia = {
    prepare: () => {},
    offer: () => {
      audit(media, 'offer');
      if (model.connectionId === '') offerAnew();
    },
    accept: () => {
      audit(media, 'accept');
      if (!model.open) withoutSinceAt = timers.now();
      model = { ...model, open: true };
      watch();
    },
    handleSignal: (signal) => {
      if (isClosed || !model.open) return;
      audit(media, 'signal');
      carryOut(handleMediaSignal(model, signal));
    },
    reconnect: () => {
      audit(media, 'offer');
      offerAnew();
      watch();
    },
    restart: () => {},
    setTracks: () => {},
    setLimits: () => {},
    setBuffer: () => {},
    setOpen: () => {},
    getState: () => state,
    getRemoteLevel: () => 0,
    getStats: () => Promise.resolve(null),
    getCounters: () => ({
      refusedSignals: 0,
      droppedSignals: 0,
      refusedTransports: 0,
      sentDescriptions: 0,
      restarts: 0,
      connections: 0,
    }),
    close: () => {
      isClosed = true;
    },
    connectionId: () => model.connectionId,
    lose: (connectionId) => {
      if (isClosed || model.connectionId !== connectionId || !model.agreed) return;
      withoutSinceAt = timers.now();
      change({ flow: 'lost' });
      watch();
    },
  };
  return media;
}
