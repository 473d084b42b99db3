import type { SfuEvent } from '../../mediaPorts.ts';
import { SfuRefusal } from '../../mediaPorts.ts';
import type { RemoteTrack } from '../../mediaSpan.ts';
import type { Clock } from '../../ports.ts';
import { demandOf } from './demand.ts';
import type { PipeListen } from './listen.ts';
import { createNodePipes, type NodePipes } from './nodePipes.ts';
import { closePeer, describeTrack, isClosed, isConnected, type Peer, type Track } from './peers.ts';
import { createPipes, type Pipes } from './pipes.ts';
import { chooseWorker, openPlace, type Place } from './places.ts';
import { createSpeakers, type Speakers } from './speakers.ts';
import type { MediaWorker } from './workers.ts';

/** The media of one call. */
export interface Call {
  readonly id: string;
  readonly generation: number;
  /** By worker. A promise, so that many who join at once open one. */
  readonly places: Map<MediaWorker, Promise<Place>>;
  readonly peers: Map<string, Peer>;
  /** Those that come in here from their devices. */
  readonly tracks: Map<string, Track>;
  /** What the call shares with other nodes (MED6); null: nothing. */
  readonly nodes: NodePipes | null;
  /** Tracks that have closed: whoever asks for one of these was only late. */
  readonly closedTracks: Set<string>;
  readonly pipes: Pipes;
  readonly speakers: Speakers;
  /** How many devices are just being let in: the call is not over while there is one. */
  opening: number;
}

/** How many closed tracks are remembered of a call. */
const MOST_CLOSED = 1_000;

export interface CallsOptions {
  readonly clock: Clock;
  readonly alive: () => readonly MediaWorker[];
  readonly capacity: number;
  /** Null: nothing goes to other nodes. */
  readonly pipeListen: PipeListen | null;
  readonly emit: (event: SfuEvent) => void;
}

/** The calls, on which workers they are, and how they end. */
export function createCalls({ clock, alive, capacity, pipeListen, emit }: CallsOptions) {
  const calls = new Map<string, Call>();
  let lastGeneration = 0;

  function create(callId: string): Call {
    // Of the time, so that it rises over a restart of the server too.
    lastGeneration = Math.max(lastGeneration + 1, clock.now());
    const call: Call = {
      id: callId,
      generation: lastGeneration,
      places: new Map(),
      peers: new Map(),
      tracks: new Map(),
      nodes: pipeListen === null ? null : openNodes(callId, pipeListen),
      closedTracks: new Set(),
      pipes: createPipes((track, place) =>
        receptionsOf(call, track).some(({ peer, isPaused }) => peer.place === place && !isPaused),
      ),
      speakers: createSpeakers(callId, clock, emit),
      opening: 0,
    };
    calls.set(callId, call);
    return call;
  }

  const openNodes = (callId: string, listen: PipeListen): NodePipes =>
    createNodePipes({
      listen,
      clock,
      find: (trackId) => calls.get(callId)?.tracks.get(trackId),
      tell: (nodeId, message) => emit({ type: 'pipe', callId, nodeId, message }),
      handleDemand: (track) => {
        const call = calls.get(callId);
        if (call !== undefined) followDemand(call, track);
      },
    });

  async function placeOn(call: Call, worker: MediaWorker): Promise<Place> {
    let place = call.places.get(worker);
    if (place === undefined) {
      place = openPlace(worker).then((opened) => {
        if (calls.get(call.id) !== call) opened.router.close();
        else call.speakers.listen(opened, (trackId) => deviceOfMicrophone(call, trackId));
        return opened;
      });
      call.places.set(worker, place);
      place.catch(() => call.places.delete(worker));
    }
    return place;
  }

  function drop(call: Call): void {
    if (calls.get(call.id) !== call) return;
    calls.delete(call.id);
    call.speakers.close();
    call.nodes?.close();
    for (const peer of call.peers.values()) peer.place.media.devices -= 1;
    call.peers.clear();
    call.tracks.clear();
    for (const place of call.places.values()) place.then(({ router }) => router.close()).catch(() => {});
  }

  /**
   * Who watches a track has changed: it goes only to those workers and nodes where somebody does, and its sender is told what is
   * watched of it, if that is another than it was told.
   */
  function followDemand(call: Call, track: Track): void {
    const { producer, deviceId, largestLayer } = track;
    call.pipes.follow(track);
    if (track.nodeId !== null) return call.nodes?.follow(track, receptionsOf(call, track));
    if (producer.kind !== 'video' || call.tracks.get(producer.id) !== track) return;
    const elsewhere = (call.nodes?.layersOf(track) ?? []).map((spatialLayer) => ({
      isPaused: false,
      spatialLayer,
    }));
    const demand = demandOf([...receptionsOf(call, track), ...elsewhere], largestLayer);
    if (demand === track.toldDemand) return;
    track.toldDemand = demand;
    emit({ type: 'demand', callId: call.id, deviceId, trackId: producer.id, maxSpatialLayer: demand });
  }

  return {
    find: (callId: string): Call | undefined => calls.get(callId),

    /**
     * Lets one more device into a call, which is begun if need be.
     *
     * @param open - opens its media at the place that it gets; undone if the call has ended meanwhile
     */
    async admit(
      callId: string,
      open: (place: Place) => Promise<Peer>,
    ): Promise<{ readonly call: Call; readonly peer: Peer }> {
      const existing = calls.get(callId);
      const worker = chooseWorker([...(existing?.places.keys() ?? [])], alive(), capacity);
      if (worker === undefined) throw new SfuRefusal('MEDIA_UNAVAILABLE');
      const call = existing ?? create(callId);
      // Counted from now on, or all who join at once would find the same room.
      worker.devices += 1;
      call.opening += 1;
      try {
        const peer = await open(await placeOn(call, worker));
        if (calls.get(callId) !== call || isClosed(peer)) {
          closePeer(peer);
          throw new SfuRefusal('MEDIA_UNAVAILABLE');
        }
        const former = call.peers.get(peer.deviceId);
        call.peers.set(peer.deviceId, peer);
        if (former !== undefined) {
          former.place.media.devices -= 1;
          closePeer(former);
        }
        return { call, peer };
      } catch (error) {
        worker.devices -= 1;
        throw error;
      } finally {
        call.opening -= 1;
        if (isEmpty(call)) drop(call);
      }
    },

    /** Takes a device out, and everything that it published. The last one takes the call along. */
    remove(call: Call, peer: Peer): void {
      if (call.peers.get(peer.deviceId) === peer) {
        call.peers.delete(peer.deviceId);
        peer.place.media.devices -= 1;
        call.speakers.forget(peer.deviceId);
      }
      if (!isClosed(peer)) closePeer(peer);
      if (isEmpty(call)) drop(call);
    },

    end(callId: string): void {
      const call = calls.get(callId);
      if (call !== undefined) drop(call);
    },

    /** The worker is dead: whoever was on it has to begin anew, and the others of the same calls with them. */
    handleDeath(worker: MediaWorker): void {
      for (const call of calls.values()) {
        if (!call.places.has(worker)) continue;
        drop(call);
        emit({ type: 'call_lost', callId: call.id, generation: call.generation });
      }
    },

    /** Keeps a track until its producer closes, and says so to everybody. */
    addTrack(call: Call, peer: Peer, track: Track): void {
      const { producer, source } = track;
      call.tracks.set(producer.id, track);
      peer.published.set(source, track);
      producer.observer.on('close', () => {
        peer.published.delete(source);
        // A call that has ended has told everybody that already.
        if (!call.tracks.delete(producer.id)) return;
        if (source === 'microphone') call.speakers.forget(peer.deviceId);
        remember(call.closedTracks, producer.id);
        emit({ type: 'track_closed', callId: call.id, deviceId: peer.deviceId, trackId: producer.id });
      });
      emit({ type: 'track_published', callId: call.id, track: describeTrack(track) });
    },

    followDemand,

    countConnected: (): number =>
      [...calls.values()].reduce((sum, { peers }) => sum + [...peers.values()].filter(isConnected).length, 0),

    /** MED6: which tracks of the call are at other nodes. */
    setRemote(callId: string, tracks: readonly RemoteTrack[]): void {
      if (tracks.length === 0 && !calls.has(callId)) return;
      const call = calls.get(callId) ?? create(callId);
      const isSame = JSON.stringify(call.nodes?.list() ?? []) === JSON.stringify(tracks);
      if (isSame) return;
      for (const { trackId, deviceId, source } of call.nodes?.setTracks(tracks) ?? []) {
        if (source === 'microphone') call.speakers.forget(deviceId);
        remember(call.closedTracks, trackId);
      }
      emit({ type: 'remote_tracks_changed', callId });
      if (isEmpty(call)) drop(call);
    },

    dropNode(nodeId: string): void {
      for (const call of calls.values()) {
        call.nodes?.drop(nodeId);
        call.speakers.forgetNode(nodeId);
      }
    },

    countNodePipes: (): number =>
      [...calls.values()].reduce((sum, { nodes }) => sum + (nodes?.count() ?? 0), 0),

    countPipes: (): number => [...calls.values()].reduce((sum, { pipes }) => sum + pipes.count(), 0),

    endAll(): void {
      for (const call of calls.values()) drop(call);
    },
  };
}
export type Calls = ReturnType<typeof createCalls>;

/** With tracks at other nodes only, it is still here that it is heard who speaks. */
const isEmpty = ({ peers, opening, nodes }: Call): boolean =>
  peers.size === 0 && opening === 0 && (nodes === null || nodes.list().length === 0);

const receptionsOf = (call: Call, { producer }: Track) =>
  [...call.peers.values()].flatMap((peer) => {
    const reception = peer.receptions.get(producer.id);
    return reception === undefined ? [] : [{ ...reception, peer }];
  });

function deviceOfMicrophone(call: Call, trackId: string): string | null {
  const track = call.tracks.get(trackId);
  return track?.source === 'microphone' ? track.deviceId : null;
}

function remember(closed: Set<string>, trackId: string): void {
  closed.add(trackId);
  const [oldest] = closed;
  if (closed.size > MOST_CLOSED && oldest !== undefined) closed.delete(oldest);
}
