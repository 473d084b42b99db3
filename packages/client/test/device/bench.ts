import type { ChosenMedia, DeviceRequest } from '@visavis/call';
import type { Bytes } from '@visavis/encryption';
import type { CallNotice, CallQuality, CallSnapshot, Signal, UnnumberedEvent } from '@visavis/protocol';
import {
  createDevice,
  type CallSeal,
  type Device,
  type GroupNotice,
  type SealHandlers,
  type SealState,
  type TalkLine,
} from '../../src/device/index.ts';
import type {
  DirectMedia,
  DirectMediaOptions,
  DirectMediaState,
  ForwardedMedia,
  ForwardedMediaOptions,
  ForwardedMediaState,
  ForwardedTracks,
  ScreenFailure,
} from '../../src/media/index.ts';
import type { LinkAnswer, LinkHandlers } from '../../src/signaling/index.ts';
import type { ReceivingWishes, SendingLimits } from '../../src/quality/index.ts';
import { NO_SEALED_MEDIA } from '../media/fakeSfu.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { createFakeCapture, type FakeShare } from './fakeCapture.ts';

export const CALL = '00000000-0000-4000-8000-0000000000ca';
export const OWN_DEVICE = '00000000-0000-4000-8000-0000000000ad';
export const BEN = {
  userId: '00000000-0000-4000-8000-0000000000be',
  handle: 'ben',
  name: 'Ben',
  avatarUrl: null,
};

export const snapshot = (change: Partial<CallSnapshot>): CallSnapshot => ({
  callId: CALL,
  callType: 'video',
  state: 'ringing',
  direction: 'outgoing',
  peer: BEN,
  createdAt: 0,
  ringDeadlineAt: 1_045_000,
  connectedAt: null,
  progress: [],
  silent: false,
  joined: true,
  mediaState: null,
  remote: null,
  ...change,
});

const TAG_BYTES = 16;
let tags = 0;
/** As good as sealed: nobody reads it by chance, and it never ends with the same tag. */
export const sealed = (bytes: Bytes): Bytes => {
  tags += 1;
  const tag = tags.toString(16).padStart(TAG_BYTES, '0');
  return Uint8Array.from([...bytes.map((byte) => byte ^ 0xff), ...new TextEncoder().encode(tag)]);
};
export const opened = (bytes: Bytes): Bytes => bytes.slice(0, -TAG_BYTES).map((byte) => byte ^ 0xff);

export const REMOTE = {
  userId: BEN.userId,
  deviceId: '00000000-0000-4000-8000-0000000000bd',
  deviceName: 'Laptop',
  mediaState: {
    muted: false,
    camera: true,
    screen: false,
    hand: false,
    held: false,
  },
};

interface FakeMedia {
  readonly options: DirectMediaOptions;
  readonly log: string[];
  /** How much is to be sent. */
  limits: SendingLimits | null;
  bufferMs: number | null;
  /** What the browser says of it. */
  report: RTCStatsReport | null;
  change(state: Partial<DirectMediaState>): void;
}

interface FakeSeal {
  readonly handlers: SealHandlers;
  readonly log: string[];
  /** Who was said to be in the call, each time. */
  readonly presents: (readonly string[])[];
  /** What happens while something is sealed. */
  whileSealing: (() => void) | null;
  change(state: Partial<SealState>): void;
}

interface FakeForwarded {
  readonly options: ForwardedMediaOptions;
  readonly log: string[];
  quality: {
    readonly wishes: ReceivingWishes;
    readonly limits: SendingLimits;
    readonly bufferMs: number | null;
  } | null;
  report: RTCStatsReport | null;
  isOpen: boolean;
  change(state: Partial<ForwardedMediaState>): void;
}

interface FakeScreen {
  closed: boolean;
  /** By the browser's own bar. */
  end(): void;
}

/**
 * A device whose server, camera and connections the test plays.
 *
 * @param chosen - what its window remembers
 * @param talks - what was said in it before, by call
 */
export function createDeviceBench(
  chosen: ChosenMedia | null = null,
  talks = new Map<string, readonly TalkLine[]>(),
) {
  const timers = createVirtualTimers();
  const requests: { readonly request: DeviceRequest; answer(answer: LinkAnswer): void }[] = [];
  const medias: FakeMedia[] = [];
  const shares: FakeShare[] = [];
  const forwardeds: FakeForwarded[] = [];
  const seals: FakeSeal[] = [];
  const screens: FakeScreen[] = [];
  const groupNotices: GroupNotice[] = [];
  const meter: { level: number; decibels: number | null } = { level: 0, decibels: null };
  const summaries: { readonly callId: string; readonly quality: CallQuality }[] = [];
  /** How long the server takes to answer, in ms. */
  const server: { answersAfterMs: number | null } = { answersAfterMs: 20 };
  let remembered = chosen;
  let prepared = 0;
  let screenAnswer: ScreenFailure | null = null;
  const meters: { readonly track: MediaStreamTrack; closed: boolean }[] = [];
  let handlers: LinkHandlers | undefined;
  let busy = false;
  let ids = 0;

  const openSeal = (given: SealHandlers): CallSeal => {
    const log: string[] = [];
    const binds = new Map<string, string>();
    let joined = false;
    const presents: (readonly string[])[] = [];
    let state: SealState = { phase: 'preparing', devices: [], held: [], code: null };
    const fake: FakeSeal = {
      handlers: given,
      log,
      presents,
      whileSealing: null,
      change(change) {
        state = { ...state, ...change };
        given.onChange();
      },
    };
    seals.push(fake);
    return {
      media: NO_SEALED_MEDIA,
      bindTrack(track, deviceId) {
        if (binds.get(track) !== deviceId) log.push(`bind ${track} ${deviceId}`);
        binds.set(track, deviceId);
      },
      removeTrack: (track) => void log.push(`remove ${track}`),
      transports: { sign: () => Promise.resolve(null), check: () => Promise.resolve(true) },
      setPresent(devices) {
        presents.push(devices.map(({ userId, deviceId }) => `${userId} ${deviceId}`));
      },
      refuseConnection: () => void log.push('refuse'),
      allow: (deviceId) => void log.push(`allow ${deviceId}`),
      prepare: (callId) => void log.push(`prepare ${callId}`),
      join(callId) {
        if (!joined) log.push(`join ${callId}`);
        joined = true;
      },
      handleEvent: ({ type }) => void log.push(type),
      refresh: () => void log.push('refresh'),
      getState: () => state,
      getFacts: () =>
        Promise.resolve({
          keys: null,
          keyChanges: log.length,
          counters: { sent: [], received: [], messages: {} },
        }),
      sealData(content) {
        fake.whileSealing?.();
        return Promise.resolve(state.phase === 'sealed' ? sealed(content) : null);
      },
      openData: (userId, deviceId, bytes) =>
        Promise.resolve(userId === BEN.userId && deviceId === REMOTE.deviceId ? opened(bytes) : null),
      reconsider: () => void log.push('reconsider'),
      close: () => void log.push('close'),
    };
  };

  const createMedia = (options: DirectMediaOptions): DirectMedia => {
    const log: string[] = [];
    let state: DirectMediaState = {
      flow: 'connecting',
      gaveUp: false,
      remoteStream: null,
      remoteHasVideo: false,
      remoteHasAudio: false,
      path: null,
      connectionId: null,
    };
    let isOpen = false;
    const fake: FakeMedia = {
      options,
      log,
      limits: null,
      bufferMs: null,
      report: null,
      change(change) {
        state = { ...state, ...change };
        options.onChange(state);
      },
    };
    medias.push(fake);
    return {
      prepare: () => void log.push('prepare'),
      offer: () => void log.push('offer'),
      accept: () => void log.push('accept'),
      handleSignal: (signal: Signal) => void log.push(`signal ${signal.type}`),
      setTracks: ({ audio, video }) => void log.push(`tracks ${audio?.kind ?? '-'} ${video?.kind ?? '-'}`),
      setLimits: (limits) => void (fake.limits = limits),
      setOpen(next) {
        if (next !== isOpen) log.push(next ? 'open' : 'closed');
        isOpen = next;
      },
      setBuffer: (bufferMs) => void (fake.bufferMs = bufferMs),
      restart: () => void log.push('restart'),
      reconnect: () => void log.push('reconnect'),
      getState: () => state,
      getRemoteLevel: () => 0,
      getStats: () => Promise.resolve(fake.report),
      getCounters: () => ({
        refusedSignals: 0,
        droppedSignals: 0,
        refusedTransports: 0,
        sentDescriptions: 0,
        restarts: 0,
        connections: 0,
      }),
      close: () => void log.push('close'),
    };
  };

  const createForwardedMedia = (given: ForwardedMediaOptions): ForwardedMedia => {
    const log: string[] = [];
    let state: ForwardedMediaState = {
      flow: 'connecting',
      gaveUp: false,
      remotes: new Map(),
      screens: [],
      speakerDeviceId: null,
      path: 'forwarded',
      connectionId: null,
    };
    const note = ({ audio, video, screen }: ForwardedTracks): void =>
      void log.push(`tracks ${audio?.kind ?? '-'} ${video?.kind ?? '-'} ${screen === null ? '-' : 'screen'}`);
    const fake: FakeForwarded = {
      options: given,
      log,
      quality: null,
      report: null,
      isOpen: false,
      change(change) {
        state = { ...state, ...change };
        given.onChange(state);
      },
    };
    forwardeds.push(fake);
    return {
      start: () => void log.push('start'),
      setTracks: note,
      showTiles: (tiles) => void log.push(`tiles ${tiles.length}`),
      setPlaces: (_deviceIds, moves) => {
        if (moves.length > 0) fake.log.push(`places ${moves.map((each) => each.toDeviceId).join(' ')}`);
      },
      setOpen: (next) => void (fake.isOpen = next),
      setQuality: (wishes, limits, bufferMs) => void (fake.quality = { wishes, limits, bufferMs }),
      handleNotice: ({ type }) => void log.push(type),
      refresh: () => void log.push('refresh'),
      restart: () => void log.push('restart'),
      getState: () => state,
      getLevel: () => 0.5,
      getStats: () => Promise.resolve(fake.report),
      close: () => void log.push('close'),
    };
  };

  const capture = createFakeCapture(shares);
  const device: Device = createDevice({
    deviceId: OWN_DEVICE,
    guestKey: null,
    openLink(given) {
      handlers = given;
      return {
        request: (request) =>
          new Promise((resolve) => {
            requests.push({ request, answer: resolve });
          }),
        reconnectNow: () => undefined,
        measure: () => Promise.resolve(server.answersAfterMs),
        setBusy(next) {
          busy = next;
        },
        close: () => undefined,
      };
    },
    createMedia,
    openSeal,
    capture,
    createForwardedMedia,
    memory: {
      read: () => remembered,
      write(next) {
        remembered = next;
      },
    },
    talkMemory: {
      read: (callId) => talks.get(callId) ?? [],
      write: (callId, lines) => void (lines.length > 0 ? talks.set(callId, lines) : talks.delete(callId)),
      keep(callIds) {
        for (const callId of talks.keys()) if (!callIds.has(callId)) talks.delete(callId);
      },
    },
    prepareForwardedMedia() {
      prepared += 1;
    },
    openScreen() {
      if (screenAnswer !== null) return Promise.resolve(screenAnswer);
      const listeners: (() => void)[] = [];
      const screen: FakeScreen = { closed: false, end: () => listeners.forEach((listener) => listener()) };
      screens.push(screen);
      return Promise.resolve({
        video: { kind: 'video', enabled: true } as unknown as MediaStreamTrack,
        audio: null,
        stream: { id: 'screen' } as unknown as MediaStream,
        onEnded: (listener) => void listeners.push(listener),
        close() {
          screen.closed = true;
        },
      });
    },
    canShareScreen: true,
    createLevelMeter(track) {
      const made = { track, closed: false };
      meters.push(made);
      return {
        getLevel: () => meter.level,
        getDecibels: () => meter.decibels,
        close: () => void (made.closed = true),
      };
    },
    loadIceServers: () => Promise.resolve([]),
    loadEnd: () => Promise.resolve({ reason: 'hangup', durationMs: 5_000 }),
    saveQuality: (callId, quality) => void summaries.push({ callId, quality }),
    timers,
    makeId: () => `key-${(ids += 1)}`,
    policy: { relayOnly: false },
    onChange: () => undefined,
    onNotice: () => undefined,
    onGroupNotice: (notice) => void groupNotices.push(notice),
    onRegistered: () => undefined,
  });

  const lastRequest = () => {
    const last = requests.at(-1);
    if (last === undefined) throw new Error('nothing was requested');
    return last;
  };
  return {
    timers,
    device,
    requests,
    medias,
    shares,
    forwardeds,
    seals,
    screens,
    groupNotices,
    summaries,
    server,
    meter,
    remembered: () => remembered,
    prepared: () => prepared,
    refuseScreens(failure: ScreenFailure) {
      screenAnswer = failure;
    },
    meters,
    isBusy: () => busy,
    register(calls: readonly CallSnapshot[] = [], resumed = false) {
      handlers?.onState({ name: 'registered' });
      handlers?.onRegistered({ resumed, calls, clockOffsetMs: 0 });
    },
    loseLink: () => handlers?.onState({ name: 'waiting', sinceAt: 0 }),
    say(event: UnnumberedEvent) {
      handlers?.onEvent({ ...event, seq: 1 });
    },
    notice(notice: CallNotice) {
      handlers?.onNotice(notice);
    },
    lastRequest,
    /** Answers the newest request of this type and lets what waits for it run. */
    async answer(type: DeviceRequest['type'], answer: LinkAnswer) {
      requests
        .filter(({ request }) => request.type === type)
        .at(-1)
        ?.answer(answer);
      await Promise.resolve();
      await Promise.resolve();
    },
    types: () => requests.map(({ request }) => request.type),
    phases: () => device.getView().calls.map(({ call }) => call.phase),
  };
}
