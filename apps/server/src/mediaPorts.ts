import type { PipeMessage, SfuNodes } from './mediaSpan.ts';
import type { Cancel } from './ports.ts';

/** What a device can publish: one track of each. */
export type MediaSource = 'microphone' | 'camera' | 'screen' | 'screen_sound';
export type MediaKind = 'audio' | 'video';

/*
 * What browsers and the forwarding unit tell each other, in the words of mediasoup and ORTC. It comes from the wire, so
 * that an implementation trusts nothing in it but its shape.
 */
export interface RtcpFeedback {
  readonly type: string;
  readonly parameter?: string | undefined;
}
export type CodecParameters = Readonly<Record<string, string | number | boolean | null | undefined>>;
export interface RtpCodecCapability {
  readonly kind: MediaKind;
  readonly mimeType: string;
  readonly preferredPayloadType: number;
  readonly clockRate: number;
  readonly channels?: number | undefined;
  readonly parameters?: CodecParameters | undefined;
  readonly rtcpFeedback?: readonly RtcpFeedback[] | undefined;
}
export interface RtpHeaderExtension {
  readonly kind: MediaKind;
  readonly uri: string;
  readonly preferredId: number;
  readonly preferredEncrypt?: boolean | undefined;
  readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | undefined;
}
export interface RtpCapabilities {
  readonly codecs: readonly RtpCodecCapability[];
  readonly headerExtensions: readonly RtpHeaderExtension[];
}
export interface RtpCodec {
  readonly mimeType: string;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly channels?: number | undefined;
  readonly parameters?: CodecParameters | undefined;
  readonly rtcpFeedback?: readonly RtcpFeedback[] | undefined;
}
export interface RtpEncoding {
  readonly ssrc?: number | undefined;
  readonly rid?: string | undefined;
  readonly codecPayloadType?: number | undefined;
  readonly rtx?: { readonly ssrc: number } | undefined;
  readonly dtx?: boolean | undefined;
  readonly scalabilityMode?: string | undefined;
  readonly maxBitrate?: number | undefined;
}
export interface RtpParameters {
  readonly mid?: string | undefined;
  readonly codecs: readonly RtpCodec[];
  readonly headerExtensions: readonly {
    readonly uri: string;
    readonly id: number;
    readonly encrypt?: boolean | undefined;
    readonly parameters?: CodecParameters | undefined;
  }[];
  readonly encodings: readonly RtpEncoding[];
  readonly rtcp?:
    | { readonly cname?: string | undefined; readonly reducedSize?: boolean | undefined }
    | undefined;
}
export interface DtlsParameters {
  readonly role?: 'auto' | 'client' | 'server' | undefined;
  readonly fingerprints: readonly {
    readonly algorithm: 'sha-1' | 'sha-224' | 'sha-256' | 'sha-384' | 'sha-512';
    readonly value: string;
  }[];
}
export interface IceParameters {
  readonly usernameFragment: string;
  readonly password: string;
  readonly iceLite?: boolean | undefined;
}
export interface MediaCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly ip: string;
  readonly address: string;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly type: 'host';
  readonly tcpType?: 'passive' | undefined;
}

/** What a browser needs to connect to one transport. */
export interface TransportOptions {
  readonly id: string;
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly MediaCandidate[];
  readonly dtlsParameters: DtlsParameters;
}

export interface SfuOpened {
  /** Of the call's media: rises whenever they begin anew. What belongs to an earlier one is void. */
  readonly generation: number;
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly send: TransportOptions;
  readonly receive: TransportOptions;
  /** What the others publish, as far as it can be received at once: sound, and no more pictures than are likely to be shown. */
  readonly received: readonly ReceivedTrack[];
}
export interface TrackToPublish {
  readonly transportId: string;
  readonly source: MediaSource;
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
}
export interface PublishedTrack {
  readonly trackId: string;
  readonly deviceId: string;
  readonly source: MediaSource;
  readonly kind: MediaKind;
  readonly paused: boolean;
}
export interface ReceivedTrack {
  readonly trackId: string;
  readonly consumerId: string;
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  readonly producerPaused: boolean;
}
export interface TrackWish {
  readonly trackId: string;
  readonly paused: boolean;
  /** 0 is the smallest; null: the largest that there is room for. */
  readonly spatialLayer: number | null;
  readonly temporalLayer: number | null;
  /** 1 to 255: whose layers come first where there is not room for all. */
  readonly priority: number;
}

export type SfuState =
  | { readonly name: 'ready' }
  /** How far the media worker is built; null: not known yet. */
  | { readonly name: 'preparing'; readonly done: number | null; readonly total: number | null }
  | { readonly name: 'unavailable'; readonly reason: string };

export type SfuEvent =
  | { readonly type: 'track_published'; readonly callId: string; readonly track: PublishedTrack }
  | {
      readonly type: 'track_closed';
      readonly callId: string;
      readonly deviceId: string;
      readonly trackId: string;
    }
  | {
      readonly type: 'track_paused';
      readonly callId: string;
      readonly deviceId: string;
      readonly trackId: string;
      readonly paused: boolean;
    }
  /** MED6: those at other nodes are others than before. */
  | { readonly type: 'remote_tracks_changed'; readonly callId: string }
  /** MED6: this is to be brought to that node. */
  | {
      readonly type: 'pipe';
      readonly callId: string;
      readonly nodeId: string;
      readonly message: PipeMessage;
    }
  /** Who speaks; null: nobody. */
  | {
      readonly type: 'speaker';
      readonly callId: string;
      readonly deviceId: string | null;
      readonly at: number;
    }
  /** How loud microphones are, in dBov (-127 to 0), the loudest first. Those that are silent are left out. */
  | {
      readonly type: 'levels';
      readonly callId: string;
      readonly volumes: readonly { readonly deviceId: string; readonly volume: number }[];
    }
  /** Which layer a device is sent by now; null: none. */
  | {
      readonly type: 'layers';
      readonly callId: string;
      readonly deviceId: string;
      readonly trackId: string;
      readonly spatialLayer: number | null;
    }
  /** The largest layer that anybody watches of this device's track; null: nobody does. */
  | {
      readonly type: 'demand';
      readonly callId: string;
      readonly deviceId: string;
      readonly trackId: string;
      readonly maxSpatialLayer: number | null;
    }
  /** Its worker died: everybody opens anew. */
  | { readonly type: 'call_lost'; readonly callId: string; readonly generation: number }
  | { readonly type: 'state_changed' };

export type SfuRefusalCode =
  /** What the device says of its media makes no sense. */
  | 'BAD_MEDIA'
  | 'NO_SUCH_TRACK'
  /** Not one of this device's, or not of this direction, or it has closed. */
  | 'NO_SUCH_TRANSPORT'
  /** It publishes a track of this source already. */
  | 'TOO_MANY_TRACKS'
  /** There is no media worker, not yet, or not any more. */
  | 'MEDIA_UNAVAILABLE';

/** The only error that the methods of {@link Sfu} reject with. */
export class SfuRefusal extends Error {
  override readonly name = 'SfuRefusal';
  readonly code: SfuRefusalCode;

  constructor(code: SfuRefusalCode, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/**
 * Forwards media between the devices of a call, without looking into them. Whether a device belongs to a call is for
 * who calls this to know.
 */
export interface Sfu {
  /** MED6: what it does with other nodes; null: it has no port for them. */
  readonly nodes: SfuNodes | null;
  /** What the interface says about group calls. */
  state(): SfuState;
  /** How full it is: 0 is empty, 1 is what its workers are to carry; more where all of them are full. */
  load(): number;
  /** How many tracks go from one of its workers to another at present, each time they go. */
  pipes(): number;
  /** How many devices are connected to it at present, as far as it can know. */
  countConnected(): number;
  /** Opens (or opens anew) a device's media in a call: two transports. A former opening of the same device is closed. */
  open(
    callId: string,
    deviceId: string,
    input: { readonly rtpCapabilities: RtpCapabilities },
  ): Promise<SfuOpened>;
  connect(
    callId: string,
    deviceId: string,
    transportId: string,
    dtlsParameters: DtlsParameters,
  ): Promise<void>;
  restartIce(callId: string, deviceId: string, transportId: string): Promise<IceParameters>;
  /** Publishes a track. One of each source. */
  publish(callId: string, deviceId: string, input: TrackToPublish): Promise<{ readonly trackId: string }>;
  unpublish(callId: string, deviceId: string, trackId: string): Promise<void>;
  setPaused(callId: string, deviceId: string, trackId: string, paused: boolean): Promise<void>;
  /**
   * Makes the device receive tracks of others: sound at once, pictures when {@link prefer} says so. What it receives
   * already is given back. Left out: tracks that have closed in the meantime, and what this device cannot decode.
   */
  receive(callId: string, deviceId: string, trackIds: readonly string[]): Promise<readonly ReceivedTrack[]>;
  /**
   * Says which of the tracks it receives are wanted and how large: paused ones get nothing. Tracks that have closed in the
   * meantime are passed over.
   */
  prefer(callId: string, deviceId: string, wishes: readonly TrackWish[]): Promise<void>;
  /** Closes everything of the device, if there is anything. */
  leave(callId: string, deviceId: string): Promise<void>;
  end(callId: string): Promise<void>;
  /** Those of other nodes among them. */
  tracks(callId: string): readonly PublishedTrack[];
  subscribe(handle: (event: SfuEvent) => void): Cancel;
  close(): Promise<void>;
}
