import type { CorePorts } from '../corePorts.ts';
import type { SfuEvent } from '../mediaPorts.ts';
import type { PartMessage, RemoteTrack } from '../mediaSpan.ts';
import { partKey, readPartKey } from './partKey.ts';

/** MED6: the parts that this node has of calls whose home is another. */
export interface OwnParts {
  /** @param key - of the media in the SFU, as for all that follows */
  begin(key: string): void;
  /** Which tracks are at other nodes: the home says so. */
  setTracks(key: string, tracks: readonly RemoteTrack[]): void;
  handleEvent(event: Extract<SfuEvent, { callId: string }>): void;
  /** This device, or with null everybody, is at this node no longer. */
  handleLeft(key: string, deviceId: string | null): Promise<void>;
  /** That node is gone: the parts of its calls end. Their devices are told by whoever gets the calls (MED5). */
  loseHome(nodeId: string): void;
  /** MED4: all devices of all parts are to go elsewhere. */
  leave(): void;
  /** MED4: this node forwards no longer. */
  end(): void;
  /** Nothing is said to devices of a part that is being left: what they have anew is elsewhere. */
  isLeft(): boolean;
  homes(): readonly string[];
}

export function createOwnParts(
  { sfu, clock }: Pick<CorePorts, 'sfu' | 'clock'>,
  ownId: string,
  say: (nodeId: string, callId: string, home: string, said: PartMessage) => void,
): OwnParts {
  /** By key, the tracks that are at other nodes. */
  const parts = new Map<string, ReadonlySet<string>>();
  const changed = new Set<string>();
  let isLeft = false;

  const sayHome = (key: string, said: PartMessage): void => {
    const { callId, home } = readPartKey(key);
    if (home !== null) say(home, callId, home, said);
  };
  const sayTracks = (key: string): void => {
    const remote = parts.get(key);
    if (remote === undefined) return;
    const own = sfu.tracks(key).filter(({ trackId }) => !remote.has(trackId));
    sayHome(key, { type: 'tracks', tracks: own.map((track) => ({ ...track, nodeId: ownId })) });
  };

  return {
    begin: (key) => void parts.set(key, parts.get(key) ?? new Set()),
    setTracks(key, tracks) {
      parts.set(key, new Set(tracks.map(({ trackId }) => trackId)));
      sfu.nodes?.setRemote(key, tracks);
    },
    handleEvent(event) {
      const { callId: key } = event;
      switch (event.type) {
        case 'track_published':
        case 'track_closed':
        case 'track_paused':
          if (changed.has(key)) return;
          changed.add(key);
          clock.schedule(0, () => {
            changed.delete(key);
            sayTracks(key);
          });
          return;
        case 'levels':
          return sayHome(key, { type: 'levels', volumes: event.volumes });
        case 'call_lost':
          if (parts.delete(key)) sayHome(key, { type: 'lost' });
          return;
        case 'remote_tracks_changed':
        case 'pipe':
        case 'speaker':
        case 'layers':
        case 'demand':
      }
    },
    handleLeft: async (key, deviceId) => {
      if (deviceId !== null) return sfu.leave(key, deviceId);
      parts.delete(key);
      return sfu.end(key);
    },
    loseHome(nodeId) {
      for (const key of parts.keys()) {
        const { callId, home } = readPartKey(key);
        if (home !== nodeId) continue;
        parts.delete(key);
        void sfu.end(partKey(callId, nodeId));
      }
    },
    leave() {
      isLeft = true;
      for (const key of parts.keys()) sayHome(key, { type: 'leaving' });
    },
    end() {
      for (const key of parts.keys()) sayHome(key, { type: 'lost' });
    },
    isLeft: () => isLeft,
    homes: () => [...parts.keys()].flatMap((key) => readPartKey(key).home ?? []),
  };
}
