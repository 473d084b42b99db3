import type { types } from 'mediasoup-client';

/** A track of somebody else, as the media server describes it. */
export interface OfferedTrack {
  readonly id: string;
  readonly producerId: string;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: types.RtpParameters;
}

/** The least that a page needs of a transport. */
type Transport = Pick<types.TransportOptions, 'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'>;

export type ToServer =
  | { readonly type: 'join'; readonly rtpCapabilities: types.RtpCapabilities }
  | { readonly type: 'connect'; readonly transportId: string; readonly dtlsParameters: types.DtlsParameters }
  | {
      readonly type: 'produce';
      readonly kind: 'audio' | 'video';
      readonly rtpParameters: types.RtpParameters;
    };

export type ToPage =
  /** Sent when the socket opens, so that it costs nothing when somebody joins. */
  | { readonly type: 'hello'; readonly routerRtpCapabilities: types.RtpCapabilities }
  | { readonly type: 'joined'; readonly send: Transport; readonly receive: Transport }
  | { readonly type: 'tracks'; readonly tracks: readonly OfferedTrack[] };
