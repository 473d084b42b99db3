import {
  IceParameters,
  OpenedMedia,
  ReceivedTrack,
  type MediaReadiness,
  type PublishedTrack,
  type RtpCapabilities,
  type RtpParameters,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import type * as port from '../mediaPorts.ts';

/** What devices say of their media, as the SFU takes it: whatever is left out there has its default here. */

export const toCapabilities = ({ codecs, headerExtensions }: RtpCapabilities): port.RtpCapabilities => ({
  codecs: codecs.flatMap(({ preferredPayloadType, ...codec }) =>
    preferredPayloadType === undefined ? [] : [{ ...codec, preferredPayloadType }],
  ),
  headerExtensions: headerExtensions.flatMap(({ kind, ...extension }) =>
    kind === undefined ? [] : [{ ...extension, kind }],
  ),
});

export const toParameters = ({
  mid,
  codecs,
  headerExtensions = [],
  encodings = [],
  rtcp,
}: RtpParameters): port.RtpParameters => ({
  mid,
  codecs,
  headerExtensions,
  encodings: encodings.map(
    ({ ssrc, rid, codecPayloadType, rtx, dtx, scalabilityMode, maxBitrate }): port.RtpEncoding => ({
      ssrc,
      rid,
      codecPayloadType,
      rtx,
      dtx,
      scalabilityMode,
      maxBitrate,
    }),
  ),
  rtcp: rtcp === undefined ? undefined : { cname: rtcp.cname, reducedSize: rtcp.reducedSize },
});

const toTransport = ({ id, ...transport }: port.TransportOptions) => ({ transportId: id, ...transport });

/** What the SFU says, checked to be what the protocol says: a device refuses what it does not know. */
export const fromOpened = (
  { routerRtpCapabilities, send, receive }: port.SfuOpened,
  tracks: readonly PublishedTrack[],
): OpenedMedia =>
  z.parse(OpenedMedia, {
    routerRtpCapabilities,
    send: toTransport(send),
    receive: toTransport(receive),
    tracks,
  });

export const fromReceived = (received: readonly port.ReceivedTrack[]): ReceivedTrack[] =>
  received.map(({ producerPaused, ...track }) =>
    z.parse(ReceivedTrack, { ...track, paused: producerPaused }),
  );

export const fromIce = (parameters: port.IceParameters): IceParameters => z.parse(IceParameters, parameters);

export const fromState = (state: port.SfuState): MediaReadiness => {
  switch (state.name) {
    case 'ready':
      return { state: 'ready' };
    case 'preparing':
      return { state: 'preparing', done: state.done, total: state.total };
    case 'unavailable':
      return { state: 'unavailable', reason: state.reason };
  }
};
