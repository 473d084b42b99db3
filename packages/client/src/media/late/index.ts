import type { DirectMedia, DirectMediaOptions, DirectMediaState } from '../direct/types.ts';
import type { ForwardedMedia, ForwardedMediaOptions, ForwardedMediaState } from '../forwarded/types.ts';
import { realTimers } from '../../timers.ts';
import { createLate } from './late.ts';

/*
 * What connects calls is loaded after the page, which nobody waits for who only opens it. Where a call begins before it is there, what is
 * asked of its media is done when it is.
 */

export interface CallMediaCode {
  createDirectMedia(options: DirectMediaOptions): DirectMedia;
  createForwardedMedia(options: ForwardedMediaOptions): ForwardedMedia;
}

const NOTHING_DIRECT: DirectMediaState = {
  flow: 'connecting',
  gaveUp: false,
  remoteStream: null,
  remoteHasVideo: false,
  remoteHasAudio: false,
  path: null,
  connectionId: null,
};
const NOTHING_FORWARDED: ForwardedMediaState = {
  flow: 'connecting',
  gaveUp: false,
  remotes: new Map(),
  screens: [],
  speakerDeviceId: null,
  path: 'forwarded',
  connectionId: null,
};

let loaded: CallMediaCode | null = null;
const loadCode = async (): Promise<CallMediaCode> => {
  loaded ??= await import('./both.ts');
  return loaded;
};

/** Loads what connects calls. Where it does not come, it is tried again when one begins. */
export function loadCallMedia(): void {
  loadCode().catch(() => {});
}

/** A group call is about to begin: loads the library for it as well. */
export function prepareForwardedMedia(): void {
  loadCallMedia();
  import('../forwarded/mediasoup.ts').catch(() => {});
}

/** One direct call's media; see {@link DirectMedia}. @param load - default: that of this package */
export function createDirectMedia(options: DirectMediaOptions, load = loadCode): DirectMedia {
  if (loaded !== null && load === loadCode) return loaded.createDirectMedia(options);
  let state = NOTHING_DIRECT;
  const late = createLate(
    async () => {
      const code = await load();
      return () => code.createDirectMedia(options);
    },
    options.timers ?? realTimers,
    () => {
      state = { ...state, gaveUp: true };
      options.onChange(state);
    },
  );
  return {
    prepare: () => late.ask((media) => media.prepare()),
    offer: () => late.ask((media) => media.offer()),
    accept: () => late.ask((media) => media.accept()),
    handleSignal: (signal) => late.ask((media) => media.handleSignal(signal)),
    setTracks: (tracks) => late.ask((media) => media.setTracks(tracks)),
    setLimits: (limits) => late.ask((media) => media.setLimits(limits)),
    setOpen: (isOpen) => late.ask((media) => media.setOpen(isOpen)),
    setBuffer: (targetMs) => late.ask((media) => media.setBuffer(targetMs)),
    restart: () => late.ask((media) => media.restart()),
    reconnect: () => late.ask((media) => media.reconnect()),
    getState: () => late.media?.getState() ?? state,
    getRemoteLevel: () => late.media?.getRemoteLevel() ?? 0,
    getStats: () => late.media?.getStats() ?? Promise.resolve(null),
    getCounters: () =>
      late.media?.getCounters() ?? {
        refusedSignals: 0,
        droppedSignals: 0,
        refusedTransports: 0,
        sentDescriptions: 0,
        restarts: 0,
        connections: 0,
      },
    close() {
      late.close();
      late.media?.close();
    },
  };
}

/** One group call's media; see {@link ForwardedMedia}. @param load - default: that of this package */
export function createForwardedMedia(options: ForwardedMediaOptions, load = loadCode): ForwardedMedia {
  if (loaded !== null && load === loadCode) return loaded.createForwardedMedia(options);
  let state = NOTHING_FORWARDED;
  const late = createLate(
    async () => {
      const code = await load();
      return () => code.createForwardedMedia(options);
    },
    options.timers ?? realTimers,
    () => {
      state = { ...state, gaveUp: true };
      options.onChange(state);
    },
  );
  return {
    start: () => late.ask((media) => media.start()),
    setTracks: (tracks) => late.ask((media) => media.setTracks(tracks)),
    showTiles: (tiles) => late.ask((media) => media.showTiles(tiles)),
    setQuality: (...quality) => late.ask((media) => media.setQuality(...quality)),
    setOpen: (isOpen) => late.ask((media) => media.setOpen(isOpen)),
    setPlaces: (...places) => late.ask((media) => media.setPlaces(...places)),
    handleNotice: (notice) => late.ask((media) => media.handleNotice(notice)),
    refresh: () => late.ask((media) => media.refresh()),
    restart: () => late.ask((media) => media.restart()),
    getState: () => late.media?.getState() ?? state,
    getLevel: (deviceId) => late.media?.getLevel(deviceId) ?? 0,
    getStats: () => late.media?.getStats() ?? Promise.resolve(null),
    close() {
      late.close();
      late.media?.close();
    },
  };
}
