import { newDevices, NO_DEVICES, toDeviceList, type DeviceList } from './deviceList.ts';
import { openDevices, type Wanted } from './openDevices.ts';
import type { CaptureKind, KindFailure } from './problems.ts';
import { createShare, type OwnedShare } from './share.ts';
import { createSpeaker } from './speaker.ts';
import type { Capture, CaptureOptions, CaptureState } from './types.ts';

const KINDS = ['audio', 'video'] as const;
const DEVICE = { audio: 'microphone', video: 'camera' } as const;

/** One kind of device: what is open, what went wrong, what was chosen. */
interface Source {
  track: MediaStreamTrack | null;
  failure: KindFailure | null;
  chosenId: string | null;
  /** Another device was chosen while one is open. */
  isOutdated: boolean;
  isOpening: boolean;
  /** The one in use went away: say what takes its place, however long that takes. */
  wasLost: boolean;
}

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
  let speakerId = options.chosen?.speakerId ?? null;
  let state: CaptureState = view();
  let isRunning = false;
  let isClosed = false;

  function view(): CaptureState {
    return {
      ...list,
      cameraId: sources.video.track?.getSettings().deviceId ?? sources.video.chosenId,
      microphoneId: sources.audio.track?.getSettings().deviceId ?? sources.audio.chosenId,
      speakerId,
    };
  }

  /** Tells everybody what there is now. */
  function publish(): void {
    const facts = {
      sources: { audio: sources.audio.track, video: sources.video.track },
      failures: { audio: sources.audio.failure, video: sources.video.failure },
      opening: { audio: sources.audio.isOpening, video: sources.video.isOpening },
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
    const { track, failure, isOutdated } = sources[kind];
    return isWanted(kind) && failure === null && (track === null || isOutdated);
  };

  async function open(kinds: readonly CaptureKind[]): Promise<void> {
    const wanted: Wanted = Object.fromEntries(kinds.map((kind) => [kind, sources[kind].chosenId]));
    const isExchange = { audio: sources.audio.isOutdated, video: sources.video.isOutdated };
    for (const kind of kinds) sources[kind].isOutdated = false;
    const ask = devices === undefined ? null : devices.getUserMedia.bind(devices);
    const opened = await openDevices(wanted, ask);
    for (const kind of kinds) {
      const result = opened[kind] ?? 'missing';
      if (typeof result === 'string') handleFailure(kind, result);
      else take(kind, result, isExchange[kind]);
      sources[kind].isOpening = false;
    }
    publish();
    void refreshList();
  }

  function take(kind: CaptureKind, track: MediaStreamTrack, isExchange: boolean): void {
    const source = sources[kind];
    if (isClosed || !isWanted(kind)) return track.stop();
    if (isExchange && source.track !== null && track.getSettings().deviceId !== source.chosenId) {
      track.stop();
      return makeRoom(source);
    }
    source.track?.stop();
    source.track = track;
    source.failure = null;
    track.addEventListener('ended', () => handleEnded(kind, track));
    if (source.wasLost) options.onNotice?.({ type: 'changed', device: DEVICE[kind], label: track.label });
    source.wasLost = false;
  }

  function handleFailure(kind: CaptureKind, failure: KindFailure): void {
    const source = sources[kind];
    if (source.track !== null) return makeRoom(source);
    source.failure = failure === 'missing' && source.wasLost ? 'unplugged' : failure;
  }

  /** Unplugged, or the permission was taken back: our own `stop` does not come here. */
  function handleEnded(kind: CaptureKind, track: MediaStreamTrack): void {
    const source = sources[kind];
    if (source.track !== track) return;
    source.track = null;
    source.wasLost = true;
    void reconcile();
  }

  async function refreshList(): Promise<void> {
    if (devices === undefined) return;
    const infos = await devices.enumerateDevices().catch(() => []);
    if (isClosed) return;
    list = toDeviceList(infos, speaker.canChoose);
    if (speakerId !== null && list.speakers.length > 0 && !list.speakers.some(({ id }) => id === speakerId)) {
      speakerId = null;
      speaker.choose(null);
    }
    publish();
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
    }
    await reconcile();
  }

  const handleChange = (): void => void handleDeviceChange();
  devices?.addEventListener('devicechange', handleChange);
  void refreshList();

  const choose = (kind: CaptureKind, id: string): void => {
    const source = sources[kind];
    if (source.chosenId === id && source.track?.getSettings().deviceId === id) return;
    source.chosenId = id;
    source.failure = null;
    source.isOutdated = source.track !== null && source.track.getSettings().deviceId !== id;
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
      speakerId = id;
      speaker.choose(id);
      publish();
    },
    playThroughSpeaker: (element) => speaker.play(element),
    close() {
      if (isClosed) return;
      isClosed = true;
      devices?.removeEventListener('devicechange', handleChange);
      for (const { share } of shares) share.close();
      for (const kind of KINDS) release(sources[kind]);
      listeners.clear();
      speaker.close();
    },
  };
}

const createSource = (chosenId: string | null): Source => ({
  track: null,
  failure: null,
  chosenId,
  isOutdated: false,
  isOpening: false,
  wasLost: false,
});

/** Some machines cannot have two cameras open at once: the old one goes first, then it is tried again. */
function makeRoom(source: Source): void {
  source.track?.stop();
  source.track = null;
}

function release(source: Source): void {
  source.track?.stop();
  source.track = null;
  source.failure = null;
  source.wasLost = false;
  source.isOutdated = false;
}
