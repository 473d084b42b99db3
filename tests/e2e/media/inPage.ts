import {
  createCapture,
  createDirectMedia,
  createLevelMeter,
  type Capture,
  type CaptureNotice,
  type CaptureShare,
  type CaptureShareState,
  type DirectMedia,
  type DirectMediaCounters,
  type DirectMediaState,
  type LevelMeter,
} from '@visavis/client';
import type { Signal } from '@visavis/protocol';
import { openTestSeal, type TestSeal } from './testSeal.ts';

/** What a test can see of one end. */
export interface EndFacts {
  readonly state: Omit<DirectMediaState, 'remoteStream'>;
  readonly counters: DirectMediaCounters;
  readonly framesDecoded: number;
  readonly framesSent: number;
  readonly sentHeight: number;
  readonly audioEnergy: number;
  readonly fmtp: string;
  /** What the encoders are told: bits per second by kind, and what gives way first where the browser knows that. */
  readonly maxBitrates: Readonly<Record<string, number | undefined>>;
  readonly degradation: string | undefined;
  readonly localLevel: number;
  readonly remoteLevel: number;
  readonly streamId: string | null;
  readonly share: Pick<CaptureShareState, 'muted' | 'camera' | 'opening' | 'problem'> & {
    readonly audio: string | null;
    readonly video: string | null;
    readonly videoLabel: string | null;
  };
  readonly cameras: readonly string[];
  readonly notices: readonly CaptureNotice[];
}

interface End {
  readonly capture: Capture;
  readonly share: CaptureShare;
  readonly media: DirectMedia;
  readonly seal: TestSeal;
  readonly player: HTMLVideoElement;
  readonly notices: CaptureNotice[];
  meter: LevelMeter | null;
}

/** Every connection made in this page, oldest first: what the client does to them can be looked at. */
const peers: RTCPeerConnection[] = [];
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    peers.push(this);
  }
};

let end: End | null = null;
const signals: Signal[] = [];

const current = (): End => {
  if (end === null) throw new Error('not started');
  return end;
};

export function start(polite: boolean, video: boolean): void {
  const notices: CaptureNotice[] = [];
  const capture = createCapture({ onNotice: (notice) => notices.push(notice) });
  const share = capture.open({ audio: true, video });
  const player = document.createElement('video');
  player.autoplay = true;
  player.playsInline = true;
  document.body.append(player);
  const seal = openTestSeal(polite);
  const media = createDirectMedia({
    polite,
    seal,
    local: { audio: null, video: null },
    loadIceServers: () => Promise.resolve([]),
    sendSignal: (signal) => signals.push(signal),
    onChange: ({ remoteStream }) => {
      if (player.srcObject !== remoteStream) player.srcObject = remoteStream;
    },
    policy: { relayOnly: false },
  });
  media.setOpen(true);
  end = { capture, share, media, seal, player, notices, meter: null };
  const follow = (): void => {
    const { audio, video } = share.getState();
    media.setTracks({ audio, video });
    if (audio !== null && end?.meter === null) end.meter = createLevelMeter(new MediaStream([audio]));
  };
  share.subscribe(follow);
  follow();
}

/** The other's page was loaded so often. */
export const bindTo = (leaf: number): void => current().seal.bindTo(leaf);
export const prepare = (): void => current().media.prepare();
export const offer = (): void => current().media.offer();
export const accept = (): void => current().media.accept();
export const restart = (): void => current().media.restart();
export const reconnect = (): void => current().media.reconnect();
export const closeMedia = (): void => current().media.close();
export const setCamera = (on: boolean): void => current().share.setCamera(on);
export const setMuted = (muted: boolean): void => current().share.setMuted(muted);
/** Chooses the last camera: the second of Chromium's fake ones measures depth and gives no pictures. */
export function chooseOtherCamera(): string | null {
  const { capture } = current();
  const { cameras, cameraId } = capture.getState();
  const other = cameras.findLast(({ id }) => id !== cameraId);
  if (other !== undefined) capture.chooseCamera(other.id);
  return other?.id ?? null;
}
export function takeSignals(): Signal[] {
  return signals.splice(0);
}
export function handleSignals(incoming: readonly Signal[]): void {
  for (const signal of incoming) end?.media.handleSignal(signal);
}

/** A second share of the same devices, opened and closed again. */
export async function previewBeside(): Promise<{ readonly live: boolean; readonly others: boolean }> {
  const { capture, share } = current();
  const preview = capture.open({ audio: true, video: true });
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (preview.getState().video !== null) resolve();
    };
    preview.subscribe(look);
    look();
  });
  const video = preview.getState().video;
  preview.setMuted(true);
  const live = video?.readyState === 'live' && share.getState().audio?.enabled === true;
  preview.close();
  return { live, others: video?.readyState === 'ended' && share.getState().video?.readyState === 'live' };
}

export async function facts(): Promise<EndFacts> {
  const { capture, share, media, notices, meter } = current();
  const { remoteStream, ...state } = media.getState();
  const sum = { framesDecoded: 0, framesSent: 0, sentHeight: 0, audioEnergy: 0, fmtp: '' };
  const report = await media.getStats();
  report?.forEach((entry: Readonly<Record<string, unknown>>) => {
    const { type, kind } = entry;
    const number = (key: string): number => (typeof entry[key] === 'number' ? entry[key] : 0);
    if (type === 'inbound-rtp' && kind === 'video') sum.framesDecoded += number('framesDecoded');
    if (type === 'inbound-rtp' && kind === 'audio') sum.audioEnergy += number('totalAudioEnergy');
    if (type === 'outbound-rtp' && kind === 'video') {
      sum.framesSent += number('framesSent');
      sum.sentHeight = number('frameHeight');
    }
    if (type === 'codec' && entry['mimeType'] === 'audio/opus') sum.fmtp = String(entry['sdpFmtpLine']);
  });
  const { audio, video, muted, camera, opening, problem } = share.getState();
  const senders = peers
    .at(-1)
    ?.getTransceivers()
    .map(({ sender, receiver }) => ({
      kind: receiver.track.kind,
      parameters: sender.getParameters(),
    }));
  const degradation: unknown = Reflect.get(
    senders?.find(({ kind }) => kind === 'video')?.parameters ?? {},
    'degradationPreference',
  );
  return {
    ...sum,
    maxBitrates: Object.fromEntries(
      (senders ?? []).map(({ kind, parameters }) => [kind, parameters.encodings[0]?.maxBitrate]),
    ),
    degradation: typeof degradation === 'string' ? degradation : undefined,
    state,
    counters: media.getCounters(),
    localLevel: meter?.getLevel() ?? 0,
    remoteLevel: media.getRemoteLevel(),
    streamId: remoteStream?.id ?? null,
    share: {
      muted,
      camera,
      opening,
      problem,
      audio: audio?.readyState ?? null,
      video: video?.readyState ?? null,
      videoLabel: video?.label ?? null,
    },
    cameras: capture.getState().cameras.map(({ label }) => label),
    notices,
  };
}
