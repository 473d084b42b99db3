import type { DeviceRequest } from '@visavis/call';
import {
  toGroupCallId,
  type MediaTransport,
  type OpenedMedia,
  type ReceivedTrack,
  type PublishedTrack,
  type RequestAnswer,
} from '@visavis/protocol';
import { vi } from 'vitest';
import { createForwardedMedia } from '../../src/media/forwarded/forwardedMedia.ts';
import type { SfuLibrary, TransportHandlers, TransportState } from '../../src/media/forwarded/sfuLibrary.ts';
import type { ForwardedTracks } from '../../src/media/forwarded/types.ts';
import type { SealedMedia } from '../../src/media/sealed/index.ts';
import type { LinkAnswer } from '../../src/signaling/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

const CALL = toGroupCallId('00000000-0000-4000-8000-0000000000ca');

type Payload = Extract<RequestAnswer, { type: 'ok' }>['payload'];

export class FakeTrack extends EventTarget {
  enabled = true;
  muted = true;
  readyState: 'live' | 'ended' = 'live';
  readonly kind: 'audio' | 'video';
  readonly name: string;
  constructor(kind: 'audio' | 'video', name: string) {
    super();
    this.kind = kind;
    this.name = name;
  }
  getSettings(): MediaTrackSettings {
    return { width: 1_280, height: 720 };
  }
}
export class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = []) {
    this.tracks = [...tracks];
  }
  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }
  addTrack(track: FakeTrack): void {
    if (!this.tracks.includes(track)) this.tracks.push(track);
  }
  removeTrack(track: FakeTrack): void {
    const at = this.tracks.indexOf(track);
    if (at !== -1) this.tracks.splice(at, 1);
  }
  names(): string[] {
    return this.tracks.map(({ name }) => name);
  }
}

export const asTrack = (track: FakeTrack): MediaStreamTrack => track as unknown as MediaStreamTrack;
export const asStream = (stream: FakeStream): MediaStream => stream as unknown as MediaStream;
export const NO_TRACKS: ForwardedTracks = { audio: null, video: null, screen: null, screenSound: null };

const nothing = (): void => undefined;
const transportOf = (transportId: string): MediaTransport => ({
  transportId,
  iceParameters: { usernameFragment: 'u', password: 'p' },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [] },
});

interface FakeTransport {
  readonly direction: 'send' | 'receive';
  readonly handlers: TransportHandlers;
  readonly log: string[];
  state: TransportState;
  become(state: TransportState): void;
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

/** Of tests whose library makes no senders. */
const refuseToSeal = (): never => {
  throw new Error('nothing is sealed here');
};
export const NO_SEALED_MEDIA: SealedMedia = {
  createPeer: refuseToSeal,
  configurePeer: refuseToSeal,
  addLine: refuseToSeal,
  takeLine: refuseToSeal,
  transportSettings: { encodedInsertableStreams: true },
  sealSender: refuseToSeal,
  sealReceiver: refuseToSeal,
  repeatSound: () => {},
};

/** A call whose media server and library the test plays. */
export function createSfuBench(
  options: {
    local?: ForwardedTracks;
    adopt?: Map<string, MediaStream>;
    isClosed?: boolean;
    /** Of these the way is there as soon as media are opened. */
    ready?: readonly string[];
  } = {},
) {
  vi.stubGlobal('MediaStream', FakeStream);
  const timers = createVirtualTimers();
  const requests: DeviceRequest[] = [];
  const transports: FakeTransport[] = [];
  const received = new Map<string, FakeTrack>();
  const arrived = new Set<string>();
  /** Whose frames each track may have. */
  const bound = new Map<string, string>();
  const played = new Map<string, number>();
  const packets = new Map<string, number>();
  let published: PublishedTrack[] = [];
  let refusal: 'MEDIA_UNAVAILABLE' | null = null;
  let count = 0;
  let changeNetwork = nothing;

  const library: SfuLibrary = {
    createDevice: () =>
      Promise.resolve({
        capabilities: { codecs: [], headerExtensions: [] },
        load: () => Promise.resolve(),
        createTransport(direction, { transportId }, handlers) {
          const log: string[] = [];
          const transport: FakeTransport = {
            direction,
            handlers,
            log,
            state: 'new',
            become(state) {
              transport.state = state;
              handlers.changed();
            },
          };
          transports.push(transport);
          const connect = (): void => {
            if (transport.state !== 'new') return;
            transport.become('connecting');
            handlers.connect({ fingerprints: [{ algorithm: 'sha-256', value: 'AB' }] });
          };
          return {
            id: transportId,
            getState: () => transport.state,
            async produce(source, _track, layers) {
              connect();
              const id = await handlers.publish({ source, rtpParameters: { codecs: [] } });
              log.push(`produce ${source}`);
              if (source === 'camera' && layers === 0) log.push('layers 0');
              return {
                id,
                replaceTrack(track) {
                  log.push(`replace ${source} ${track === null ? 'nothing' : 'track'}`);
                  return Promise.resolve();
                },
                setLayers(layers) {
                  log.push(`layers ${layers}`);
                  return Promise.resolve();
                },
                setBitrate(bitrate) {
                  log.push(`bitrate ${source} ${bitrate}`);
                  return Promise.resolve();
                },
                close: () => void log.push(`close ${source}`),
              };
            },
            consume({ trackId, kind }) {
              connect();
              const track = new FakeTrack(kind, trackId);
              received.set(trackId, track);
              return Promise.resolve({
                track: asTrack(track),
                hasArrived: () => Promise.resolve(arrived.has(trackId)),
                getNewest: () => played.get(trackId) ?? null,
                countPackets: () => Promise.resolve(packets.get(trackId) ?? 0),
                getLevel: () => 0.5,
                setBuffer: () => {},
                close: () => {
                  track.readyState = 'ended';
                },
              });
            },
            restartIce() {
              log.push('restart');
              return Promise.resolve();
            },
            getStats: () => Promise.resolve(new Map() as RTCStatsReport),
            close: () => {
              transport.state = 'closed';
              log.push('close');
            },
          };
        },
      }),
  };

  const opened = (): OpenedMedia => {
    count += 1;
    return {
      routerRtpCapabilities: { codecs: [], headerExtensions: [] },
      send: transportOf(`send-${count}`),
      receive: transportOf(`receive-${count}`),
      tracks: published,
    };
  };

  function answerTo(request: DeviceRequest): Payload {
    if (request.type === 'open_media') return { media: opened(), received: receivedOf(options.ready ?? []) };
    if (request.type === 'publish_track') return { trackId: `own-${request.payload.source}` };
    if (request.type === 'list_tracks') return { tracks: published };
    if (request.type === 'restart_media') return { iceParameters: { usernameFragment: 'v', password: 'q' } };
    if (request.type !== 'receive_tracks') return {};
    return { received: receivedOf(request.payload.trackIds) };
  }

  const receivedOf = (trackIds: readonly string[]): ReceivedTrack[] =>
    trackIds.flatMap((trackId) => {
      const track = published.find((each) => each.trackId === trackId);
      const rtpParameters = { codecs: [] };
      return track === undefined
        ? []
        : [{ trackId, consumerId: `c-${trackId}`, kind: track.kind, rtpParameters, paused: false }];
    });

  const media = createForwardedMedia({
    callId: CALL,
    seal: {
      media: NO_SEALED_MEDIA,
      bindTrack: (track, deviceId, source) => void bound.set(track, `${deviceId} ${source}`),
      removeTrack: (track) => void bound.delete(track),
    },
    request(request): Promise<LinkAnswer> {
      requests.push(request);
      if (request.type === 'open_media' && refusal !== null)
        return Promise.resolve({ type: 'error', id: '1', payload: { code: refusal, message: '' } });
      return Promise.resolve({ type: 'ok', id: '1', payload: answerTo(request) });
    },
    local: options.local ?? NO_TRACKS,
    ...(options.adopt === undefined ? {} : { adopt: options.adopt }),
    loadIceServers: () => Promise.resolve([]),
    onChange: () => undefined,
    timers,
    library,
    watchNetwork(listener) {
      changeNetwork = listener;
      return () => undefined;
    },
    pixelRatio: () => 1,
  });
  media.setOpen(options.isClosed !== true);

  return {
    media,
    timers,
    requests,
    transports,
    received,
    bound,
    types: () => requests.map(({ type }) => type),
    of: <Type extends DeviceRequest['type']>(type: Type) =>
      requests.filter((request): request is Extract<DeviceRequest, { type: Type }> => request.type === type),
    newest: (direction: 'send' | 'receive') => {
      const transport = transports.filter((each) => each.direction === direction).at(-1);
      if (transport === undefined) throw new Error('no such transport');
      return transport;
    },
    publish(tracks: PublishedTrack[]) {
      published = tracks;
    },
    tell(tracks: PublishedTrack[]) {
      published = tracks;
      media.handleNotice({ type: 'media_tracks', callId: CALL, payload: { tracks } });
    },
    arrive(trackId: string) {
      arrived.add(trackId);
      const track = received.get(trackId);
      if (track === undefined) return;
      track.muted = false;
      track.dispatchEvent(new Event('unmute'));
    },
    /** One more piece of sound, or picture, is played. */
    play(trackId: string) {
      played.set(trackId, (played.get(trackId) ?? 0) + 1);
    },
    /** One more packet comes, of which nothing is played. */
    deliver(trackId: string) {
      packets.set(trackId, (packets.get(trackId) ?? 0) + 1);
    },
    refuse(next: 'MEDIA_UNAVAILABLE' | null) {
      refusal = next;
    },
    changeNetwork: () => changeNetwork(),
  };
}

export const published = (
  source: PublishedTrack['source'],
  change: Partial<PublishedTrack> = {},
): PublishedTrack => ({
  trackId: `ben-${source}`,
  deviceId: 'ben',
  source,
  kind: source === 'camera' || source === 'screen' ? 'video' : 'audio',
  paused: false,
  ...change,
});
