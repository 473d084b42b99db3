import type { types } from 'mediasoup';
import type { PipeEnd, PipeMessage } from '../../mediaSpan.ts';
import { fromRtpParameters } from './convert.ts';
import type { PipeListen } from './listen.ts';
import { connectWay, describeEnd, openWay } from './nodeWays.ts';
import type { Track } from './peers.ts';

/** What goes from one call here to other nodes. */
export interface NodeSending {
  /** Another node asks for a track. */
  open(nodeId: string, trackId: string): void;
  connect(nodeId: string, wayId: string, end: PipeEnd): void;
  watch(nodeId: string, trackId: string, maxSpatialLayer: number | null): void;
  /** The largest layers of a track that other nodes watch, one for each node where somebody does. */
  layersOf(track: Track): readonly number[];
  /** Nothing goes to that node any more. */
  end(nodeId: string): void;
  nodes(): readonly string[];
  count(): number;
}

interface Sent {
  readonly track: Track;
  readonly wayId: string;
  readonly end: PipeEnd;
  readonly consumer: types.Consumer;
  watched: number | null;
  isTurning: boolean;
}

interface SendingParts {
  readonly listen: PipeListen;
  readonly find: (trackId: string) => Track | undefined;
  readonly tell: (nodeId: string, message: PipeMessage) => void;
  /** Others watch this track than before. */
  readonly handleDemand: (track: Track) => void;
}

export function createNodeSending({ listen, find, tell, handleDemand }: SendingParts): NodeSending {
  /** By node, and then by the router at which tracks come in. */
  const ways = new Map<string, Map<string, Promise<types.PipeTransport>>>();
  /** By node, and then by track. */
  const sent = new Map<string, Map<string, Promise<Sent>>>();
  const made = new Map<string, Sent>();

  async function wayTo(nodeId: string, { place }: Track): Promise<types.PipeTransport> {
    const own = ways.get(nodeId) ?? new Map<string, Promise<types.PipeTransport>>();
    ways.set(nodeId, own);
    let way = own.get(place.router.id);
    if (way === undefined) {
      way = openWay(place, listen);
      const forget = (): void => void own.delete(place.router.id);
      way.then((opened) => opened.observer.on('close', forget)).catch(forget);
      own.set(place.router.id, way);
    }
    return way;
  }

  async function send(nodeId: string, track: Track): Promise<Sent> {
    const way = await wayTo(nodeId, track);
    const trackId = track.producer.id;
    const consumer = await way.consume({ producerId: trackId });
    const one: Sent = {
      track,
      wayId: way.id,
      end: describeEnd(way, listen),
      consumer,
      watched: null,
      isTurning: false,
    };
    const key = keyOf(nodeId, trackId);
    made.set(key, one);
    track.place.media.consumers += 1;
    const pass = (): void => tell(nodeId, { type: 'paused', trackId, paused: isSilent(consumer) });
    consumer.observer.on('pause', pass);
    consumer.observer.on('resume', pass);
    consumer.observer.on('close', () => {
      track.place.media.consumers -= 1;
      made.delete(key);
      // Ended with that node, it is nobody's to hear.
      if (sent.get(nodeId)?.delete(trackId) === true) tell(nodeId, { type: 'closed', trackId });
      if (!track.producer.closed) handleDemand(track);
    });
    await consumer.pause();
    return one;
  }

  /** Sends exactly while it is watched. */
  async function turn(one: Sent): Promise<void> {
    const { consumer } = one;
    if (one.isTurning) return;
    one.isTurning = true;
    try {
      while (!consumer.closed && consumer.paused === (one.watched !== null))
        await (consumer.paused ? consumer.resume() : consumer.pause());
    } catch {
      // It closed meanwhile.
    } finally {
      one.isTurning = false;
    }
  }

  async function answer(nodeId: string, trackId: string): Promise<void> {
    const track = find(trackId);
    if (track === undefined) return tell(nodeId, { type: 'refused', trackId });
    const own = sent.get(nodeId) ?? new Map<string, Promise<Sent>>();
    sent.set(nodeId, own);
    let sending = own.get(trackId);
    if (sending === undefined) {
      sending = send(nodeId, track);
      own.set(trackId, sending);
    }
    try {
      const { wayId, end, consumer } = await sending;
      if (sent.get(nodeId) !== own) return;
      tell(nodeId, {
        type: 'opened',
        trackId,
        wayId,
        end,
        kind: consumer.kind,
        rtpParameters: fromRtpParameters(consumer.rtpParameters),
        paused: isSilent(consumer),
      });
    } catch {
      own.delete(trackId);
      made.get(keyOf(nodeId, trackId))?.consumer.close();
      tell(nodeId, { type: 'refused', trackId });
    }
  }

  return {
    open: (nodeId, trackId) => void answer(nodeId, trackId),
    connect(nodeId, wayId, end) {
      for (const opening of ways.get(nodeId)?.values() ?? [])
        // A way that cannot be connected carries nothing: the other node asks anew, and gets another.
        opening
          .then(async (way) => (way.id === wayId ? connectWay(way, end).catch(() => way.close()) : undefined))
          .catch(() => {});
    },
    watch(nodeId, trackId, maxSpatialLayer) {
      const one = made.get(keyOf(nodeId, trackId));
      if (one === undefined) return;
      one.watched = maxSpatialLayer;
      void turn(one);
      handleDemand(one.track);
    },
    layersOf: (track) =>
      [...made.values()].flatMap((one) => (one.track === track && one.watched !== null ? [one.watched] : [])),
    end(nodeId) {
      const own = ways.get(nodeId);
      ways.delete(nodeId);
      sent.delete(nodeId);
      for (const way of own?.values() ?? []) way.then((opened) => opened.close()).catch(() => {});
    },
    nodes: () => [...ways.keys()],
    count: () => [...made.values()].filter(({ consumer }) => !isSilent(consumer)).length,
  };
}

const keyOf = (nodeId: string, trackId: string): string => `${nodeId} ${trackId}`;
const isSilent = ({ paused, producerPaused }: types.Consumer): boolean => paused || producerPaused;
