import type { types } from 'mediasoup';
import type { PipeMessage, RemoteTrack } from '../../mediaSpan.ts';
import type { Cancel, Clock } from '../../ports.ts';
import { toRtpParameters } from './convert.ts';
import { demandOf, largestLayer, type Watcher } from './demand.ts';
import type { PipeListen } from './listen.ts';
import { connectWay, describeEnd, openWay } from './nodeWays.ts';
import type { Track } from './peers.ts';
import type { Place } from './places.ts';

/** What comes from other nodes to one call here. */
export interface NodeReceiving {
  /** Which tracks are at other nodes. @returns those that are there no longer */
  setTracks(tracks: readonly RemoteTrack[]): readonly RemoteTrack[];
  list(): readonly RemoteTrack[];
  find(trackId: string): RemoteTrack | undefined;
  /** Brings a track here, once for all who are here: to that place, unless it comes to another one. Null: it does not come. */
  bring(trackId: string, place: Place): Promise<Track | null>;
  hear(nodeId: string, message: Extract<PipeMessage, { trackId: string }>): void;
  /** Who watches a track has changed: the node that sends it is told what is watched of it here. */
  follow(track: Track, watchers: readonly Watcher[]): void;
  /** Nothing comes from that node any more. */
  end(nodeId: string): void;
  nodes(): readonly string[];
}

type Opened = Extract<PipeMessage, { type: 'opened' }>;
interface Coming {
  readonly nodeId: string;
  track: Promise<Track | null>;
  /** Of the track that has come. */
  producer: types.Producer | null;
  isPaused: boolean;
  answer: ((opened: Opened | null) => void) | null;
}
interface Way {
  readonly nodeId: string;
  readonly opening: Promise<{ readonly transport: types.PipeTransport; readonly place: Place }>;
}

/** How long the node that sends has to answer; then it is asked once more. Shorter than a device waits for its answer. */
const ANSWER_MS = 700;
const ATTEMPTS = 2;
const NOTHING = Promise.resolve(null);

interface ReceivingParts {
  readonly listen: PipeListen;
  readonly clock: Clock;
  readonly tell: (nodeId: string, message: PipeMessage) => void;
}

export function createNodeReceiving({ listen, clock, tell }: ReceivingParts): NodeReceiving {
  let tracks = new Map<string, RemoteTrack>();
  const coming = new Map<string, Coming>();
  const ways = new Map<string, Way>();

  async function ask(one: Coming, trackId: string): Promise<Opened | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const opened = await new Promise<Opened | null | 'late'>((resolve) => {
        const cancel: Cancel = clock.schedule(ANSWER_MS, () => resolve('late'));
        one.answer = (answer) => {
          cancel();
          resolve(answer);
        };
        tell(one.nodeId, { type: 'ask', trackId });
      });
      one.answer = null;
      if (opened !== 'late') return opened;
    }
    return null;
  }

  async function openFar({ end }: Opened, place: Place) {
    const transport = await openWay(place, listen);
    await connectWay(transport, end);
    return { transport, place };
  }

  /** The end here of the way that the other node has made; it is told of a new one before anything can be watched. */
  async function farEnd(nodeId: string, opened: Opened, place: Place): Promise<Awaited<Way['opening']>> {
    const { wayId } = opened;
    let way = ways.get(wayId);
    if (way === undefined) {
      way = { nodeId, opening: openFar(opened, place) };
      way.opening.catch(() => ways.delete(wayId));
      ways.set(wayId, way);
      const { transport } = await way.opening;
      tell(nodeId, { type: 'connect', wayId, end: describeEnd(transport, listen) });
    }
    return way.opening;
  }

  async function receive(one: Coming, { trackId, deviceId, source, nodeId }: RemoteTrack, wanted: Place) {
    const opened = await ask(one, trackId);
    if (opened === null) return null;
    const { transport, place } = await farEnd(nodeId, opened, wanted);
    const producer = await transport.produce({
      id: trackId,
      kind: opened.kind,
      rtpParameters: toRtpParameters(opened.rtpParameters),
      paused: one.isPaused,
    });
    one.producer = producer;
    producer.observer.on('close', () => {
      if (coming.get(trackId) === one) coming.delete(trackId);
    });
    if (coming.get(trackId) !== one) {
      producer.close();
      return null;
    }
    turn(one);
    const track: Track = {
      deviceId,
      source,
      place,
      nodeId,
      producer,
      largestLayer: largestLayer(producer.rtpParameters),
      toldDemand: undefined,
    };
    return track;
  }

  function turn({ producer, isPaused }: Coming): void {
    if (producer === null || producer.closed || producer.paused === isPaused) return;
    // A worker that dies meanwhile says so by itself.
    void (isPaused ? producer.pause() : producer.resume()).catch(() => {});
  }

  function forget(trackId: string): void {
    const one = coming.get(trackId);
    coming.delete(trackId);
    one?.answer?.(null);
    one?.producer?.close();
  }

  return {
    setTracks(next) {
      const former = tracks;
      tracks = new Map(next.map((track) => [track.trackId, track]));
      const gone = [...former.values()].filter(({ trackId }) => !tracks.has(trackId));
      for (const { trackId } of gone) forget(trackId);
      return gone;
    },
    list: () => [...tracks.values()],
    find: (trackId) => tracks.get(trackId),
    async bring(trackId, place) {
      const existing = coming.get(trackId);
      if (existing !== undefined) return existing.track;
      const remote = tracks.get(trackId);
      if (remote === undefined) return null;
      const one: Coming = {
        nodeId: remote.nodeId,
        track: NOTHING,
        producer: null,
        isPaused: true,
        answer: null,
      };
      coming.set(trackId, one);
      // What cannot come (no port is free, a worker dies) is left out, as what has closed is.
      one.track = receive(one, remote, place)
        .catch(() => null)
        .finally(() => {
          if (one.producer === null && coming.get(trackId) === one) coming.delete(trackId);
        });
      return one.track;
    },
    hear(nodeId, message) {
      const one = coming.get(message.trackId);
      if (one === undefined || one.nodeId !== nodeId) return;
      switch (message.type) {
        case 'opened':
          one.isPaused = message.paused;
          return one.answer?.(message);
        case 'refused':
          return one.answer?.(null);
        case 'paused':
          one.isPaused = message.paused;
          return turn(one);
        case 'closed':
          return forget(message.trackId);
        case 'ask':
        case 'watch':
      }
    },
    follow(track, watchers) {
      const { nodeId, producer, largestLayer: largest, toldDemand } = track;
      if (nodeId === null || producer.closed) return;
      const demand = demandOf(watchers, largest);
      if (demand === toldDemand) return;
      track.toldDemand = demand;
      tell(nodeId, { type: 'watch', trackId: producer.id, maxSpatialLayer: demand });
    },
    end(nodeId) {
      const ended = [...ways].filter(([, way]) => way.nodeId === nodeId);
      for (const [wayId, way] of ended) {
        ways.delete(wayId);
        way.opening.then(({ transport }) => transport.close()).catch(() => {});
      }
      for (const [trackId, one] of coming) if (one.nodeId === nodeId) forget(trackId);
    },
    nodes: () => [...ways.values()].map(({ nodeId }) => nodeId),
  };
}
