import { realTimers } from '../../timers.ts';
import { createBackground, NO_BACKGROUND } from '../background/background.ts';
import { createStrongNoise } from '../denoise/strongNoise.ts';
import { newDevices, NO_DEVICES, toDeviceList, type DeviceList } from './deviceList.ts';
import { openDevices, type Wanted } from './openDevices.ts';
import type { CaptureKind, KindFailure } from './problems.ts';
import { deviceToTurnTo, speakerInUse } from './returning.ts';
import { createShare, type OwnedShare } from './share.ts';
import { DEFAULT_SOUND, processingOf, sameProcessing, switchable, type SoundProcessing } from './sound.ts';
import {
  chooseDevice,
  createSource,
  makeRoom,
  release,
  reprocess,
  type Exchange,
  type Source,
} from './source.ts';
import { createSpeaker } from './speaker.ts';
import type { Capture, CaptureOptions, CaptureState } from './types.ts';

const KINDS = ['audio', 'video'] as const;
const DEVICE = { audio: 'microphone', video: 'camera' } as const;

/** Opens devices when the first share wants them and releases them with the last. */
export function createCapture(options: CaptureOptions = {}): Capture {
  const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
  const speaker = createSpeaker(options.chosen?.speakerId ?? null);
  const sources: Record<CaptureKind, Source> = {
    audio: createSource(options.chosen?.microphoneId ?? null),
    video: createSource(options.chosen?.cameraId ?? null),
  };
  const shares = new Set<OwnedShare>();
  const listeners = new Set<() => void>();
  let list = NO_DEVICES;
  let chosenSpeakerId = options.chosen?.speakerId ?? null;
  let speakerId = chosenSpeakerId;
  let sound = options.sound ?? DEFAULT_SOUND;
  const strongNoise = createStrongNoise({
    open: options.openDenoiseGraph ?? null,
    timers: options.timers ?? realTimers,
    onChange: publish,
    onFailed: () => options.onNotice?.({ type: 'strong_noise_failed' }),
  });
  let wish = options.background ?? NO_BACKGROUND;
  const background = createBackground({
    open: options.openBackgroundGraph ?? null,
    loadPicture: options.loadBackground ?? (() => Promise.reject(new Error('there are no pictures'))),
    timers: options.timers ?? realTimers,
    onChange: publish,
    onNotice: (type) => options.onNotice?.({ type }),
  });
  let state: CaptureState = view();
  let isRunning = false;
  let isClosed = false;

  function view(): CaptureState {
    return {
      ...list,
      cameraId: sources.video.track?.getSettings().deviceId ?? sources.video.chosenId,
      microphoneId: sources.audio.track?.getSettings().deviceId ?? sources.audio.chosenId,
      speakerId,
      facesAway: sources.video.track?.getSettings().facingMode === 'environment',
      strongNoise: strongNoise.getState(),
      background: background.getState(),
      switchable: switchable(devices),
    };
  }

  /** Tells everybody what there is now. */
  function publish(): void {
    if (isClosed) return;
    const microphone = sources.audio.track;
    const camera = sources.video.track;
    strongNoise.follow(microphone, sound.mode === 'strong');
    background.follow(camera, wish);
    const shown = background.trackOf(camera);
    const isWaited = camera !== null && shown === null;
    const facts = {
      sources: { audio: strongNoise.trackOf(microphone), video: shown },
      microphone,
      failures: { audio: sources.audio.failure, video: sources.video.failure },
      opening: { audio: sources.audio.isOpening, video: sources.video.isOpening || isWaited },
    };
    for (const share of shares) share.update(facts);
    const next = view();
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const isWanted = (kind: CaptureKind): boolean => [...shares].some((share) => share.wants(kind));

  /** Brings what is open in line with what is wanted; one question to the browser at a time. */
  async function reconcile(): Promise<void> {
    for (const kind of KINDS) {
      if (!isWanted(kind)) release(sources[kind]);
    }
    const needed = KINDS.filter(needsOpening);
    for (const kind of needed) sources[kind].isOpening = true;
    publish();
    if (isRunning || needed.length === 0) return;
    isRunning = true;
    try {
      await open(needed);
    } finally {
      isRunning = false;
      for (const kind of KINDS) sources[kind].isOpening = false;
    }
    await reconcile();
  }

  const needsOpening = (kind: CaptureKind): boolean => {
    const { track, failure, exchange } = sources[kind];
    return isWanted(kind) && failure === null && (track === null || exchange !== null);
  };

  async function open(kinds: readonly CaptureKind[]): Promise<void> {
    const wanted: Wanted = Object.fromEntries(
      kinds.map((kind) => [kind, sources[kind].exchange?.id ?? sources[kind].chosenId]),
    );
    const exchanges = { audio: sources.audio.exchange, video: sources.video.exchange };
    for (const kind of kinds) sources[kind].exchange = null;
    const processing = processingOf(sound);
    const ask = devices === undefined ? null : devices.getUserMedia.bind(devices);
    const opened = await openDevices(wanted, processing, ask);
    for (const kind of kinds) {
      const result = opened[kind] ?? 'missing';
      if (typeof result === 'string') handleFailure(kind, result, processing);
      else take(kind, result, exchanges[kind], processing);
      sources[kind].isOpening = false;
    }
    // It may have been wished for in another way meanwhile.
    reprocess(sources.audio, processingOf(sound));
    publish();
    void refreshList();
  }

  function take(
    kind: CaptureKind,
    track: MediaStreamTrack,
    exchange: Exchange | null,
    processing: SoundProcessing,
  ): void {
    const source = sources[kind];
    if (isClosed || !isWanted(kind)) return track.stop();
    const id = track.getSettings().deviceId ?? '';
    if (exchange !== null && source.track !== null && id !== exchange.id) {
      track.stop();
      return makeRoom(source);
    }
    if (source.wasLost || exchange?.isByItself === true)
      options.onNotice?.({ type: 'changed', device: DEVICE[kind], label: track.label });
    source.track?.stop();
    source.track = track;
    source.inUse = { id, label: track.label };
    source.failure = null;
    source.wasLost = false;
    if (kind === 'audio') source.processing = processing;
    if (source.lostId === id) source.lostId = null;
    else if (source.chosenId !== null && source.chosenId !== id) source.lostId ??= source.chosenId;
    track.addEventListener('ended', () => handleEnded(kind, track));
  }

  function handleFailure(kind: CaptureKind, failure: KindFailure, processing: SoundProcessing): void {
    const source = sources[kind];
    if (source.track === null) {
      source.failure = failure === 'missing' && source.wasLost ? 'unplugged' : failure;
      return;
    }
    const isSame = kind === 'video' || sameProcessing(source.processing ?? processing, processing);
    if (isSame) return makeRoom(source);
    // Not asked for again and again: it is what it is until something else is wished for.
    source.processing = processing;
    options.onNotice?.({ type: 'sound_kept' });
  }

  /** Unplugged, or the permission was taken back: our own `stop` does not come here. */
  function handleEnded(kind: CaptureKind, track: MediaStreamTrack): void {
    const source = sources[kind];
    if (source.track !== track) return;
    source.track = null;
    source.exchange = null;
    source.lostId ??= source.inUse?.id ?? null;
    source.wasLost = true;
    void reconcile();
  }

  async function refreshList(): Promise<void> {
    if (devices === undefined) return;
    const infos = await devices.enumerateDevices().catch(() => []);
    if (isClosed) return;
    list = toDeviceList(infos, speaker.canChoose);
    followSpeaker();
    publish();
  }

  function followSpeaker(): void {
    const next = speakerInUse(list.speakers, chosenSpeakerId);
    if (next === speakerId) return;
    speakerId = next;
    speaker.choose(next);
    if (shares.size === 0) return;
    const label = list.speakers.find(({ id }) => id === next)?.label ?? '';
    options.onNotice?.({ type: 'changed', device: 'speaker', label });
  }

  /** Headphones that are back, or that the system has turned to. */
  function turnBack(kind: CaptureKind, before: DeviceList): void {
    const source = sources[kind];
    if (source.track === null || source.inUse === null) return;
    const of = (devices: DeviceList) => (kind === 'audio' ? devices.microphones : devices.cameras);
    const id = deviceToTurnTo(of(before), of(list), source.inUse, source.lostId);
    if (id !== null) source.exchange ??= { id, isByItself: true };
  }

  function offerNew(before: DeviceList, after: DeviceList): void {
    for (const { kind, choice } of newDevices(before, after)) {
      options.onNotice?.({ type: 'available', device: DEVICE[kind], ...choice });
    }
  }

  async function handleDeviceChange(): Promise<void> {
    const before = list;
    await refreshList();
    if (shares.size > 0) offerNew(before, list);
    for (const kind of KINDS) {
      const { failure } = sources[kind];
      // What was missing may be there now; a refusal stands until the person changes it.
      if (failure !== 'denied' && failure !== 'insecure') sources[kind].failure = null;
      turnBack(kind, before);
    }
    await reconcile();
  }

  const handleChange = (): void => void handleDeviceChange();
  devices?.addEventListener('devicechange', handleChange);
  void refreshList();

  const choose = (kind: CaptureKind, id: string): void => {
    const source = sources[kind];
    if (source.chosenId === id && source.inUse?.id === id && source.track !== null) return;
    chooseDevice(source, id);
    void reconcile();
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open(want) {
      const owned = createShare(want, {
        handleWanted: (again) => {
          for (const kind of again) sources[kind].failure = null;
          void reconcile();
        },
        handleClosed: (share) => {
          shares.delete(share);
          void reconcile();
        },
      });
      if (isClosed) owned.share.close();
      else shares.add(owned);
      for (const kind of KINDS) {
        if (owned.wants(kind)) sources[kind].failure = null;
      }
      void reconcile();
      return owned.share;
    },
    chooseCamera: (id) => choose('video', id),
    chooseMicrophone: (id) => choose('audio', id),
    chooseSpeaker(id) {
      chosenSpeakerId = id;
      speakerId = id;
      speaker.choose(id);
      publish();
    },
    setSound(wishes) {
      sound = wishes;
      reprocess(sources.audio, processingOf(sound));
      void reconcile();
    },
    setBackground(next) {
      wish = next;
      publish();
    },
    playThroughSpeaker: (element) => speaker.play(element),
    close() {
      if (isClosed) return;
      isClosed = true;
      strongNoise.close();
      background.close();
      devices?.removeEventListener('devicechange', handleChange);
      for (const { share } of shares) share.close();
      for (const kind of KINDS) release(sources[kind]);
      listeners.clear();
      speaker.close();
    },
  };
}
