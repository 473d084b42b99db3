import type { DeviceRequest } from '@visavis/call';
import type { MediaSource } from '@visavis/protocol';
import { type SendingLimits, WHOLE_LIMITS } from '../../quality/index.ts';
import type { LinkAnswer } from '../../signaling/index.ts';
import type { Timers } from '../../timers.ts';
import { changeDemand, createDemand, passDemand, type Demand } from './demand.ts';
import { CAMERA_LAYERS, isStereo, layersFor } from './encodings.ts';
import type { SfuProducer, SfuTransport } from './sfuLibrary.ts';
import type { ForwardedTracks } from './types.ts';

export interface PublishingOptions {
  readonly callId: string;
  readonly transport: SfuTransport;
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  readonly timers: Timers;
  /** Whether frames pass: no picture is encoded while they do not. */
  readonly isOpen: boolean;
  /** The media server does not take what it has to take: this way is of no use. */
  readonly onBroken: () => void;
}

/** What this device sends over one way to the media server. */
export interface Publishing {
  setTracks(tracks: ForwardedTracks): void;
  /** A camera that is paused is to be left out of the tracks. */
  setLimits(limits: SendingLimits): void;
  setOpen(isOpen: boolean): void;
  /** GRP4: who watches. */
  handleDemand(trackId: string, maxSpatialLayer: number | null): void;
  /** Whether there is, or is to be, anything on this way. */
  isUsed(): boolean;
  close(): void;
}

interface Slot {
  readonly source: MediaSource;
  wanted: MediaStreamTrack | null;
  sent: MediaStreamTrack | null;
  producer: SfuProducer | null;
  /** What is negotiated for the producer: it takes a track of the same kind only. */
  isStereo: boolean;
  isBusy: boolean;
  /** What the media server was told last. */
  isPaused: boolean;
}

const nothing = (): void => {};

/** Screens come and go as tracks; a camera that is off, and a muted microphone, pause: they are back without a new track. */
const isLasting = (source: MediaSource): boolean => source === 'microphone' || source === 'camera';
const mustPause = (track: MediaStreamTrack | null): boolean => track === null || !track.enabled;

/** Of what may change while it is sent: the sound of a screen is negotiated with two channels, whatever it has. */
const hasTwoChannels = (source: MediaSource, track: MediaStreamTrack): boolean =>
  source === 'microphone' && isStereo(track);

/** Null: the camera is paused. */
function layersWanted(demanded: number, { camera }: SendingLimits, isOpen: boolean) {
  if (camera === null) return null;
  const { lines, bitrate, framerate } = camera;
  return { layers: isOpen ? Math.min(demanded, layersFor(lines)) : 0, bitrate, framerate };
}

export function createPublishing(options: PublishingOptions): Publishing {
  const { callId, transport, request, timers } = options;
  const slots = (['microphone', 'camera', 'screen', 'screen_sound'] as const).map((source): Slot => ({
    source,
    wanted: null,
    sent: null,
    producer: null,
    isStereo: false,
    isBusy: false,
    isPaused: false,
  }));
  let demand: Demand = createDemand(CAMERA_LAYERS.length);
  let limits = WHOLE_LIMITS;
  let isOpen = options.isOpen;
  let encoded = layersWanted(CAMERA_LAYERS.length, WHOLE_LIMITS, isOpen);
  /** One change after the other: the browser takes none while it makes another. */
  let encoding: Promise<void> = Promise.resolve();
  /** Bits per second that the voice was last given; what it begins with is the whole, and what has two channels with more. */
  let voice: number | null = WHOLE_LIMITS.audioBitrate;
  let cancelDemand = nothing;
  let isClosed = false;

  /** One thing at a time for each track, until what is sent is what is wanted. */
  async function bringInLine(slot: Slot): Promise<void> {
    if (slot.isBusy) return;
    slot.isBusy = true;
    try {
      while (await takeStep(slot));
    } catch {
      // A track that ended in the meantime; the next change tries again. A way that is lost says so itself.
      if (!isClosed && slot.producer === null && slot.wanted?.readyState === 'live') options.onBroken();
    } finally {
      slot.isBusy = false;
    }
  }

  /** @returns whether there may be more to do */
  async function takeStep(slot: Slot): Promise<boolean> {
    if (isClosed) return false;
    const { wanted, producer, source } = slot;
    if (producer === null) {
      if (wanted === null) return false;
      slot.isPaused = mustPause(wanted);
      slot.isStereo = hasTwoChannels(source, wanted);
      if (source === 'microphone') voice = slot.isStereo ? null : WHOLE_LIMITS.audioBitrate;
      if (source === 'camera') encoded = layersWanted(CAMERA_LAYERS.length, WHOLE_LIMITS, isOpen);
      const made = await transport.produce(source, wanted, isOpen ? CAMERA_LAYERS.length : 0);
      slot.sent = wanted;
      slot.producer = made;
      if (source === 'camera') await applyDemand(slot);
      if (source === 'microphone') await applyVoice(slot);
      return true;
    }
    const isGone = wanted === null && !isLasting(source);
    // A track that has ended says nothing of itself any more.
    const isLive = wanted !== null && wanted.readyState === 'live';
    if (isGone || (isLive && hasTwoChannels(source, wanted) !== slot.isStereo)) {
      slot.producer = null;
      slot.sent = null;
      producer.close();
      void request({ type: 'unpublish_track', callId, payload: { trackId: producer.id } });
      // What is wanted is published in its stead.
      return true;
    }
    if (slot.sent !== wanted) {
      await producer.replaceTrack(wanted);
      slot.sent = wanted;
      return true;
    }
    const paused = mustPause(wanted);
    if (slot.isPaused === paused) return false;
    slot.isPaused = paused;
    void request({ type: 'pause_track', callId, payload: { trackId: producer.id, paused } });
    return true;
  }

  function applyDemand(slot: Pick<Slot, 'producer'>): Promise<void> {
    const applying = encoding.then(() => encode(slot));
    encoding = applying.catch(() => {});
    return applying;
  }

  async function encode({ producer }: Pick<Slot, 'producer'>): Promise<void> {
    const wanted = layersWanted(demand.layers, limits, isOpen);
    if (producer === null || wanted === null || JSON.stringify(wanted) === JSON.stringify(encoded)) return;
    await producer.setLayers(wanted.layers, wanted);
    encoded = wanted;
  }

  async function applyVoice({ producer }: Pick<Slot, 'producer'>): Promise<void> {
    if (producer === null || limits.audioBitrate === voice) return;
    voice = limits.audioBitrate;
    await producer.setBitrate(voice);
  }

  const slotOf = (source: MediaSource): Slot | undefined => slots.find((slot) => slot.source === source);

  function followDemand(next: Demand): void {
    demand = next;
    cancelDemand();
    cancelDemand = nothing;
    if (isClosed) return;
    const camera = slotOf('camera');
    if (camera !== undefined) applyDemand(camera).catch(() => {});
    if (demand.lowering === null) return;
    cancelDemand = timers.after(Math.max(0, demand.lowering.at - timers.now()), () =>
      followDemand(passDemand(demand, timers.now())),
    );
  }

  return {
    setTracks({ audio, video, screen, screenSound }) {
      const wanted = { microphone: audio, camera: video, screen, screen_sound: screenSound };
      for (const slot of slots) {
        slot.wanted = wanted[slot.source];
        void bringInLine(slot);
      }
    },
    handleDemand(trackId, maxSpatialLayer) {
      const camera = slotOf('camera');
      if (camera?.producer?.id !== trackId) return;
      followDemand(changeDemand(demand, maxSpatialLayer, timers.now()));
    },
    setLimits(next) {
      limits = next;
      const [camera, microphone] = [slotOf('camera'), slotOf('microphone')];
      if (camera !== undefined) applyDemand(camera).catch(() => {});
      if (microphone !== undefined) applyVoice(microphone).catch(() => {});
    },
    setOpen(next) {
      isOpen = next;
      const camera = slotOf('camera');
      if (camera !== undefined) applyDemand(camera).catch(() => {});
    },
    isUsed: () => slots.some(({ wanted, producer }) => wanted !== null || producer !== null),
    close() {
      isClosed = true;
      cancelDemand();
      for (const { producer } of slots) producer?.close();
    },
  };
}
