import type { PublishedTrack, TrackWish } from '@visavis/protocol';
import { LOW_DATA_BITRATE, type ReceivingWishes } from '../../quality/index.ts';
import { CAMERA_LAYERS, SCREEN_BITRATE } from './encodings.ts';
import type { MediaTile } from './types.ts';

/** The numbers of who gets what. Each says what gets worse when it is changed. */
export const WISH_LIMITS = {
  /** Pictures received at once. More: decoders and bits; fewer: tiles without a picture. */
  tiles: 16,
  /** Before the layout has said what it shows. More: bits for what may not be seen; fewer: pictures come later. */
  tilesAtFirst: 9,
  /** Tiles at 360 lines, and at 720. More: heat and bits that hardly show in tiles of that size. */
  middleTiles: 4,
  largeTiles: 1,
  /** Bits per second of all pictures that this device asks for. More: a home's line is full; less: soft pictures. */
  bitrate: 5_000_000,
  /** How much a picture may be enlarged before the next layer is worth its bits. Higher: soft; lower: three times the bits. */
  enlargement: 4 / 3,
  /** Device pixels beyond these in one CSS pixel are not seen in moving pictures. */
  pixelRatio: 2,
  /** With more small tiles than these each shows every other picture. More: the media server and the decoders work more. */
  smoothTiles: 9,
  /** The same beside a screen or a large picture, which is what is looked at. */
  smoothTilesBesideLarge: 4,
} as const;

/** 1 to 255. When there is not enough for all, a voice comes before a face, and who speaks before who listens. */
export const WISH_PRIORITIES = {
  voice: 255,
  screenSound: 240,
  speaker: 200,
  screen: 150,
  large: 100,
  other: 50,
} as const;

export interface WishInput {
  /** What the others publish. */
  readonly tracks: readonly PublishedTrack[];
  /** Null until the layout has said what it shows. */
  readonly tiles: readonly MediaTile[] | null;
  readonly pixelRatio: number;
  readonly quality: ReceivingWishes;
  readonly speakerDeviceId: string | null;
}

interface Candidate {
  readonly track: PublishedTrack;
  readonly tile: MediaTile | null;
  readonly isSpeaker: boolean;
  readonly layer: number;
}

/** GRP4: what this device wants of each track: sound always, pictures as they are shown, and no larger. Pure. */
export function wishesFor(input: WishInput): readonly TrackWish[] {
  const shown = input.tracks
    .flatMap((track) => candidateOf(track, input) ?? [])
    .sort((one, other) => rankOf(other) - rankOf(one))
    .slice(0, mostTiles(input));
  const layers = fitBitrate(limitLayers(shown, input.quality), input.quality);
  const small = [...layers.values()].filter((layer) => layer === 0).length;
  const hasLarge = shown.some(({ track, tile }) => track.source === 'screen' || tile?.large === true);
  const isSaving = savesData(input.quality);
  const isHalving =
    isSaving || small > (hasLarge ? WISH_LIMITS.smoothTilesBesideLarge : WISH_LIMITS.smoothTiles);
  return input.tracks.map((track) => {
    if (track.kind === 'audio') return soundWish(track);
    const candidate = shown.find((other) => other.track === track);
    const layer = layers.get(track.trackId);
    if (candidate === undefined || layer === undefined) return nothing(track);
    const isScreen = track.source === 'screen';
    const isHalved = isHalving && layer === 0 && (isSaving || !candidate.isSpeaker) && !isScreen;
    return {
      trackId: track.trackId,
      paused: false,
      spatialLayer: isScreen ? null : layer,
      temporalLayer: isHalved ? 1 : null,
      priority: priorityOf(candidate),
    };
  });
}

/** A budget that has less left than two small pictures is as one who saves data. */
const savesData = ({ lowData, pictures }: ReceivingWishes): boolean =>
  lowData || (pictures !== null && pictures < 2 * LOW_DATA_BITRATE);

/** On a line that is paid for by the megabyte: whoever matters most, small, and every other picture of it. */
function mostTiles({ tiles, quality }: WishInput): number {
  if (quality.pictures === 0) return 0;
  if (savesData(quality)) return 1;
  return tiles === null ? WISH_LIMITS.tilesAtFirst : WISH_LIMITS.tiles;
}

/** A picture that is shown, with the layer that its tile is worth; null for what is not. */
function candidateOf(track: PublishedTrack, input: WishInput): Candidate | null {
  if (track.kind === 'audio') return null;
  const isSpeaker = track.source === 'camera' && track.deviceId === input.speakerDeviceId;
  if (input.tiles === null) return { track, tile: null, isSpeaker, layer: 0 };
  const tile = input.tiles.find(({ of }) =>
    'trackId' in of
      ? of.trackId === track.trackId
      : track.source === 'camera' && of.deviceId === track.deviceId,
  );
  if (tile === undefined || !tile.visible || tile.width <= 0 || tile.height <= 0) return null;
  return { track, tile, isSpeaker, layer: layerFor(tile, input.pixelRatio) };
}

/** The lowest layer that need not be enlarged too much; pictures fill their tiles, so the larger factor counts. */
export function layerFor(tile: Pick<MediaTile, 'width' | 'height'>, pixelRatio: number): number {
  const ratio = Math.min(pixelRatio, WISH_LIMITS.pixelRatio);
  const index = CAMERA_LAYERS.findIndex(({ width, height }) => {
    const factor = Math.max((tile.width * ratio) / width, (tile.height * ratio) / height);
    return factor <= WISH_LIMITS.enlargement;
  });
  return index === -1 ? CAMERA_LAYERS.length - 1 : index;
}

const areaOf = ({ tile }: Candidate): number => (tile === null ? 0 : tile.width * tile.height);
/** Screens and large tiles are never left out; then the speaker, then by size. */
const rankOf = (candidate: Candidate): number =>
  (candidate.track.source === 'screen' ? 4e9 : 0) +
  (candidate.tile?.large === true ? 2e9 : 0) +
  (candidate.isSpeaker ? 1e9 : 0) +
  areaOf(candidate);

function limitLayers(
  shown: readonly Candidate[],
  { mostLines, lowData }: ReceivingWishes,
): Map<string, number> {
  const layers = new Map<string, number>();
  let large = 0;
  let middle = 0;
  const only = shown.length === 1;
  const most = lowData ? 0 : CAMERA_LAYERS.findLastIndex(({ height }) => height <= mostLines);
  for (const { track, tile, layer } of shown) {
    let given = track.source === 'screen' ? layer : Math.min(layer, most);
    if (track.source !== 'screen') {
      const mayBeLarge = (tile?.large === true || only) && large < WISH_LIMITS.largeTiles;
      if (given === 2 && !mayBeLarge) given = 1;
      if (given === 1 && middle >= WISH_LIMITS.middleTiles) given = 0;
      if (given === 2) large += 1;
      if (given === 1) middle += 1;
    }
    layers.set(track.trackId, given);
  }
  return layers;
}

const rateOf = (layer: number): number => CAMERA_LAYERS[layer]?.bitrate ?? SCREEN_BITRATE;

/** From the least wanted on, layers go down until all fit; the lowest always come, and the media server's estimate does the rest. */
function fitBitrate(
  layers: Map<string, number>,
  { lowData, pictures }: ReceivingWishes,
): Map<string, number> {
  const most = Math.min(lowData ? LOW_DATA_BITRATE : WISH_LIMITS.bitrate, pictures ?? WISH_LIMITS.bitrate);
  let total = [...layers.values()].reduce((sum, layer) => sum + rateOf(layer), 0);
  for (const [trackId, layer] of [...layers].reverse()) {
    for (let given = layer; given > 0 && total > most; given -= 1) {
      total -= rateOf(given) - rateOf(given - 1);
      layers.set(trackId, given - 1);
    }
  }
  return layers;
}

function priorityOf({ track, tile, isSpeaker }: Candidate): number {
  if (isSpeaker) return WISH_PRIORITIES.speaker;
  if (track.source === 'screen') return WISH_PRIORITIES.screen;
  return tile?.large === true ? WISH_PRIORITIES.large : WISH_PRIORITIES.other;
}

const soundWish = ({ trackId, source }: PublishedTrack): TrackWish => ({
  trackId,
  paused: false,
  spatialLayer: null,
  temporalLayer: null,
  priority: source === 'microphone' ? WISH_PRIORITIES.voice : WISH_PRIORITIES.screenSound,
});

const nothing = ({ trackId }: PublishedTrack): TrackWish => ({
  trackId,
  paused: true,
  spatialLayer: 0,
  temporalLayer: null,
  priority: WISH_PRIORITIES.other,
});
