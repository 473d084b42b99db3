import type { DeviceRequest } from '@visavis/call';
import type { PublishedTrack, ReceivedTrack, TrackWish } from '@visavis/protocol';
import type { LinkAnswer } from '../../signaling/index.ts';
import type { Timers } from '../../timers.ts';
import type { MediaSeal } from '../sealed/index.ts';
import type { Remotes } from './remotes.ts';
import type { SfuConsumer, SfuTransport } from './sfuLibrary.ts';
import type { MediaQuality } from './types.ts';

/** Changes within this are told together. Longer: a tile that appears waits for its picture; shorter: a message for each resize. */
const GATHER_MS = 60;

export interface ReceivingOptions {
  readonly callId: string;
  readonly transport: SfuTransport;
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  readonly seal: Pick<MediaSeal, 'bindTrack' | 'removeTrack'>;
  readonly timers: Timers;
  readonly remotes: Remotes;
  /** What is wanted of what there is at present. */
  readonly wishesFor: (tracks: readonly PublishedTrack[]) => readonly TrackWish[];
  readonly onChange: () => void;
}

/** What this device receives over one way from the media server. */
export interface Receiving {
  /** What the others publish when the way is opened, and what of it is on the way already without having been asked for. */
  begin(tracks: readonly PublishedTrack[], ready: readonly ReceivedTrack[]): void;
  /** Everything that the others publish, each time. */
  setTracks(tracks: readonly PublishedTrack[]): void;
  /** What is shown, or who speaks, has changed. */
  follow(): void;
  handleLayer(trackId: string, spatialLayer: number | null): void;
  qualityOf(track: PublishedTrack): MediaQuality | null;
  isWanted(trackId: string): boolean;
  /** Whether the media server says that it sends no layer of it. */
  isWithheld(trackId: string): boolean;
  /** Whether there is, or is to be, anything on this way. */
  isUsed(): boolean;
  close(): void;
}

const nothing = (): void => {};
const isSame = (one: TrackWish | undefined, other: TrackWish): boolean =>
  one !== undefined &&
  one.paused === other.paused &&
  one.spatialLayer === other.spatialLayer &&
  one.temporalLayer === other.temporalLayer &&
  one.priority === other.priority;

/** Browsers keep sound and picture of one stream in step. Goes into a description, where a space would end it (RFC 8830 §2). */
const streamIdOf = ({ deviceId, source }: PublishedTrack): string =>
  `${deviceId}-${source === 'microphone' || source === 'camera' ? 'person' : 'screen'}`;

export function createReceiving(options: ReceivingOptions): Receiving {
  const { callId, transport, request, seal, timers, remotes } = options;
  let tracks: readonly PublishedTrack[] = [];
  let wishes: readonly TrackWish[] = [];
  const asked = new Set<string>();
  const consumers = new Map<string, SfuConsumer>();
  const told = new Map<string, TrackWish>();
  const layers = new Map<string, number | null>();
  let cancelGather = nothing;
  let isGathering = false;
  let isClosed = false;

  const wishOf = (trackId: string): TrackWish | undefined => wishes.find((wish) => wish.trackId === trackId);
  const isWanted = (trackId: string): boolean => wishOf(trackId)?.paused === false;

  /** Asks for what is new and wanted, and says in the same breath how much of it. */
  function tell(): void {
    if (isClosed) return;
    wishes = options.wishesFor(tracks);
    const fresh = tracks.filter(({ trackId }) => !asked.has(trackId) && isWanted(trackId));
    if (fresh.length > 0) void receive(fresh);
    prefer();
  }

  function prefer(): void {
    const changed = wishes.filter((wish) => asked.has(wish.trackId) && !isSame(told.get(wish.trackId), wish));
    if (changed.length === 0) return;
    for (const wish of changed) told.set(wish.trackId, wish);
    void request({ type: 'prefer_tracks', callId, payload: { wishes: [...changed] } }).then((answer) => {
      // One of them went away, and the others were not heard either: said again with the next change, or list.
      if (answer.type !== 'ok') for (const { trackId } of changed) told.delete(trackId);
    });
  }

  async function receive(fresh: readonly PublishedTrack[]): Promise<void> {
    const trackIds = fresh.map(({ trackId }) => trackId);
    for (const trackId of trackIds) asked.add(trackId);
    const answer = await request({ type: 'receive_tracks', callId, payload: { trackIds } });
    if (isClosed) return;
    const received = answer.type === 'ok' ? (answer.payload.received ?? []) : [];
    // What was refused is asked for again when the list changes: it may have gone, or not be there yet.
    for (const trackId of trackIds)
      if (!received.some((one) => one.trackId === trackId)) asked.delete(trackId);
    await take(received);
    if (!isClosed) prefer();
  }

  async function take(received: readonly ReceivedTrack[]): Promise<void> {
    await Promise.allSettled(
      received.map(async (one) => {
        const track = tracks.find(({ trackId }) => trackId === one.trackId);
        if (track === undefined) return;
        seal.bindTrack(track.trackId, track.deviceId, track.source);
        const consumer = await transport.consume(one, streamIdOf(track)).catch(() => null);
        // Asked for again with the next change: the browser may be out of something.
        if (consumer === null) return void asked.delete(one.trackId);
        const still = tracks.find(({ trackId }) => trackId === one.trackId);
        if (isClosed || still === undefined) return consumer.close();
        consumers.set(one.trackId, consumer);
        remotes.put(still, consumer);
      }),
    );
  }

  function setTracks(next: readonly PublishedTrack[]): void {
    const gone = tracks.filter((track) => !next.some(({ trackId }) => trackId === track.trackId));
    tracks = next;
    remotes.setTracks(next);
    for (const { trackId } of gone) {
      consumers.get(trackId)?.close();
      consumers.delete(trackId);
      seal.removeTrack(trackId);
      asked.delete(trackId);
      told.delete(trackId);
      layers.delete(trackId);
    }
    tell();
    options.onChange();
  }

  return {
    begin(next, ready) {
      for (const { trackId } of ready) asked.add(trackId);
      setTracks(next);
      void take(ready);
    },
    setTracks,
    follow() {
      if (isGathering || isClosed) return;
      isGathering = true;
      tell();
      cancelGather = timers.after(GATHER_MS, () => {
        isGathering = false;
        tell();
        options.onChange();
      });
    },
    handleLayer(trackId, spatialLayer) {
      layers.set(trackId, spatialLayer);
      options.onChange();
    },
    qualityOf(track) {
      const wish = wishOf(track.trackId);
      const given = layers.get(track.trackId);
      if (wish === undefined || wish.paused || track.paused || given === undefined) return null;
      if (given === null) return 'poor';
      const missing = (wish.spatialLayer ?? given) - given;
      return missing <= 0 ? 'good' : missing === 1 ? 'fair' : 'poor';
    },
    isWanted,
    isWithheld: (trackId) => layers.get(trackId) === null,
    isUsed: () => asked.size > 0,
    close() {
      isClosed = true;
      cancelGather();
      for (const consumer of consumers.values()) consumer.close();
    },
  };
}
