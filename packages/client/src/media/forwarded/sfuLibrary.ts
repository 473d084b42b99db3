import type {
  DtlsParameters,
  IceParameters,
  MediaSource,
  MediaTransport,
  ReceivedTrack,
  RtpCapabilities,
  RtpParameters,
} from '@visavis/protocol';
import type { SealedMedia } from '../sealed/index.ts';

/*
 * What is taken of mediasoup-client, so that tests can play it. The library comes when the first group call does: a call
 * between two needs nothing of it.
 */

export interface SfuLibrary {
  createDevice(sealed: SealedMedia): Promise<SfuDevice>;
}

/** What this browser can do. */
export interface SfuDevice {
  /** Known before the media server has said a word, so that the first request can carry them. */
  readonly capabilities: RtpCapabilities;
  load(routerRtpCapabilities: RtpCapabilities): Promise<void>;
  createTransport(
    direction: 'send' | 'receive',
    options: MediaTransport & {
      readonly iceServers: readonly RTCIceServer[];
      readonly relayOnly: boolean;
    },
    handlers: TransportHandlers,
  ): SfuTransport;
}

export interface TransportHandlers {
  /** The first track needs the connection: tell the media server. Nothing waits for its answer. */
  readonly connect: (dtlsParameters: DtlsParameters) => void;
  /** @returns the id of the track; rejects when the media server does not take it */
  readonly publish: (track: {
    readonly source: MediaSource;
    readonly rtpParameters: RtpParameters;
  }) => Promise<string>;
  readonly changed: () => void;
}

export type TransportState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface SfuTransport {
  readonly id: string;
  getState(): TransportState;
  /** @param layers - how many layers of a camera are encoded from the beginning, lowest first; of anything else all */
  produce(source: MediaSource, track: MediaStreamTrack, layers: number): Promise<SfuProducer>;
  consume(received: ReceivedTrack, streamId: string): Promise<SfuConsumer>;
  restartIce(iceParameters: IceParameters): Promise<void>;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

/** A track of this device on its way to the media server. */
export interface SfuProducer {
  readonly id: string;
  replaceTrack(track: MediaStreamTrack | null): Promise<void>;
  /** Encodes the lowest so many layers, none with more than this (bits and frames per second). */
  setLayers(count: number, most: { readonly bitrate: number; readonly framerate: number }): Promise<void>;
  /** Sound with at most so many bits per second. */
  setBitrate(bitrate: number): Promise<void>;
  close(): void;
}

/** A track of somebody else on its way here. */
export interface SfuConsumer {
  readonly track: MediaStreamTrack;
  /** Whether there has been a picture, or sound. */
  hasArrived(): Promise<boolean>;
  /** Another number after each piece of sound, or picture, that is played; null before the first. Cheap. */
  getNewest(): number | null;
  /** How many packets have come, played or not: the browser makes a report for it. */
  countPackets(): Promise<number>;
  /** 0 to 1. */
  getLevel(): number;
  /** ms that sound waits before it is played (pictures: as long as the browser likes); null: as long as the browser likes. */
  setBuffer(targetMs: number | null): void;
  close(): void;
}

export const realLibrary: SfuLibrary = {
  async createDevice(sealed) {
    const { createSfuDevice } = await import('./mediasoup.ts');
    return createSfuDevice(sealed);
  },
};
