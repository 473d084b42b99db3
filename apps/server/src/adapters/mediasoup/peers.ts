import { ortc, type types } from 'mediasoup';
import {
  SfuRefusal,
  type MediaKind,
  type MediaSource,
  type PublishedTrack,
  type RtpCapabilities,
  type TransportOptions,
} from '../../mediaPorts.ts';
import { FIRST_OUTGOING_BITRATE, MOST_INCOMING_BITRATE } from './codecs.ts';
import { fromRtpCapabilities, toRtpCapabilities } from './convert.ts';
import type { Place } from './places.ts';

/** A track that is published, where it comes in at this node. */
export interface Track {
  readonly deviceId: string;
  readonly source: MediaSource;
  readonly place: Place;
  /** The node at which it comes in from its device; null: this one. */
  readonly nodeId: string | null;
  readonly producer: types.Producer;
  readonly largestLayer: number;
  /** What its sender, or the node it comes from, was last told of who watches; undefined: nothing. */
  toldDemand: number | null | undefined;
}

/** A track that a device is sent. */
export interface Reception {
  readonly track: Track;
  readonly consumer: types.Consumer;
  /** Asked for by the receiver; mediasoup's own also says no while the sender pauses. */
  isPaused: boolean;
  spatialLayer: number | null;
  temporalLayer: number | null;
  priority: number;
}

/** One device's media in a call: gone when it is opened anew. */
export interface Peer {
  readonly deviceId: string;
  readonly place: Place;
  readonly capabilities: types.RtpCapabilities;
  readonly send: types.WebRtcTransport;
  readonly receive: types.WebRtcTransport;
  /** By source. Null while it is being made: nobody gets a second one by asking twice at once. */
  readonly published: Map<MediaSource, Track | null>;
  /** By track. A promise, so that asking twice at once makes one. */
  readonly received: Map<string, Promise<Reception | null>>;
  /** Those of {@link received} that are made, by track. */
  readonly receptions: Map<string, Reception>;
}

const KIND_BY_SOURCE: Readonly<Record<MediaSource, MediaKind>> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screen_sound: 'audio',
};
export const kindOf = (source: MediaSource): MediaKind => KIND_BY_SOURCE[source];

export async function openPeer(
  place: Place,
  deviceId: string,
  rtpCapabilities: RtpCapabilities,
): Promise<Peer> {
  const { router, media } = place;
  const capabilities = readCapabilities(rtpCapabilities);
  const open = async () =>
    router.createWebRtcTransport({
      webRtcServer: media.server,
      initialAvailableOutgoingBitrate: FIRST_OUTGOING_BITRATE,
    });
  const [send, receive] = await Promise.all([open(), open()]);
  await send.setMaxIncomingBitrate(MOST_INCOMING_BITRATE);
  return {
    deviceId,
    place,
    capabilities,
    send,
    receive,
    published: new Map(),
    received: new Map(),
    receptions: new Map(),
  };
}

function readCapabilities(rtpCapabilities: RtpCapabilities): types.RtpCapabilities {
  const capabilities = toRtpCapabilities(rtpCapabilities);
  try {
    ortc.validateAndNormalizeRtpCapabilities(capabilities);
  } catch (error) {
    throw new SfuRefusal('BAD_MEDIA', error);
  }
  return capabilities;
}

export const isClosed = ({ send, receive }: Peer): boolean => send.closed || receive.closed;

/** Whether its other end is there: a browser that closes says so by DTLS, one that is gone is missed by ICE. */
export const isConnected = ({ send, receive }: Peer): boolean =>
  [send, receive].some(({ dtlsState, iceState }) => dtlsState === 'connected' && iceState !== 'disconnected');

export function closePeer(peer: Peer): void {
  peer.send.close();
  peer.receive.close();
}

/** One of the device's two; nobody reaches anybody else's. */
export function transportOf(peer: Peer, transportId: string): types.WebRtcTransport {
  const transport = [peer.send, peer.receive].find(({ id }) => id === transportId);
  if (transport === undefined) throw new SfuRefusal('NO_SUCH_TRANSPORT');
  return transport;
}

export const describeTransport = (transport: types.WebRtcTransport): TransportOptions => ({
  id: transport.id,
  iceParameters: transport.iceParameters,
  iceCandidates: transport.iceCandidates,
  dtlsParameters: transport.dtlsParameters,
});

export const describeCapabilities = ({ router }: Place): RtpCapabilities =>
  fromRtpCapabilities(router.rtpCapabilities);

export const describeTrack = ({ deviceId, source, producer }: Track): PublishedTrack => ({
  trackId: producer.id,
  deviceId,
  source,
  kind: producer.kind,
  paused: producer.paused,
});
