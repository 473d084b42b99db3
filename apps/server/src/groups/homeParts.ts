import type { CallNotice } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import type { KnownMediaNode } from '../mediaNodes.ts';
import type { SfuEvent } from '../mediaPorts.ts';
import type { PartMessage, RemoteTrack } from '../mediaSpan.ts';
import { choosePart } from './chooseMediaNode.ts';

/** MED6: the calls of this node that have parts at other nodes, and which of their devices are where. */
export interface HomeParts {
  /**
   * Chooses where the media of a device are from now on.
   *
   * @param known - the nodes as they are now: an older list has some that died meanwhile
   * @returns the node's id
   */
  assign(callId: string, deviceId: string, region: string | null, known: readonly KnownMediaNode[]): string;
  placeOf(callId: string, deviceId: string): string;
  /** A node with a part of the call has said this. */
  hear(callId: string, nodeId: string, said: Exclude<PartMessage, { type: 'pipe' }>): void;
  handleEvent(event: SfuEvent): void;
  /** This device, or with null everybody, is in the call no longer. */
  handleLeft(callId: string, deviceId: string | null): void;
  /** The part is gone, or does not answer: its devices open their media anew. */
  lose(callId: string, nodeId: string): void;
  /** The node has not opened media for a device in time, which asks again. The second time it gets no part of this call any more. */
  miss(callId: string, nodeId: string): void;
  loseNode(nodeId: string): void;
  /** The nodes that have parts of calls of this one. */
  nodes(): readonly string[];
}

interface Part {
  readonly devices: Set<string>;
  tracks: readonly RemoteTrack[];
  /** MED4: it forwards on until its devices are elsewhere. */
  isLeaving: boolean;
}
interface Home {
  readonly parts: Map<string, Part>;
  /** Nodes that get no part of this call any more. */
  readonly shunned: Set<string>;
  /** Nodes that have not opened media in time once. */
  readonly missed: Set<string>;
  /** The tracks that the SFU here was told of last. */
  remote: ReadonlySet<string>;
}

export interface HomePartsPorts {
  readonly sfu: Pick<CorePorts['sfu'], 'tracks' | 'nodes' | 'leave'>;
  readonly bus: Pick<CorePorts['bus'], 'publish'>;
  readonly clock: Pick<CorePorts['clock'], 'schedule'>;
}
interface HomePartsParts {
  readonly ownId: string;
  readonly say: (nodeId: string, callId: string, said: PartMessage) => void;
  readonly tellPartLeft: (nodeId: string, callId: string, deviceId: string | null) => void;
  /** Nothing is said to the devices of a call that this node has given away. */
  readonly hasGiven: (callId: string) => boolean;
}

export function createHomeParts(
  { sfu, bus, clock }: HomePartsPorts,
  { ownId, say, tellPartLeft, hasGiven }: HomePartsParts,
): HomeParts {
  const homes = new Map<string, Home>();
  const changed = new Set<string>();

  const tell = (devices: Iterable<string>, notice: CallNotice): void => {
    if (hasGiven(notice.callId)) return;
    const text = JSON.stringify(notice);
    for (const deviceId of devices) bus.publish(deviceId, { kind: 'notice', text });
  };
  const placeOf = (callId: string, deviceId: string): string => {
    for (const [nodeId, { devices }] of homes.get(callId)?.parts ?? [])
      if (devices.has(deviceId)) return nodeId;
    return ownId;
  };

  /** Every node knows all tracks; of a device that changes its node only what it publishes anew, as soon as it does. */
  function share(callId: string): void {
    const home = homes.get(callId);
    if (home === undefined) return;
    const all: readonly RemoteTrack[] = [
      ...sfu
        .tracks(callId)
        .filter(({ trackId }) => !home.remote.has(trackId))
        .map((track) => ({ ...track, nodeId: ownId })),
      ...[...home.parts.values()].flatMap(({ tracks }) => tracks),
    ];
    const isReplaced = ({ deviceId, source, nodeId }: RemoteTrack): boolean => {
      const place = placeOf(callId, deviceId);
      return (
        nodeId !== place &&
        all.some((one) => one.deviceId === deviceId && one.source === source && one.nodeId === place)
      );
    };
    const shown = all.filter((track) => !isReplaced(track));
    const remote = shown.filter(({ nodeId }) => nodeId !== ownId);
    home.remote = new Set(remote.map(({ trackId }) => trackId));
    sfu.nodes?.setRemote(callId, remote);
    for (const part of home.parts.keys())
      say(part, callId, { type: 'tracks', tracks: shown.filter(({ nodeId }) => nodeId !== part) });
    if (home.parts.size + home.shunned.size + home.missed.size === 0) homes.delete(callId);
  }
  function shareSoon(callId: string): void {
    if (!homes.has(callId) || changed.has(callId)) return;
    changed.add(callId);
    clock.schedule(0, () => {
      changed.delete(callId);
      share(callId);
    });
  }

  function endPart(callId: string, nodeId: string): void {
    homes.get(callId)?.parts.delete(nodeId);
    sfu.nodes?.hearLevels(callId, nodeId, []);
    tellPartLeft(nodeId, callId, null);
  }
  /** The device's media are at this node no longer. */
  function remove(callId: string, nodeId: string, deviceId: string): void {
    const part = homes.get(callId)?.parts.get(nodeId);
    if (part === undefined) return;
    part.devices.delete(deviceId);
    part.tracks = part.tracks.filter((track) => track.deviceId !== deviceId);
    if (part.devices.size === 0 && !part.isLeaving) endPart(callId, nodeId);
    else tellPartLeft(nodeId, callId, deviceId);
  }

  const lose: HomeParts['lose'] = (callId, nodeId) => {
    const part = homes.get(callId)?.parts.get(nodeId);
    if (part === undefined) return;
    endPart(callId, nodeId);
    share(callId);
    tell(part.devices, { type: 'media_lost', callId, payload: {} });
  };

  return {
    placeOf,
    assign(callId, deviceId, region, known) {
      const existing = homes.get(callId);
      const nodeId = choosePart(known, {
        homeId: ownId,
        region,
        parts: new Set(existing?.parts.keys()),
        except: existing?.shunned ?? NONE,
      });
      const former = placeOf(callId, deviceId);
      if (former === nodeId && nodeId === ownId) return ownId;
      const home: Home = existing ?? {
        parts: new Map(),
        shunned: new Set(),
        missed: new Set(),
        remote: NONE,
      };
      homes.set(callId, home);
      const left = home.parts.get(former);
      if (former !== nodeId) {
        if (former === ownId) void sfu.leave(callId, deviceId);
        else if (left?.isLeaving === true) left.devices.delete(deviceId);
        else remove(callId, former, deviceId);
      }
      if (nodeId !== ownId) {
        const part: Part = home.parts.get(nodeId) ?? { devices: new Set(), tracks: [], isLeaving: false };
        home.parts.set(nodeId, part);
        part.devices.add(deviceId);
      }
      share(callId);
      return nodeId;
    },
    hear(callId, nodeId, said) {
      const home = homes.get(callId);
      const part = home?.parts.get(nodeId);
      // It has not heard yet that it is none any more.
      if (home === undefined || part === undefined) return;
      switch (said.type) {
        case 'tracks':
          part.tracks = said.tracks
            .filter(({ deviceId }) => part.isLeaving || part.devices.has(deviceId))
            .map((track) => ({ ...track, nodeId }));
          return share(callId);
        case 'levels':
          return sfu.nodes?.hearLevels(callId, nodeId, said.volumes);
        case 'leaving':
          part.isLeaving = true;
          home.shunned.add(nodeId);
          return tell(part.devices, { type: 'media_moving', callId, payload: {} });
        case 'lost':
          return lose(callId, nodeId);
      }
    },
    handleEvent(event) {
      switch (event.type) {
        case 'track_published':
        case 'track_closed':
        case 'track_paused':
          return shareSoon(event.callId);
        case 'call_lost': {
          // Everybody is told, and opens anew.
          const parts = [...(homes.get(event.callId)?.parts.keys() ?? [])];
          for (const nodeId of parts) endPart(event.callId, nodeId);
          homes.delete(event.callId);
          return;
        }
        case 'remote_tracks_changed':
        case 'pipe':
        case 'speaker':
        case 'levels':
        case 'layers':
        case 'demand':
        case 'state_changed':
      }
    },
    handleLeft(callId, deviceId) {
      const home = homes.get(callId);
      if (home === undefined) return;
      if (deviceId === null) {
        for (const nodeId of home.parts.keys()) endPart(callId, nodeId);
        homes.delete(callId);
        return;
      }
      // While it changes its node it has media at two.
      for (const nodeId of home.parts.keys()) remove(callId, nodeId, deviceId);
      share(callId);
    },
    lose,
    miss(callId, nodeId) {
      const home = homes.get(callId);
      if (home === undefined) return;
      if (!home.missed.has(nodeId)) return void home.missed.add(nodeId);
      home.shunned.add(nodeId);
      lose(callId, nodeId);
    },
    loseNode(nodeId) {
      for (const callId of homes.keys()) lose(callId, nodeId);
      sfu.nodes?.drop(nodeId);
    },
    nodes: () => [...homes.values()].flatMap(({ parts }) => [...parts.keys()]),
  };
}

const NONE: ReadonlySet<string> = new Set();
