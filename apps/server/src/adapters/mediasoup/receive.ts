import type { types } from 'mediasoup';
import { SfuRefusal, type ReceivedTrack, type SfuEvent, type TrackWish } from '../../mediaPorts.ts';
import type { Call, Calls } from './calls.ts';
import { fromRtpParameters } from './convert.ts';
import { largestLayer } from './demand.ts';
import { isClosed, type Peer, type Reception, type Track } from './peers.ts';

/** Pipes between workers of one machine. */
const LOOPBACK = { protocol: 'udp', ip: '127.0.0.1' } as const;
/** More than any browser sends: mediasoup takes the largest there is. */
const LARGEST = 7;

interface Context {
  readonly calls: Calls;
  readonly call: Call;
  readonly peer: Peer;
  readonly emit: (event: SfuEvent) => void;
}

/** The tracks of others that are there; whoever names one of another call, or its own, is refused. */
function findTracks({ call, peer }: Context, trackIds: readonly string[]): Track[] {
  return trackIds.flatMap((trackId) => {
    const track = call.tracks.get(trackId);
    if (track === undefined && call.closedTracks.has(trackId)) return [];
    if (track === undefined || track.peer.deviceId === peer.deviceId) throw new SfuRefusal('NO_SUCH_TRACK');
    return [track];
  });
}

/** Makes the device receive tracks. */
export async function receiveTracks(context: Context, trackIds: readonly string[]): Promise<ReceivedTrack[]> {
  const tracks = findTracks(context, [...new Set(trackIds)]);
  const received = await Promise.all(
    tracks.map(async (track) => {
      const reception = await receiveTrack(context, track);
      return reception === null ? [] : [describe(reception.consumer)];
    }),
  );
  return received.flat();
}

const describe = (consumer: types.Consumer): ReceivedTrack => ({
  trackId: consumer.producerId,
  consumerId: consumer.id,
  kind: consumer.kind,
  rtpParameters: fromRtpParameters(consumer.rtpParameters),
  producerPaused: consumer.producerPaused,
});

/** @returns null when the track has closed or cannot be decoded */
async function receiveTrack(context: Context, track: Track): Promise<Reception | null> {
  const { received } = context.peer;
  const { id } = track.producer;
  const existing = received.get(id);
  if (existing !== undefined) return existing;
  const made = consume(context, track);
  received.set(id, made);
  try {
    const reception = await made;
    if (reception === null) received.delete(id);
    return reception;
  } catch (error) {
    received.delete(id);
    // It closed while it was being made.
    if (track.producer.closed && !isClosed(context.peer)) return null;
    throw error;
  }
}

async function consume(context: Context, track: Track): Promise<Reception | null> {
  const { calls, call, peer, emit } = context;
  const { router, media } = peer.place;
  const producerId = track.producer.id;
  await bringTo(call, track, peer);
  if (!router.canConsume({ producerId, rtpCapabilities: peer.capabilities })) return null;
  const consumer = await peer.receive.consume({
    producerId,
    rtpCapabilities: peer.capabilities,
    paused: track.producer.kind === 'video',
  });
  if (consumer.closed) return null;
  const reception: Reception = {
    consumer,
    isPaused: consumer.paused,
    spatialLayer: null,
    temporalLayer: null,
    priority: 1,
  };
  peer.receptions.set(producerId, reception);
  media.consumers += 1;
  consumer.observer.on('close', () => {
    media.consumers -= 1;
    peer.receptions.delete(producerId);
    peer.received.delete(producerId);
    calls.tellDemand(call, track);
  });
  consumer.on('layerschange', (layers) => {
    const spatialLayer = layers?.spatialLayer ?? null;
    emit({ type: 'layers', callId: call.id, deviceId: peer.deviceId, trackId: producerId, spatialLayer });
  });
  calls.tellDemand(call, track);
  return reception;
}

/** Brings a track to the worker that the device is on, once for all who are on it. */
async function bringTo(call: Call, track: Track, { place }: Peer): Promise<void> {
  if (track.peer.place === place) return;
  const { producer } = track;
  const key = `${producer.id} ${place.router.id}`;
  let pipe = call.pipes.get(key);
  if (pipe === undefined) {
    const { media } = track.peer.place;
    pipe = track.peer.place.router
      .pipeToRouter({ producerId: producer.id, router: place.router, listenInfo: LOOPBACK, enableRtx: true })
      .then(({ pipeConsumer }) => {
        media.consumers += 1;
        const forget = (): void => {
          media.consumers -= 1;
          call.pipes.delete(key);
        };
        if (pipeConsumer === undefined || pipeConsumer.closed) forget();
        else pipeConsumer.observer.on('close', forget);
      });
    pipe.catch(() => call.pipes.delete(key));
    call.pipes.set(key, pipe);
  }
  await pipe;
}

/** Applies what the device wants of the tracks that it receives. */
export async function preferTracks(context: Context, wishes: readonly TrackWish[]): Promise<void> {
  const { calls, call, peer } = context;
  findTracks(
    context,
    wishes.map(({ trackId }) => trackId),
  );
  await Promise.all(
    wishes.map(async (wish) => {
      const reception = await peer.received.get(wish.trackId);
      const track = call.tracks.get(wish.trackId);
      if (track === undefined) return;
      if (reception === undefined || reception === null) throw new SfuRefusal('NO_SUCH_TRACK');
      await apply(reception, wish).catch((error: unknown) => {
        // It closed in the meantime, which was to be expected.
        if (!reception.consumer.closed || isClosed(peer)) throw error;
      });
      calls.tellDemand(call, track);
    }),
  );
}

/** Only what is another than before: each is a message to the worker. Layers first, so that none is sent in vain. */
async function apply(
  reception: Reception,
  { paused, spatialLayer, temporalLayer, priority }: TrackWish,
): Promise<void> {
  const { consumer } = reception;
  const steps: Promise<void>[] = [];
  if (spatialLayer !== reception.spatialLayer || temporalLayer !== reception.temporalLayer) {
    reception.spatialLayer = spatialLayer;
    reception.temporalLayer = temporalLayer;
    if (consumer.type === 'simulcast' || consumer.type === 'svc') {
      const largest = largestLayer(consumer.rtpParameters);
      steps.push(
        consumer.setPreferredLayers({
          spatialLayer: spatialLayer === null ? largest : Math.min(spatialLayer, largest),
          temporalLayer: temporalLayer ?? LARGEST,
        }),
      );
    }
  }
  if (priority !== reception.priority) {
    reception.priority = priority;
    steps.push(consumer.setPriority(priority));
  }
  if (paused !== reception.isPaused) {
    reception.isPaused = paused;
    steps.push(paused ? consumer.pause() : consumer.resume());
  }
  await Promise.all(steps);
}
