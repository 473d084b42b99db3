import type { DeviceRequest } from '@visavis/call';
import type { CallNotice, GroupMove, MediaFlow } from '@visavis/protocol';
import type { LinkAnswer } from '../../signaling/index.ts';
import type { ReceivingWishes, SendingLimits } from '../../quality/index.ts';
import type { Timers } from '../../timers.ts';
import type { MediaSeal } from '../sealed/index.ts';
import type { SfuLibrary } from './sfuLibrary.ts';

/** What this device sends into a group call. Null sends nothing of that kind. A disabled track is sent as muted. */
export interface ForwardedTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly screenSound: MediaStreamTrack | null;
}

export type MediaQuality = 'good' | 'fair' | 'poor';

/** What one other device sends. */
export interface RemoteMedia {
  /** Microphone and camera: one object as long as the device is in the call; what it holds changes. */
  readonly stream: MediaStream;
  /** Whether pictures come at present. */
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** How much of what is wanted of its picture gets through; null: not known. */
  readonly quality: MediaQuality | null;
  /** CALL3: everything that it publishes has begun to arrive here. */
  readonly isReady: boolean;
  /** GRP11: it sends, and nothing has come of it for a while. */
  readonly isCutOff: boolean;
}

export interface RemoteScreen {
  readonly trackId: string;
  readonly deviceId: string;
  readonly stream: MediaStream;
}

export interface ForwardedMediaState {
  /** `connecting` until this device was connected to the media server, then `flowing`, and `lost` whenever it is not. */
  readonly flow: MediaFlow;
  /** NEG4: without media for so long that trying again makes no sense. */
  readonly gaveUp: boolean;
  /** By device. */
  readonly remotes: ReadonlyMap<string, RemoteMedia>;
  /** Of others, the newest last. */
  readonly screens: readonly RemoteScreen[];
  /** GRP8: stays with the last one while nobody speaks. */
  readonly speakerDeviceId: string | null;
  readonly path: 'forwarded';
  /** Another one each time the media are opened anew; null before the first. */
  readonly connectionId: string | null;
}

/** What the layout shows of one picture, in CSS pixels. */
export interface MediaTile {
  /** A camera by its device, a screen by its track. */
  readonly of: { readonly deviceId: string } | { readonly trackId: string };
  readonly width: number;
  readonly height: number;
  readonly visible: boolean;
  readonly large: boolean;
}

export interface ForwardedMediaOptions {
  readonly callId: string;
  /** Never rejects, and goes on over reconnects (SES5). */
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  readonly local: ForwardedTracks;
  /** Nothing leaves or is played that did not go through it. Its tracks are called by the ids that the media server gives. */
  readonly seal: MediaSeal;
  /** For networks that let nothing else out. A rejection counts as an empty list. */
  readonly loadIceServers: () => Promise<readonly RTCIceServer[]>;
  readonly onChange: (state: ForwardedMediaState) => void;
  /** CALL3: pictures and sound that flow directly, by device: they stay in the stream until what replaces them has arrived. */
  readonly adopt?: ReadonlyMap<string, MediaStream>;
  /** Default: the browser's. */
  readonly timers?: Timers;
  /** Default: mediasoup-client, loaded when it is first needed. */
  readonly library?: SfuLibrary;
  readonly watchNetwork?: (listener: () => void) => () => void;
  /** Device pixels in one CSS pixel; default: the window's. */
  readonly pixelRatio?: () => number;
}

/** The media of one group call. Every method returns at once and throws nothing; what comes of it shows in the state. */
export interface ForwardedMedia {
  /** Opens this device's way to the media server, publishes and receives. The 60 s of NEG4 run from when it is opened. */
  start(): void;
  /** Microphone, camera or screen changed, or were muted. Stopping the tracks is their owner's business. */
  setTracks(tracks: ForwardedTracks): void;
  /** GRP4: what is shown, and how large. Until it is first said, a few small pictures come. */
  showTiles(tiles: readonly MediaTile[]): void;
  /**
   * What the person wants of what comes, how much is sent, and for how many ms what comes waits before it is played (null: as long as the
   * browser likes); from now on and over every way.
   */
  setQuality(wishes: ReceivingWishes, limits: SendingLimits, bufferMs: number | null): void;
  /** Whether frames pass: no picture is encoded while they do not. They do not at first. */
  setOpen(isOpen: boolean): void;
  /**
   * CALL4: who is in the call, and which of them takes whose place: that one's pictures and sound take the place of the other's as
   * they arrive, in the same stream. To be said before they are published.
   */
  setPlaces(deviceIds: readonly string[], moves: readonly GroupMove[]): void;
  handleNotice(notice: CallNotice): void;
  /** SES2: the session is registered, anew or again; notices may have been lost. */
  refresh(): void;
  /** NEG4: makes both ways to the media server anew (ICE restart). */
  restart(): void;
  getState(): ForwardedMediaState;
  /** How loud a device is at present, 0 (silence) to 1 (full scale) on a logarithmic scale. */
  getLevel(deviceId: string): number;
  /** The browser's statistics of both ways as one report; null while there is none. */
  getStats(): Promise<RTCStatsReport | null>;
  /** Releases everything. The tracks go on: they belong to the capture. */
  close(): void;
}
