import type { PublishedTrack } from '@visavis/protocol';
import type { Timers } from '../../timers.ts';
import { createRemoteStream, type RemoteStream } from './remoteStreams.ts';
import type { SfuConsumer } from './sfuLibrary.ts';
import type { MediaQuality, RemoteMedia, RemoteScreen } from './types.ts';

/** Everything of others that this device shows and plays, over however many ways to the media server. */
export interface Remotes {
  /** What the others publish now. */
  setTracks(tracks: readonly PublishedTrack[]): void;
  put(track: PublishedTrack, consumer: SfuConsumer): void;
  /** The way over which everything came is gone: what there is stays until it is replaced. */
  forgetParts(): void;
  /** What comes over the present way. */
  parts(): readonly { readonly track: PublishedTrack; readonly consumer: SfuConsumer }[];
  read(
    qualityOf: (track: PublishedTrack) => MediaQuality | null,
    isWanted: (trackId: string) => boolean,
    isCutOff: (deviceId: string) => boolean,
  ): {
    readonly remotes: ReadonlyMap<string, RemoteMedia>;
    readonly screens: readonly RemoteScreen[];
  };
  getLevel(deviceId: string): number;
  close(): void;
}

const isScreen = ({ source }: PublishedTrack): boolean => source === 'screen' || source === 'screen_sound';
const nameOf = (track: PublishedTrack): string =>
  `${track.deviceId} ${isScreen(track) ? 'screen' : 'person'}`;

export function createRemotes(
  adopted: ReadonlyMap<string, MediaStream>,
  timers: Timers,
  onChange: () => void,
): Remotes {
  const streams = new Map<string, RemoteStream>();
  const consumers = new Map<string, SfuConsumer>();
  let tracks: readonly PublishedTrack[] = [];
  for (const [deviceId, stream] of adopted) {
    streams.set(`${deviceId} person`, createRemoteStream(stream, timers, onChange));
  }

  function streamOf(track: PublishedTrack): RemoteStream {
    const known = streams.get(nameOf(track));
    if (known !== undefined) return known;
    const made = createRemoteStream(new MediaStream(), timers, onChange);
    streams.set(nameOf(track), made);
    return made;
  }

  return {
    setTracks(next) {
      const gone = tracks.filter((track) => !next.some(({ trackId }) => trackId === track.trackId));
      tracks = next;
      for (const track of gone) {
        streams.get(nameOf(track))?.take(track.trackId);
        consumers.delete(track.trackId);
      }
      for (const track of next) streams.get(nameOf(track))?.update(track);
      const named = new Set([...next.map(nameOf), ...[...adopted.keys()].map((id) => `${id} person`)]);
      for (const [name, stream] of streams) {
        if (named.has(name)) continue;
        stream.close();
        streams.delete(name);
      }
    },
    put(track, consumer) {
      consumers.set(track.trackId, consumer);
      consumer.track.addEventListener('unmute', onChange);
      streamOf(track).put(track, consumer);
      onChange();
    },
    forgetParts: () => consumers.clear(),
    parts: () =>
      tracks.flatMap((track) => {
        const consumer = consumers.get(track.trackId);
        return consumer === undefined ? [] : [{ track, consumer }];
      }),
    read(qualityOf, isWanted, isCutOff) {
      const remotes = new Map<string, RemoteMedia>();
      const screens: RemoteScreen[] = [];
      for (const track of tracks) {
        const { stream } = streamOf(track);
        if (track.source === 'screen')
          screens.push({ trackId: track.trackId, deviceId: track.deviceId, stream });
        if (isScreen(track)) continue;
        const before = remotes.get(track.deviceId);
        const consumer = consumers.get(track.trackId);
        const comes = consumer !== undefined && !track.paused && !consumer.track.muted;
        const isVideo = track.kind === 'video';
        // A picture that nobody looks at is not waited for.
        const isReady =
          consumer === undefined ? isVideo && !isWanted(track.trackId) : streamOf(track).isSettled();
        remotes.set(track.deviceId, {
          stream,
          hasVideo: isVideo ? comes && isWanted(track.trackId) : (before?.hasVideo ?? false),
          hasAudio: isVideo ? (before?.hasAudio ?? false) : comes,
          quality: isVideo ? qualityOf(track) : (before?.quality ?? null),
          isReady: isReady && (before?.isReady ?? true),
          isCutOff: isCutOff(track.deviceId),
        });
      }
      return { remotes, screens };
    },
    getLevel(deviceId) {
      const track = tracks.find((each) => each.deviceId === deviceId && each.source === 'microphone');
      if (track === undefined || track.paused) return 0;
      return consumers.get(track.trackId)?.getLevel() ?? 0;
    },
    close() {
      for (const stream of streams.values()) stream.close();
      streams.clear();
      consumers.clear();
    },
  };
}
