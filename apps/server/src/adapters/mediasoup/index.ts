import {
  SfuRefusal,
  type Sfu,
  type SfuEvent,
  type SfuOpened,
  type SfuState,
  type TrackToPublish,
} from '../../mediaPorts.ts';
import type { SfuNodes } from '../../mediaSpan.ts';
import type { Clock, Log } from '../../ports.ts';
import { type Call, createCalls } from './calls.ts';
import { checkDtlsParameters, checkRtpParameters } from './checkMedia.ts';
import { toDtlsParameters, toRtpParameters } from './convert.ts';
import { largestLayer } from './demand.ts';
import type { ListenAddress, PipeListen } from './listen.ts';
import {
  describeCapabilities,
  describeTrack,
  describeTransport,
  isClosed,
  kindOf,
  openPeer,
  transportOf,
  type Peer,
  type Track,
} from './peers.ts';
import { fullnessOf } from './places.ts';
import { toError } from '../../toError.ts';
import { watchProvision, type WorkerSource, type WorkerStatus } from './provision.ts';
import { preferTracks, receiveAtOnce, receiveTracks } from './receive.ts';
import { toRefusal } from './refusals.ts';
import { superviseWorkers, type Workers } from './workers.ts';

export type { ListenAddress, PipeListen } from './listen.ts';
export type { WorkerSource } from './provision.ts';

export interface SfuSettings {
  readonly source: WorkerSource;
  /** How many workers: one for each core that may be used. */
  readonly workers: number;
  /** The first worker's port, UDP and TCP; the others' follow. 0: any. */
  readonly basePort: number;
  /** Asked anew for each worker that is started. */
  readonly addresses: () => readonly ListenAddress[];
  /** How many streams a worker sends before calls are spread to others. */
  readonly capacity: number;
  /** Where media are exchanged with other nodes (MED6); null: with none. */
  readonly pipeListen: PipeListen | null;
}

/** The forwarding unit, by mediasoup. Never rejects: where there is no worker, its state says so. */
export function createMediasoupSfu(settings: SfuSettings, { clock, log }: { clock: Clock; log: Log }): Sfu {
  const handlers = new Set<(event: SfuEvent) => void>();
  let provision: WorkerStatus = { state: 'preparing', done: null, total: null };
  let workers: Workers | null = null;
  let told = '';

  const emit = (event: SfuEvent): void => {
    for (const handle of handlers) {
      try {
        handle(event);
      } catch (error) {
        log.error('media event not handled', { type: event.type, error: toError(error) });
      }
    }
  };
  const { capacity, pipeListen } = settings;
  const alive = () => workers?.alive ?? [];
  const calls = createCalls({ clock, alive, capacity, pipeListen, emit });

  function state(): SfuState {
    if (alive().length > 0) return { name: 'ready' };
    if (provision.state === 'preparing')
      return { name: 'preparing', done: provision.done, total: provision.total };
    if (provision.state === 'unavailable') return { name: 'unavailable', reason: provision.reason };
    const problem = workers?.problem ?? null;
    return problem === null
      ? { name: 'preparing', done: null, total: null }
      : { name: 'unavailable', reason: problem };
  }
  const tellState = (): void => {
    const text = JSON.stringify(state());
    if (text === told) return;
    told = text;
    emit({ type: 'state_changed' });
  };
  const stopWatching = watchProvision(settings.source, clock, (status) => {
    provision = status;
    if (status.state === 'ready' && workers === null) {
      workers = superviseWorkers({
        binary: status.bin,
        count: settings.workers,
        basePort: settings.basePort,
        addresses: settings.addresses,
        clock,
        log,
        handleChange: tellState,
        handleDeath: (worker) => calls.handleDeath(worker),
      });
    }
    tellState();
  });

  function find(callId: string, deviceId: string): { readonly call: Call; readonly peer: Peer } {
    const call = calls.find(callId);
    const peer = call?.peers.get(deviceId);
    if (call === undefined || peer === undefined) throw new SfuRefusal('NO_SUCH_TRANSPORT');
    return { call, peer };
  }
  /** Does something with a device's media; whatever goes wrong is a refusal. */
  async function withPeer<Result>(
    callId: string,
    deviceId: string,
    work: (context: { readonly call: Call; readonly peer: Peer }) => Promise<Result>,
  ): Promise<Result> {
    const context = find(callId, deviceId);
    try {
      return await work(context);
    } catch (error) {
      const { peer } = context;
      throw toRefusal(error, { isDead: peer.place.media.worker.closed, isGone: isClosed(peer) });
    }
  }
  async function open(
    callId: string,
    deviceId: string,
    { rtpCapabilities }: Parameters<Sfu['open']>[2],
  ): Promise<SfuOpened> {
    const { call, peer } = await calls
      .admit(callId, async (place) => openPeer(place, deviceId, rtpCapabilities))
      .catch((error: unknown) => {
        // Nothing of what the device said has been looked at but its capabilities, which refuse by themselves.
        throw toRefusal(error, { isDead: true, isGone: false });
      });
    return {
      generation: call.generation,
      routerRtpCapabilities: describeCapabilities(peer.place),
      send: describeTransport(peer.send),
      receive: describeTransport(peer.receive),
      received: await receiveAtOnce({ calls, call, peer, emit }),
    };
  }

  async function publish({ call, peer }: { call: Call; peer: Peer }, input: TrackToPublish): Promise<Track> {
    const { source, kind, rtpParameters, paused } = input;
    if (input.transportId !== peer.send.id) throw new SfuRefusal('NO_SUCH_TRANSPORT');
    if (kind !== kindOf(source)) throw new SfuRefusal('BAD_MEDIA');
    checkRtpParameters(rtpParameters);
    if (peer.published.has(source)) throw new SfuRefusal('TOO_MANY_TRACKS');
    peer.published.set(source, null);
    try {
      const producer = await peer.send.produce({
        kind,
        rtpParameters: toRtpParameters(rtpParameters),
        paused,
      });
      // Opened anew, or the call ended, while it was being made.
      if (producer.closed) throw new SfuRefusal('NO_SUCH_TRANSPORT');
      const track: Track = {
        deviceId: peer.deviceId,
        source,
        place: peer.place,
        nodeId: null,
        producer,
        largestLayer: largestLayer(producer.rtpParameters),
        toldDemand: undefined,
      };
      calls.addTrack(call, peer, track);
      if (source === 'microphone') await peer.place.observer.addProducer({ producerId: producer.id });
      return track;
    } catch (error) {
      if (peer.published.get(source) === null) peer.published.delete(source);
      throw error;
    }
  }

  const nodes: SfuNodes = {
    setRemote: (callId, tracks) => calls.setRemote(callId, tracks),
    hear: (callId, nodeId, message) => {
      const call = calls.find(callId);
      if (call?.nodes) call.nodes.hear(nodeId, message);
      else if (message.type === 'ask')
        emit({ type: 'pipe', callId, nodeId, message: { type: 'refused', trackId: message.trackId } });
    },
    hearLevels: (callId, nodeId, volumes) => calls.find(callId)?.speakers.hear(nodeId, volumes),
    drop: (nodeId) => calls.dropNode(nodeId),
    count: () => calls.countNodePipes(),
  };

  return {
    nodes: pipeListen === null ? null : nodes,
    state,
    load: () => fullnessOf(alive(), capacity),
    pipes: () => calls.countPipes(),
    countConnected: () => calls.countConnected(),
    open,
    connect: async (callId, deviceId, transportId, dtlsParameters) =>
      withPeer(callId, deviceId, async ({ peer }) => {
        const transport = transportOf(peer, transportId);
        checkDtlsParameters(dtlsParameters);
        await transport.connect({ dtlsParameters: toDtlsParameters(dtlsParameters) });
      }),
    restartIce: async (callId, deviceId, transportId) =>
      withPeer(callId, deviceId, async ({ peer }) => transportOf(peer, transportId).restartIce()),
    publish: async (callId, deviceId, input) =>
      withPeer(callId, deviceId, async (context) => ({
        trackId: (await publish(context, input)).producer.id,
      })),
    unpublish: async (callId, deviceId, trackId) =>
      withPeer(callId, deviceId, async ({ peer }) => ownTrack(peer, trackId).producer.close()),
    setPaused: async (callId, deviceId, trackId, paused) =>
      withPeer(callId, deviceId, async ({ peer }) => {
        const { producer } = ownTrack(peer, trackId);
        if (producer.paused === paused) return;
        await (paused ? producer.pause() : producer.resume());
        emit({ type: 'track_paused', callId, deviceId, trackId, paused });
      }),
    receive: async (callId, deviceId, trackIds) =>
      withPeer(callId, deviceId, async (context) => receiveTracks({ calls, emit, ...context }, trackIds)),
    prefer: async (callId, deviceId, wishes) =>
      withPeer(callId, deviceId, async (context) => preferTracks({ calls, emit, ...context }, wishes)),
    leave: async (callId, deviceId) => {
      const call = calls.find(callId);
      const peer = call?.peers.get(deviceId);
      if (call !== undefined && peer !== undefined) calls.remove(call, peer);
    },
    end: async (callId) => calls.end(callId),
    tracks: (callId) => {
      const call = calls.find(callId);
      return [...[...(call?.tracks.values() ?? [])].map(describeTrack), ...(call?.nodes?.list() ?? [])];
    },
    subscribe(handle) {
      handlers.add(handle);
      return () => handlers.delete(handle);
    },
    async close() {
      stopWatching();
      calls.endAll();
      await workers?.close();
    },
  };
}

function ownTrack(peer: Peer, trackId: string): Track {
  const track = [...peer.published.values()].find((one) => one?.producer.id === trackId);
  if (track === undefined || track === null) throw new SfuRefusal('NO_SUCH_TRACK');
  return track;
}
