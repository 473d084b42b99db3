import {
  createRecovery,
  nextRecoveryDeadline,
  reconnectDelayMs,
  stepRecovery,
  type PathState,
  type RecoveryInput,
} from '@visavis/call';
import type { CallNotice } from '@visavis/protocol';
import { DEFAULT_QUALITY, type ReceivingWishes, WHOLE_LIMITS } from '../../quality/index.ts';
import { realTimers } from '../../timers.ts';
import { createIceServers } from '../direct/iceServers.ts';
import { watchNetworkChanges } from '../direct/networkChanges.ts';
import { createArrivals, type ReceivedPart } from './arrivals.ts';
import { createLeaving } from './leaving.ts';
import { createRemotes } from './remotes.ts';
import { openSession, type Session } from './session.ts';
import { realLibrary } from './sfuLibrary.ts';
import type { ForwardedMedia, ForwardedMediaOptions, ForwardedMediaState, MediaTile } from './types.ts';
import { wishesFor } from './wishes.ts';

const nothing = (): void => {};

/** One group call's media. */
export function createForwardedMedia(options: ForwardedMediaOptions): ForwardedMedia {
  const { callId, request, onChange } = options;
  const timers = options.timers ?? realTimers;
  const library = options.library ?? realLibrary;
  const pixelRatio = options.pixelRatio ?? (() => globalThis.devicePixelRatio);
  const iceServers = createIceServers(options.loadIceServers, timers);
  const remotes = createRemotes(options.adopt ?? new Map(), timers, changed);
  const arrivals = createArrivals(received, timers, changed);
  const leaving = createLeaving(timers, handleLeft);
  let tracks = options.local;
  let tiles: readonly MediaTile[] | null = null;
  let quality: ReceivingWishes = { ...DEFAULT_QUALITY, pictures: null };
  let limits = WHOLE_LIMITS;
  let framesPass = false;
  let recovery = createRecovery(false);
  let session: Session | null = null;
  let openings = 0;
  /** Of the present way, as it says itself. */
  let path: PathState = 'connecting';
  /** MED4: told to open anew, which has not begun yet. */
  let mustLeave = false;
  /** Notices are not for the present way, but for one that is being opened. */
  let isAhead = false;
  let isOpening = false;
  /** There was a notice that no way could take. */
  let hasMissed = false;
  let refusals = 0;
  let speakerDeviceId: string | null = null;
  let cancelDeadline = nothing;
  let cancelRetry = nothing;
  let isStarted = false;
  let isClosed = false;
  let waits = false;
  const unwatch = (options.watchNetwork ?? watchNetworkChanges)(() => session?.restartIce());

  let state: ForwardedMediaState = {
    flow: recovery.flow,
    gaveUp: false,
    remotes: new Map(),
    screens: [],
    speakerDeviceId: null,
    path: 'forwarded',
    connectionId: null,
  };

  /** Several changes at once are told once. */
  function changed(): void {
    if (waits || isClosed) return;
    waits = true;
    queueMicrotask(() => {
      waits = false;
      if (isClosed) return;
      const { receiving } = session ?? {};
      state = {
        ...state,
        ...remotes.read(
          (track) => receiving?.qualityOf(track) ?? null,
          isWanted,
          // Over the new way nothing may have come yet.
          (deviceId) => !leaving.isOn && arrivals.isCutOff(deviceId),
        ),
        flow: recovery.flow,
        gaveUp: recovery.gaveUp,
        speakerDeviceId,
        connectionId: openings === 0 ? null : `${callId} ${openings}`,
      };
      onChange(state);
      leaving.follow(path === 'connected' && remotes.isReplaced(isWanted));
    });
  }

  const isWanted = (trackId: string): boolean => session?.receiving.isWanted(trackId) ?? false;

  function received(): readonly ReceivedPart[] {
    const { receiving } = session ?? {};
    if (receiving === undefined) return [];
    return remotes.parts().map((part) => ({
      ...part,
      isWanted: receiving.isWanted(part.track.trackId),
      isWithheld: receiving.isWithheld(part.track.trackId),
    }));
  }

  function recover(input: RecoveryInput): void {
    if (isClosed) return;
    const { state: next, actions } = stepRecovery(recovery, input);
    recovery = next;
    for (const action of actions) {
      if (action.type === 'restart_ice') session?.restartIce();
      if (action.type === 'reconnect') void open(action.relayOnly);
    }
    cancelDeadline();
    cancelDeadline = nothing;
    const at = nextRecoveryDeadline(recovery);
    if (at !== null) {
      cancelDeadline = timers.after(Math.max(0, at - timers.now()), () =>
        recover({ type: 'tick', now: timers.now() }),
      );
    }
    changed();
  }

  /** What the way of that opening says; of one that is being left only that it is gone counts. */
  function handlePath(opening: number, next: PathState): void {
    if (opening === openings) {
      path = next;
      if (leaving.isOn && next === 'connecting') return changed();
      if (next !== 'connected') leaving.end();
      return recover({ type: 'path', state: next, now: timers.now() });
    }
    if (!leaving.isOn || next === 'connected' || next === 'connecting') return;
    leaving.end();
  }

  function handleLeft(): void {
    remotes.dropLeft();
    const now = timers.now();
    if (path !== 'connected') {
      // It was what flowed.
      recover({ type: 'path', state: 'disconnected', now });
      recover({ type: 'path', state: 'connecting', now });
    }
    changed();
  }

  /**
   * GRP9: anew, in the place of what there is; what came over that stays on the screen until it comes again. MED4: beside what
   * there is, if that is about to stop.
   */
  async function open(relayOnly: boolean): Promise<void> {
    if (isOpening || isClosed) return;
    isOpening = true;
    const isLeaving = mustLeave;
    mustLeave = false;
    cancelRetry();
    try {
      const loading = iceServers.get();
      const device = await library.createDevice(options.seal.media);
      if (isClosed) return;
      const answer = await request({
        type: 'open_media',
        callId,
        payload: { rtpCapabilities: device.capabilities },
      });
      if (isClosed) return;
      const { media: opened, received = [] } = answer.type === 'ok' ? answer.payload : {};
      if (opened === undefined) return refused(isLeaving);
      const servers = await loading;
      if (isClosed) return;
      const former = session;
      const goesOn = isLeaving && former !== null && recovery.flow === 'flowing';
      leaving.end();
      openings += 1;
      path = 'connecting';
      if (goesOn) {
        remotes.leaveParts(isWanted);
        leaving.begin(former);
      } else {
        former?.close();
        remotes.forgetParts();
        // What is opened gets its time, however long the opening took; the 60 s run on.
        recover({ type: 'started', now: timers.now() });
        recover({ type: 'path', state: 'connecting', now: timers.now() });
        recover({ type: 'remote_offered', now: timers.now() });
      }
      session = null;
      const opening = openings;
      const next = await openSession({
        callId,
        device,
        opened,
        received,
        iceServers: servers,
        relayOnly,
        tracks,
        isOpen: framesPass,
        request,
        seal: options.seal,
        timers,
        remotes,
        wishesFor: (published) =>
          wishesFor({ tracks: published, tiles, pixelRatio: pixelRatio(), quality, speakerDeviceId }),
        onPath: (next) => handlePath(opening, next),
        onBroken: () => {
          if (opening === openings) recover({ type: 'broken', now: timers.now() });
        },
        onChange: changed,
      });
      if (isClosed) return next.close();
      refusals = 0;
      session = next;
      // They may have changed while it was opened.
      next.publishing.setLimits(limits);
      next.publishing.setTracks(tracks);
      next.publishing.setOpen(framesPass);
      next.receiving.follow();
      // What was said of the others meanwhile was not for the way before, or there was none.
      if ((isAhead || hasMissed) && !mustLeave) next.refresh();
      hasMissed = false;
      isAhead = mustLeave;
    } catch {
      refused(isLeaving);
    } finally {
      isOpening = false;
      changed();
      if (mustLeave) void open(false);
    }
  }

  /** GRP9: there is no media server at present, and the call goes on: its 60 s begin when there is one again. */
  function refused(isLeaving: boolean): void {
    const again = timers.after(reconnectDelayMs(refusals, Math.random()), () => {
      mustLeave = isLeaving;
      void open(false);
    });
    refusals += 1;
    cancelRetry = again;
    // MED4: what there is goes on.
    if (isLeaving && session !== null && recovery.flow === 'flowing') return;
    const wasFlowing = recovery.flow !== 'connecting';
    recovery = { ...createRecovery(false), flow: wasFlowing ? 'lost' : 'connecting' };
    cancelDeadline();
    cancelDeadline = nothing;
  }

  function handleLost(): void {
    mustLeave = false;
    isAhead = false;
    leaving.end();
    session?.close();
    session = null;
    recover({ type: 'path', state: 'disconnected', now: timers.now() });
    void open(false);
  }

  return {
    start() {
      if (isStarted || isClosed) return;
      isStarted = true;
      arrivals.start();
      void open(false);
    },
    setTracks(next) {
      tracks = next;
      session?.publishing.setTracks(next);
      leaving.setTracks(next);
    },
    showTiles(next) {
      tiles = next;
      session?.receiving.follow();
    },
    setQuality(next, sending, bufferMs) {
      for (const { consumer } of remotes.parts()) consumer.setBuffer(bufferMs);
      if (JSON.stringify(sending) !== JSON.stringify(limits)) {
        limits = sending;
        options.seal.media.repeatSound(sending.repeats);
        session?.publishing.setLimits(sending);
      }
      if (JSON.stringify(next) === JSON.stringify(quality)) return;
      quality = next;
      session?.receiving.follow();
    },
    setOpen(next) {
      if (next === framesPass) return;
      framesPass = next;
      session?.publishing.setOpen(next);
      leaving.setOpen(next);
    },
    setPlaces: (deviceIds, moves) => remotes.setPlaces(deviceIds, moves),
    handleNotice(notice: CallNotice) {
      if (isClosed) return;
      if (notice.type === 'media_lost') return handleLost();
      if (notice.type === 'media_moving') {
        mustLeave = true;
        isAhead = true;
        return void open(false);
      }
      if (notice.type === 'media_speaker') {
        speakerDeviceId = notice.payload.deviceId ?? speakerDeviceId;
        session?.receiving.follow();
        return changed();
      }
      if (session === null) hasMissed = true;
      else if (!isAhead) session.handleNotice(notice);
    },
    refresh() {
      if (!isAhead) session?.refresh();
    },
    restart: () => session?.restartIce(),
    getState: () => state,
    getLevel: (deviceId) => remotes.getLevel(deviceId),
    getStats: () => session?.getStats() ?? Promise.resolve(null),
    close() {
      if (isClosed) return;
      isClosed = true;
      cancelDeadline();
      cancelRetry();
      unwatch();
      arrivals.close();
      leaving.end();
      session?.close();
      session = null;
      remotes.close();
    },
  };
}
