import { findByKey, type ClientCall } from '@visavis/call';
import type { MediaState } from '@visavis/protocol';
import {
  DIRECT_TRACKS,
  hearMicrophone,
  hintOf,
  NOTHING_HEARD,
  type CaptureShare,
  type DirectMedia,
  type HeardMicrophone,
  type LevelMeter,
  type LocalTracks,
  type MicrophoneHint,
} from '../media/index.ts';
import { isBeginning, type Beginning } from './beginning.ts';
import type { CallMedia, CallMediaOptions } from './callMediaTypes.ts';
import { createGroupMedia } from './groupMedia.ts';
import { createMediaQuality } from './mediaQuality.ts';
import { tellChecking } from './checking.ts';
import type { CallSeal, SealState } from './seal.ts';
import type { DeviceCallView } from './types.ts';

interface Entry extends Beginning {
  share: CaptureShare | null;
  unsubscribe: (() => void) | null;
  /** What is measured, and with what: null before anybody wants to know. */
  metered: MediaStreamTrack | null;
  meter: LevelMeter | null;
  heard: HeardMicrophone;
  media: DirectMedia | null;
  /** Of the direct media. */
  seal: CallSeal | null;
  polite: boolean;
  failures: number;
  /** The last thing that was wrong, until the person tries again. */
  problem: DeviceCallView['local']['problem'];
}

/** What encrypts dies when the browser is out of memory, or by a fault of ours: then again and again. */
const MOST_FAILURES = 2;
const NO_TRACKS: LocalTracks = { audio: null, video: null };

export function createCallMedia(options: CallMediaOptions): CallMedia {
  const entries = new Map<string, Entry>();
  const groups = createGroupMedia({
    ...options,
    ...options.group,
    onChange: changed,
    tracksOf: (key) => cameraAndMicrophone(key),
    qualityOf: (key) => ({
      wishes: quality.wishesOf(key),
      limits: quality.limitsOf(key),
      bufferMs: quality.bufferOf(key),
    }),
    onFlow: reportFlow,
  });

  const quality = createMediaQuality({
    ...options,
    directOf: (key) => entries.get(key)?.media ?? null,
    groups,
  });

  function changed(): void {
    tellChecking(options.getState().calls, (call) => sealStateOf(call)?.phase ?? null, options.dispatch);
    options.onChange();
  }

  function entryOf(key: string): Entry {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      share: null,
      unsubscribe: null,
      metered: null,
      meter: null,
      heard: NOTHING_HEARD,
      media: null,
      seal: null,
      polite: false,
      failures: 0,
      hasArrived: false,
      beganAt: null,
      problem: null,
    };
    entries.set(key, entry);
    return entry;
  }

  function createMedia(key: string, polite: boolean): DirectMedia {
    const entry = entryOf(key);
    entry.media?.close();
    entry.polite = polite;
    const media = options.createMedia({
      polite,
      seal: sealOf(key, entry),
      local: tracksOf(key, entry),
      loadIceServers: options.loadIceServers,
      policy: options.policy,
      sendSignal: (signal) => options.sendSignal(key, signal),
      onChange: (state) => {
        if (entry.media !== media) return;
        entry.hasArrived ||= state.remoteHasAudio || state.remoteHasVideo;
        reportFlow(key);
        // CALL3: once a call has grown, the forwarded media say whether there is any point in going on.
        if (state.gaveUp && !groups.has(key)) options.dispatch({ type: 'media_gave_up', key });
        options.onChange();
      },
    });
    entry.media = media;
    media.setLimits(quality.limitsOf(key));
    followOpening(entry);
    return media;
  }

  const followOpening = ({ media, seal }: Entry): void => media?.setOpen(seal?.getState().phase === 'sealed');

  const sealStateOf = ({ key }: Pick<ClientCall, 'key'>): SealState | null =>
    (groups.sealOf(key) ?? entries.get(key)?.seal)?.getState() ?? null;

  const isSealed = (call: ClientCall): boolean => sealStateOf(call)?.phase === 'sealed';

  function sealOf(key: string, entry: Entry): CallSeal {
    entry.seal ??= options.openSeal({
      isDirect: true,
      request: options.group.request,
      onChange() {
        followOpening(entry);
        changed();
      },
      onFailed: () => mend(key, entry),
      // They are in group calls only.
      isGuest: () => Promise.resolve(false),
    });
    return entry.seal;
  }

  /** What encrypted has died: this device goes on as one that was reloaded. */
  function mend(key: string, entry: Entry): void {
    const call = findByKey(options.getState(), key);
    entry.failures += 1;
    if (call === undefined || entry.media === null || entry.failures > MOST_FAILURES)
      return options.onChange();
    closeDirect(entry);
    const media = createMedia(key, entry.polite);
    if (call.phase === 'joined') media.accept();
    else media.prepare();
    if (call.phase === 'joined' || call.direction === 'outgoing') media.offer();
    followSeal(call, entry);
    options.onChange();
  }

  function followCall(key: string, entry: Entry): void {
    const call = findByKey(options.getState(), key);
    if (call !== undefined) followSeal(call, entry);
  }

  /**
   * Takes part in the keys of a call as soon as its person is in it, and lets in whoever answers. Whoever answers asks for keys right
   * behind the answer: the server takes what is asked of a call in its order, and a passage there and back is saved.
   */
  function followSeal(call: ClientCall, { seal }: Entry): void {
    if (seal === null || call.group !== null) return;
    if (call.phase === 'incoming') seal.prepare(call.callId);
    if (call.phase === 'calling' || call.phase === 'answering' || call.phase === 'joined')
      seal.join(call.callId);
    if (call.phase !== 'joined' || call.remote === null) return;
    seal.setPresent([{ userId: call.peer.userId, deviceId: call.remote.deviceId }]);
    for (const source of Object.values(DIRECT_TRACKS)) seal.bindTrack(source, call.remote.deviceId, source);
  }

  /** CALL2: of whichever media there are. */
  function reportFlow(key: string): void {
    const direct = entries.get(key)?.media?.getState().flow;
    const forwarded = groups.flowOf(key);
    const flow = forwarded === null || direct === 'flowing' ? direct : forwarded;
    const call = findByKey(options.getState(), key);
    if (flow === undefined || call?.phase !== 'joined' || call.flow === flow) return;
    options.dispatch({ type: 'flow_changed', key, flow });
  }

  const cameraAndMicrophone = (key: string): LocalTracks => {
    const entry = entries.get(key);
    return entry === undefined ? NO_TRACKS : tracksOf(key, entry);
  };

  function closeDirect(entry: Entry): void {
    entry.media?.close();
    entry.media = null;
    entry.seal?.close();
    entry.seal = null;
  }

  function grow(key: string, entry: Entry): void {
    const isRefused = entry.seal?.getState().held.some(({ why }) => why === 'connection') ?? false;
    groups.open(key, entry.media, () => closeDirect(entry));
    // The person has to see it, and hangs up: who led it somewhere else would be there, too.
    if (isRefused) groups.refuseConnection(key);
  }

  const isGroup = (key: string): boolean => (findByKey(options.getState(), key)?.group ?? null) !== null;

  function tracksOf(key: string, entry: Entry): LocalTracks {
    const call = findByKey(options.getState(), key);
    const share = entry.share?.getState();
    if (call === undefined || share === undefined || call.mediaState.held) return NO_TRACKS;
    return { audio: share.audio, video: share.video };
  }

  function openShare(key: string, entry: Entry, wanted: MediaState): CaptureShare {
    const share = options.capture.open({ audio: true, video: wanted.camera });
    entry.unsubscribe = share.subscribe(() => {
      if (entry.share !== share) return;
      handleShare(key, entry, share);
    });
    return share;
  }

  /** What could not be opened is not sent: the others are told so, and the person why. */
  function handleShare(key: string, entry: Entry, share: CaptureShare): void {
    const { audio, video, heard, opening, problem, camera } = share.getState();
    entry.media?.setTracks(tracksOf(key, entry));
    groups.followTracks(key);
    measure(entry, heard);
    // A camera that failed is turned off, and the reason stays to be read until it is tried again.
    if (problem !== null) entry.problem = problem;
    else if (camera && video !== null) entry.problem = null;
    const call = findByKey(options.getState(), key);
    if (call !== undefined && call.phase !== 'ended' && problem !== null && !opening) {
      const change = {
        ...(camera && video === null && call.mediaState.camera ? { camera: false } : {}),
        ...(audio === null && !call.mediaState.muted ? { muted: true } : {}),
      };
      if (Object.keys(change).length > 0) options.dispatch({ type: 'set_media', key, change });
    }
    options.onChange();
  }

  function measure(entry: Entry, audio: MediaStreamTrack | null): void {
    if (entry.metered === audio) return;
    entry.meter?.close();
    entry.metered = audio;
    entry.meter = null;
    entry.heard = NOTHING_HEARD;
  }

  /** Made for whoever looks: it stops this thread for 7 ms (measured), which a call that is being set up has no time for. */
  function meterOf(entry: Entry): LevelMeter | null {
    if (entry.metered !== null) entry.meter ??= options.createLevelMeter(entry.metered);
    return entry.meter;
  }

  /** Once there is a call: while it is set up nobody is told anything, and this thread has no time for it. */
  function hintFor(call: ClientCall, entry: Entry | undefined): MicrophoneHint | null {
    const { mediaState } = call;
    if (call.phase !== 'joined' || call.flow === 'connecting' || mediaState.held) return null;
    if (entry === undefined || isBeginning(call, entry, options.timers.now())) return null;
    const meter = meterOf(entry);
    const loudness = meter === null ? null : { level: meter.getLevel(), decibels: meter.getDecibels() };
    entry.heard = hearMicrophone(entry.heard, loudness, mediaState.muted, options.timers.now());
    return hintOf(entry.heard, mediaState.muted);
  }

  function closeEntry(key: string, entry: Entry): void {
    groups.close(key);
    closeDirect(entry);
    entry.meter?.close();
    entry.unsubscribe?.();
    entry.share?.close();
    entries.delete(key);
  }

  return {
    run(effect) {
      const entry = entryOf(effect.key);
      switch (effect.type) {
        case 'media_prepare':
          if (isGroup(effect.key)) return groups.prepare(effect.key);
          createMedia(effect.key, effect.polite).prepare();
          return followCall(effect.key, entry);
        case 'media_offer':
          entry.media?.offer();
          return;
        case 'media_accept':
          if (isGroup(effect.key)) return groups.open(effect.key, null);
          entry.media?.accept();
          for (const signal of effect.signals) entry.media?.handleSignal(signal);
          return;
        case 'media_signal':
          entry.media?.handleSignal(effect.signal);
          return;
        case 'media_grow':
          return grow(effect.key, entry);
        case 'media_rejoin':
          if (isGroup(effect.key)) return grow(effect.key, entry);
          if (entry.media === null) {
            const media = createMedia(effect.key, effect.polite);
            media.accept();
            media.offer();
          } else {
            entry.media.accept();
            entry.media.reconnect();
          }
          return;
        case 'media_close':
          groups.close(effect.key);
          closeDirect(entry);
          return;
      }
    },
    follow() {
      const { calls } = options.getState();
      for (const [key, entry] of entries) {
        const call = calls.find((other) => other.key === key);
        if (call === undefined || call.phase === 'ended') closeEntry(key, entry);
      }
      for (const call of calls) {
        if (call.phase === 'ended' || call.phase === 'incoming') continue;
        const entry = entryOf(call.key);
        const { muted, held, camera } = call.mediaState;
        if (entry.share === null) {
          entry.share = openShare(call.key, entry, call.mediaState);
          handleShare(call.key, entry, entry.share);
        }
        const share = entry.share.getState();
        if (share.muted !== (muted || held)) entry.share.setMuted(muted || held);
        if (share.camera !== (camera && !held)) {
          if (camera) entry.problem = null;
          entry.share.setCamera(camera && !held);
        }
        entry.media?.setTracks(tracksOf(call.key, entry));
        entry.media?.setLimits(quality.limitsOf(call.key));
        followSeal(call, entry);
        groups.enter(call);
        groups.follow(call);
        if (groups.has(call.key)) reportFlow(call.key);
      }
      quality.follow();
    },
    isSealed,
    view(call) {
      const entry = entries.get(call.key);
      const stream = entry?.share?.getState().stream ?? null;
      return {
        call,
        local: { stream, problem: entry?.problem ?? null, hint: hintFor(call, entry) },
        media: entry?.media?.getState() ?? null,
        seal: sealStateOf(call),
        group: call.group === null ? null : groups.view(call.key, options.ownDevicesOf(call)),
        quality: quality.view(call.key),
      };
    },
    getLevels(key) {
      const entry = entries.get(key);
      const call = findByKey(options.getState(), key);
      const isSilent = entry?.share?.getState().muted ?? true;
      const waits =
        entry !== undefined && call !== undefined && isBeginning(call, entry, options.timers.now());
      return {
        local: entry === undefined || isSilent || waits ? 0 : (meterOf(entry)?.getLevel() ?? 0),
        // As in group calls: beside a picture nobody sees it.
        remote: entry?.media?.getState().remoteHasVideo === false ? entry.media.getRemoteLevel() : 0,
      };
    },
    getStats: (key) => quality.getStats(key),
    getStatistics: (key) => quality.getStatistics(key),
    getPoints: (key) => quality.getPoints(key),
    setQuality: (wishes) => quality.setWishes(wishes),
    hidePictures: (key, hidden) => quality.hidePictures(key, hidden),
    getSealFacts: (key) =>
      groups.getSealFacts(key) ?? entries.get(key)?.seal?.getFacts() ?? Promise.resolve(null),
    handleNotice: (key, notice) => groups.handleNotice(key, notice),
    handleKeys(key, event) {
      if (isGroup(key)) groups.handleKeys(key, event);
      else entries.get(key)?.seal?.handleEvent(event);
    },
    groupSealOf: (key) => groups.sealOf(key),
    reconsiderGuests: () => groups.reconsider(),
    refresh: () => groups.refresh(),
    refreshKeys() {
      for (const [key, { seal }] of entries) if (!isGroup(key)) seal?.refresh();
      groups.refreshKeys();
    },
    allowDevice(key, deviceId) {
      if (groups.sealOf(key) === null) entries.get(key)?.seal?.allow(deviceId);
      else groups.allowDevice(key, deviceId);
    },
    shareScreen(key) {
      const call = findByKey(options.getState(), key);
      if (call === undefined || call.phase === 'ended' || call.phase === 'incoming') return;
      groups.shareScreen(key);
    },
    stopSharing: (key) => groups.stopSharing(key),
    showTiles: (key, tiles) => groups.showTiles(key, tiles),
    close() {
      quality.close();
      for (const [key, entry] of entries) closeEntry(key, entry);
    },
  };
}
