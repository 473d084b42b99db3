import type { GroupMove, PublishedTrack } from '@visavis/protocol';
import type { Timers } from '../../timers.ts';
import { createRemoteStream, type RemoteStream } from './remoteStreams.ts';
import type { SfuConsumer } from './sfuLibrary.ts';
import type { MediaQuality, RemoteMedia, RemoteScreen } from './types.ts';

/** Everything of others that this device shows and plays, over however many ways to the media server. */
export interface Remotes {
  /** What the others publish now. */
  setTracks(tracks: readonly PublishedTrack[]): void;
  /** CALL4: who is in the call, and who of them takes whose place. */
  setPlaces(deviceIds: readonly string[], moves: readonly GroupMove[]): void;
  put(track: PublishedTrack, consumer: SfuConsumer): void;
  /** The way over which everything came is gone: what there is stays until it is replaced. */
  forgetParts(): void;
  /**
   * MED4: the way over which everything comes is left and goes on for now: what there is stays until it is replaced, or until
   * that way is closed (`dropLeft`).
   */
  leaveParts(isWanted: (trackId: string) => boolean): void;
  /** Whether all that was left, and is to be seen or heard, comes over the present way. */
  isReplaced(isWanted: (trackId: string) => boolean): boolean;
  dropLeft(): void;
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

interface LeftPart {
  readonly track: PublishedTrack;
  readonly consumer: SfuConsumer;
  readonly isWanted: boolean;
}

const isSameSource = (one: PublishedTrack, other: PublishedTrack): boolean =>
  one.deviceId === other.deviceId && one.source === other.source;
const isScreen = ({ source }: PublishedTrack): boolean => source === 'screen' || source === 'screen_sound';

export function createRemotes(
  adopted: ReadonlyMap<string, MediaStream>,
  timers: Timers,
  onChange: () => void,
): Remotes {
  const streams = new Map<string, RemoteStream>();
  const consumers = new Map<string, SfuConsumer>();
  /** Which stream a device fills: its own, or (CALL4) that of the device whose place it takes. Who comes back has another one. */
  const places = new Map<string, string>();
  /** By track: whoever leaves takes with them what they brought. */
  const names = new Map<string, string>();
  let made = 0;
  let tracks: readonly PublishedTrack[] = [];
  let left: readonly LeftPart[] = [];

  /** What came over the way that is left, of the same source. */
  const leftOf = (track: PublishedTrack): LeftPart | undefined =>
    left.find((part) => isSameSource(part.track, track));
  /** What the others publish, and what they have not published over the new way yet. */
  const shown = (): readonly PublishedTrack[] => [
    ...tracks,
    ...left.map(({ track }) => track).filter((track) => !tracks.some((other) => isSameSource(track, other))),
  ];

  function placeOf(deviceId: string): string {
    const known = places.get(deviceId);
    if (known !== undefined) return known;
    made += 1;
    const place = `place ${String(made)}`;
    places.set(deviceId, place);
    return place;
  }
  function nameOf(track: PublishedTrack): string {
    const known = names.get(track.trackId);
    if (known !== undefined) return known;
    const name = isScreen(track) ? `screen ${track.deviceId}` : placeOf(track.deviceId);
    names.set(track.trackId, name);
    return name;
  }
  for (const [deviceId, stream] of adopted) {
    streams.set(placeOf(deviceId), createRemoteStream(stream, timers, onChange));
  }
  const adoptedPlaces = [...places.values()];

  function streamOf(track: PublishedTrack): RemoteStream {
    const known = streams.get(nameOf(track));
    if (known !== undefined) return known;
    const made = createRemoteStream(new MediaStream(), timers, onChange);
    streams.set(nameOf(track), made);
    return made;
  }

  const partsNow = () =>
    tracks.flatMap((track) => {
      const consumer = consumers.get(track.trackId);
      return consumer === undefined ? [] : [{ track, consumer }];
    });

  function tidy(): void {
    const named = new Set([
      ...shown().map(nameOf),
      ...left.map(({ track }) => nameOf(track)),
      ...adoptedPlaces,
    ]);
    for (const [name, stream] of streams) {
      if (named.has(name)) continue;
      stream.close();
      streams.delete(name);
    }
  }

  function drop(parts: readonly LeftPart[]): void {
    left = left.filter((part) => !parts.includes(part));
    for (const { track } of parts) {
      if (tracks.some(({ trackId }) => trackId === track.trackId)) continue;
      streams.get(nameOf(track))?.take(track.trackId);
      names.delete(track.trackId);
    }
    tidy();
  }

  function comes(track: PublishedTrack): boolean {
    const { track: own } = consumers.get(track.trackId) ?? {};
    const former = leftOf(track)?.consumer.track;
    const isShown = former !== undefined && streamOf(track).stream.getTracks().includes(former);
    return !track.paused && (own?.muted === false || (isShown && !former.muted));
  }

  return {
    setTracks(next) {
      const isKept = ({ trackId }: PublishedTrack): boolean =>
        [...next, ...left.map(({ track }) => track)].some((track) => track.trackId === trackId);
      const gone = tracks.filter((track) => !isKept(track));
      tracks = next;
      for (const track of gone) {
        streams.get(nameOf(track))?.take(track.trackId);
        consumers.delete(track.trackId);
      }
      for (const track of next) streams.get(nameOf(track))?.update(track);
      for (const track of gone) names.delete(track.trackId);
      tidy();
    },
    setPlaces(deviceIds, moves) {
      for (const { fromDeviceId, toDeviceId } of moves) {
        // What it sends is there already, in a stream of its own.
        if (tracks.some((track) => track.deviceId === toDeviceId && !isScreen(track))) continue;
        places.set(toDeviceId, placeOf(fromDeviceId));
      }
      drop(left.filter(({ track }) => !deviceIds.includes(track.deviceId)));
      for (const deviceId of places.keys()) if (!deviceIds.includes(deviceId)) places.delete(deviceId);
    },
    put(track, consumer) {
      consumers.set(track.trackId, consumer);
      consumer.track.addEventListener('unmute', onChange);
      streamOf(track).put(track, consumer);
      onChange();
    },
    forgetParts: () => consumers.clear(),
    leaveParts(isWanted) {
      left = partsNow().map((part) => ({ ...part, isWanted: isWanted(part.track.trackId) }));
      consumers.clear();
    },
    isReplaced: (isWanted) =>
      left.every(({ track, isWanted: wasWanted }) => {
        if (track.paused || !wasWanted) return true;
        const next = tracks.find((other) => other.trackId !== track.trackId && isSameSource(track, other));
        if (next === undefined) return false;
        if (next.paused || !isWanted(next.trackId)) return true;
        return consumers.has(next.trackId) && streamOf(next).isSettled();
      }),
    dropLeft: () => drop(left),
    parts: partsNow,
    read(qualityOf, isWanted, isCutOff) {
      const remotes = new Map<string, RemoteMedia>();
      const screens: RemoteScreen[] = [];
      for (const track of shown()) {
        const { stream } = streamOf(track);
        if (track.source === 'screen')
          screens.push({ trackId: track.trackId, deviceId: track.deviceId, stream });
        if (isScreen(track)) continue;
        const before = remotes.get(track.deviceId);
        const consumer = consumers.get(track.trackId);
        const isHere = comes(track);
        const isLookedAt = isWanted(track.trackId) || leftOf(track)?.isWanted === true;
        const isVideo = track.kind === 'video';
        // A picture that nobody looks at is not waited for.
        const isReady =
          consumer === undefined ? isVideo && !isWanted(track.trackId) : streamOf(track).isSettled();
        remotes.set(track.deviceId, {
          stream,
          hasVideo: isVideo ? isHere && isLookedAt : (before?.hasVideo ?? false),
          hasAudio: isVideo ? (before?.hasAudio ?? false) : isHere,
          quality: isVideo ? qualityOf(track) : (before?.quality ?? null),
          isReady: isReady && (before?.isReady ?? true),
          isCutOff: isCutOff(track.deviceId),
        });
      }
      return { remotes, screens };
    },
    getLevel(deviceId) {
      const track = shown().find((each) => each.deviceId === deviceId && each.source === 'microphone');
      if (track === undefined || track.paused) return 0;
      return (consumers.get(track.trackId) ?? leftOf(track)?.consumer)?.getLevel() ?? 0;
    },
    close() {
      for (const stream of streams.values()) stream.close();
      streams.clear();
      consumers.clear();
    },
  };
}
