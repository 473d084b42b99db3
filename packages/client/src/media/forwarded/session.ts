import type { DeviceRequest, PathState } from '@visavis/call';
import type {
  CallNotice,
  ErrorCode,
  OpenedMedia,
  PublishedTrack,
  ReceivedTrack,
  TrackWish,
} from '@visavis/protocol';
import type { LinkAnswer } from '../../signaling/index.ts';
import type { Timers } from '../../timers.ts';
import { mergeReports } from './mergeReports.ts';
import { createPublishing, type Publishing } from './publishing.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import type { Remotes } from './remotes.ts';
import type { MediaSeal } from '../sealed/index.ts';
import type { SfuDevice, SfuTransport, TransportHandlers } from './sfuLibrary.ts';
import type { ForwardedTracks } from './types.ts';

export interface SessionOptions {
  readonly callId: string;
  readonly device: SfuDevice;
  readonly opened: OpenedMedia;
  /** What comes with that. */
  readonly received: readonly ReceivedTrack[];
  readonly iceServers: readonly RTCIceServer[];
  readonly relayOnly: boolean;
  readonly tracks: ForwardedTracks;
  readonly isOpen: boolean;
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  readonly seal: MediaSeal;
  readonly timers: Timers;
  readonly remotes: Remotes;
  readonly wishesFor: (tracks: readonly PublishedTrack[]) => readonly TrackWish[];
  readonly onPath: (path: PathState) => void;
  readonly onBroken: () => void;
  readonly onChange: () => void;
}

/** One opening of the media: both ways to the media server and what goes over them. */
export interface Session {
  readonly publishing: Publishing;
  readonly receiving: Receiving;
  handleNotice(notice: CallNotice): void;
  refresh(): void;
  restartIce(): void;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

/** A refusal that says that this way is gone at the media server. */
const isGone = (code: ErrorCode): boolean => code === 'NO_SUCH_TRACK' || code === 'MEDIA_UNAVAILABLE';

/** Publishes and asks for the others' tracks in one go: nothing of it waits for anything else of it. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { callId, device, opened, request, timers, remotes } = options;
  await device.load(opened.routerRtpCapabilities);
  let isClosed = false;
  const broken = (): void => {
    if (!isClosed) options.onBroken();
  };

  const open = (direction: 'send' | 'receive'): SfuTransport => {
    const { transportId } = opened[direction];
    const handlers: TransportHandlers = {
      connect: (dtlsParameters) =>
        void request({ type: 'connect_media', callId, payload: { transportId, dtlsParameters } }).then(
          (answer) => {
            if (answer.type === 'error') broken();
          },
        ),
      async publish({ source, rtpParameters }) {
        const kind = source === 'microphone' || source === 'screen_sound' ? 'audio' : 'video';
        const paused = pausedOf(source);
        const answer = await request({
          type: 'publish_track',
          callId,
          payload: { transportId, source, kind, rtpParameters, paused },
        });
        const trackId = answer.type === 'ok' ? answer.payload.trackId : undefined;
        if (trackId === undefined) throw new Error(answer.type === 'error' ? answer.payload.code : 'lost');
        return trackId;
      },
      changed: tellPath,
    };
    const { iceServers, relayOnly } = options;
    return device.createTransport(direction, { ...opened[direction], iceServers, relayOnly }, handlers);
  };

  let tracks = options.tracks;
  const pausedOf = (source: 'microphone' | 'camera' | 'screen' | 'screen_sound'): boolean => {
    const { audio, video, screen, screenSound } = tracks;
    const track = { microphone: audio, camera: video, screen, screen_sound: screenSound }[source];
    return track === null || !track.enabled;
  };

  const send = open('send');
  const receive = open('receive');
  const own = createPublishing({
    callId,
    transport: send,
    request,
    timers,
    isOpen: options.isOpen,
    onBroken: broken,
  });
  const receiving = createReceiving({
    callId,
    transport: receive,
    request,
    seal: options.seal,
    timers,
    remotes,
    wishesFor: options.wishesFor,
    onChange: options.onChange,
  });
  const publishing: Publishing = {
    ...own,
    setTracks(next) {
      tracks = next;
      own.setTracks(next);
      tellPath();
    },
  };

  /** Lists of tracks that came as notices. */
  let listed = 0;

  function tellPath(): void {
    if (isClosed) return;
    const used = [...(own.isUsed() ? [send] : []), ...(receiving.isUsed() ? [receive] : [])].map(
      (transport) => transport.getState(),
    );
    options.onPath(pathOf(used));
  }

  publishing.setTracks(tracks);
  receiving.begin(opened.tracks, options.received);
  tellPath();

  return {
    publishing,
    receiving,
    handleNotice(notice) {
      switch (notice.type) {
        case 'media_tracks':
          listed += 1;
          receiving.setTracks(notice.payload.tracks);
          return tellPath();
        case 'media_layers':
          return receiving.handleLayer(notice.payload.trackId, notice.payload.spatialLayer);
        case 'media_demand':
          return own.handleDemand(notice.payload.trackId, notice.payload.maxSpatialLayer);
        case 'media_speaker':
        case 'media_lost':
        case 'media_moving':
          return;
      }
    },
    refresh() {
      const before = listed;
      void request({ type: 'list_tracks', callId, payload: {} }).then((answer) => {
        if (isClosed) return;
        // An answer may be older than a notice that came before it; whatever changes after that is a notice, too.
        if (answer.type === 'ok' && answer.payload.tracks !== undefined && listed === before) {
          receiving.setTracks(answer.payload.tracks);
          tellPath();
        }
        if (answer.type === 'error' && isGone(answer.payload.code)) broken();
      });
    },
    restartIce() {
      for (const transport of [send, receive]) {
        if (transport.getState() === 'new') continue;
        const transportId = transport.id;
        void request({ type: 'restart_media', callId, payload: { transportId } }).then(async (answer) => {
          if (isClosed) return;
          const parameters = answer.type === 'ok' ? answer.payload.iceParameters : undefined;
          if (parameters === undefined) {
            if (answer.type === 'error' && isGone(answer.payload.code)) broken();
            return;
          }
          await transport.restartIce(parameters).catch(broken);
        });
      }
    },
    getStats: async () => mergeReports(await Promise.all([send.getStats(), receive.getStats()])),
    close() {
      isClosed = true;
      own.close();
      receiving.close();
      send.close();
      receive.close();
    },
  };
}

/** One word for all ways that are used; where none is, nothing is missing. */
function pathOf(states: readonly ReturnType<SfuTransport['getState']>[]): PathState {
  if (states.includes('failed') || states.includes('closed')) return 'failed';
  if (states.includes('disconnected')) return 'disconnected';
  return states.every((state) => state === 'connected') ? 'connected' : 'connecting';
}
