import { SfuRefusal, type ReceivedTrack, type SfuEvent, type TrackWish } from '../../mediaPorts.ts';
import type { Call, Calls } from './calls.ts';
import { fromRtpParameters } from './convert.ts';
import { largestLayer } from './demand.ts';
import { isClosed, type Peer, type Reception } from './peers.ts';

/** More than any browser sends: mediasoup takes the largest there is. */
const LARGEST = 7;

interface Context {
  readonly calls: Calls;
  readonly call: Call;
  readonly peer: Peer;
  readonly emit: (event: SfuEvent) => void;
}

/** The tracks of others that are there; whoever names one of another call, or its own, is refused. */
function findTracks({ call, peer }: Context, trackIds: readonly string[]): string[] {
  return trackIds.filter((trackId) => {
    const track = call.tracks.get(trackId) ?? call.nodes?.find(trackId);
    if (track === undefined && call.closedTracks.has(trackId)) return false;
    if (track === undefined || track.deviceId === peer.deviceId) throw new SfuRefusal('NO_SUCH_TRACK');
    return true;
  });
}

/** Makes the device receive tracks. */
export async function receiveTracks(context: Context, trackIds: readonly string[]): Promise<ReceivedTrack[]> {
  const received = await Promise.all(
    findTracks(context, [...new Set(trackIds)]).map(async (trackId) => {
      const reception = await receiveTrack(context, trackId);
      return reception === null ? [] : [describe(context.call, reception)];
    }),
  );
  return received.flat();
}

/** Pictures that are made ready for who opens: which of more it shows is for it to say. */
const PICTURES_AT_ONCE = 9;

/**
 * What others publish at this worker, for a device that has just opened: it would ask for it next. Sound flows as soon as there is a
 * way; pictures wait for what is wanted of them. What cannot be had now is left out, and asked for; so is what has to be brought here
 * first, which nobody may look at.
 */
export async function receiveAtOnce(context: Context): Promise<ReceivedTrack[]> {
  const { call, peer } = context;
  const others = [...call.tracks.values()].filter(
    ({ deviceId, place }) => deviceId !== peer.deviceId && place === peer.place,
  );
  const idsOf = (kind: 'audio' | 'video'): string[] =>
    others.flatMap(({ producer }) => (producer.kind === kind ? [producer.id] : []));
  const trackIds = [...idsOf('audio'), ...idsOf('video').slice(0, PICTURES_AT_ONCE)];
  return receiveTracks(context, trackIds).catch(() => []);
}

const describe = ({ nodes }: Call, { consumer, track }: Reception): ReceivedTrack => ({
  trackId: consumer.producerId,
  consumerId: consumer.id,
  kind: consumer.kind,
  rtpParameters: fromRtpParameters(consumer.rtpParameters),
  // The consumer's own says as well that nothing comes through a pipe, because nobody there has watched yet.
  producerPaused:
    track.nodeId === null ? track.producer.paused : nodes?.find(consumer.producerId)?.paused === true,
});

/** @returns null when the track has closed or cannot be decoded */
async function receiveTrack(context: Context, id: string): Promise<Reception | null> {
  const { received } = context.peer;
  const existing = received.get(id);
  if (existing !== undefined) return existing;
  const made = consume(context, id);
  received.set(id, made);
  try {
    const reception = await made;
    if (reception === null) received.delete(id);
    return reception;
  } catch (error) {
    received.delete(id);
    // It closed while it was being made.
    if (isGone(context.call, id) && !isClosed(context.peer)) return null;
    throw error;
  }
}

const isGone = ({ tracks, nodes }: Call, trackId: string): boolean =>
  !tracks.has(trackId) && nodes?.find(trackId) === undefined;

async function consume(context: Context, producerId: string): Promise<Reception | null> {
  const { calls, call, peer, emit } = context;
  const { router, media } = peer.place;
  const track = call.tracks.get(producerId) ?? (await call.nodes?.bring(producerId, peer.place)) ?? null;
  if (track === null) return null;
  await call.pipes.bring(track, peer.place);
  if (!router.canConsume({ producerId, rtpCapabilities: peer.capabilities })) return null;
  const consumer = await peer.receive.consume({
    producerId,
    rtpCapabilities: peer.capabilities,
    paused: track.producer.kind === 'video',
  });
  if (consumer.closed) return null;
  const reception: Reception = {
    track,
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
    calls.followDemand(call, track);
  });
  consumer.on('layerschange', (layers) => {
    const spatialLayer = layers?.spatialLayer ?? null;
    emit({ type: 'layers', callId: call.id, deviceId: peer.deviceId, trackId: producerId, spatialLayer });
  });
  calls.followDemand(call, track);
  return reception;
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
      if (isGone(call, wish.trackId)) return;
      if (reception === undefined || reception === null) throw new SfuRefusal('NO_SUCH_TRACK');
      await apply(reception, wish).catch((error: unknown) => {
        // It closed in the meantime, which was to be expected.
        if (!reception.consumer.closed || isClosed(peer)) throw error;
      });
      calls.followDemand(call, reception.track);
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
