import { DEFAULT_QUALITY, type ReceivingWishes } from '../../src/quality/index.ts';
import type { PublishedTrack } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { CAMERA_LAYERS } from '../../src/media/forwarded/encodings.ts';
import type { MediaTile } from '../../src/media/forwarded/types.ts';
import { layerFor, WISH_LIMITS, WISH_PRIORITIES, wishesFor } from '../../src/media/forwarded/wishes.ts';

const track = (source: PublishedTrack['source'], number: number): PublishedTrack => ({
  trackId: `${source}-${number}`,
  deviceId: `device-${number}`,
  source,
  kind: source === 'camera' || source === 'screen' ? 'video' : 'audio',
  paused: false,
});
const cameras = (count: number): PublishedTrack[] =>
  Array.from({ length: count }, (_, number) => track('camera', number));
const tile = (number: number, change: Partial<MediaTile> = {}): MediaTile => ({
  of: { deviceId: `device-${number}` },
  width: 320,
  height: 180,
  visible: true,
  large: false,
  ...change,
});
const tiles = (count: number, change: Partial<MediaTile> = {}): MediaTile[] =>
  Array.from({ length: count }, (_, number) => tile(number, change));
const WHOLE: ReceivingWishes = { ...DEFAULT_QUALITY, pictures: null };
const wish = (
  tracks: readonly PublishedTrack[],
  shown: readonly MediaTile[] | null,
  speakerDeviceId: string | null = null,
  quality: ReceivingWishes = WHOLE,
) => wishesFor({ tracks, tiles: shown, pixelRatio: 1, quality, speakerDeviceId });
const layersOf = (wishes: ReturnType<typeof wish>) =>
  wishes.map(({ paused, spatialLayer }) => (paused ? null : spatialLayer));

describe('GRP4 what a device wants of the others', () => {
  it('GRP4 sound always, before any picture', () => {
    expect(wish([track('microphone', 1), track('screen_sound', 1)], [])).toMatchObject([
      { paused: false, priority: WISH_PRIORITIES.voice },
      { paused: false, priority: WISH_PRIORITIES.screenSound },
    ]);
  });

  it.each([
    [320, 180, 1, 0],
    [426, 240, 1, 0],
    [480, 270, 1, 1],
    [320, 180, 2, 1],
    // More device pixels than two are not seen in moving pictures.
    [320, 180, 4, 1],
    [900, 500, 1, 2],
    [3_840, 2_160, 1, 2],
    // A tall tile is filled by its height.
    [120, 400, 1, 1],
  ])('GRP4 a tile of %i×%i at %i device pixels is worth layer %i', (width, height, ratio, layer) => {
    expect(layerFor({ width, height }, ratio)).toBe(layer);
  });

  it('GRP4 hidden tiles, tiles without a size and people who are not shown get no picture', () => {
    const shown = [tile(0), tile(1, { visible: false }), tile(2, { width: 0 })];
    expect(layersOf(wish(cameras(4), shown))).toEqual([0, null, null, null]);
  });

  it('GRP4 the only tile, or the large one, may have 720 lines, others of that size 360', () => {
    const big = { width: 1_280, height: 720 };
    expect(layersOf(wish(cameras(1), tiles(1, big)))).toEqual([2]);
    expect(layersOf(wish(cameras(2), tiles(2, big)))).toEqual([1, 1]);
    expect(layersOf(wish(cameras(2), tiles(2, { ...big, large: true })))).toEqual([2, 1]);
  });

  it('GRP4 who is pinned gets 720 lines beside any number of others, whoever speaks', () => {
    const pinned = tile(4, { width: 1_280, height: 720, large: true });
    const shown = [...tiles(4), pinned, tile(5), tile(6), tile(7)];
    expect(layersOf(wish(cameras(8), shown, 'device-1'))).toEqual([0, 0, 0, 0, 2, 0, 0, 0]);
  });

  it('GRP4 no picture comes where all are hidden, and all sound does', () => {
    const hidden = { ...WHOLE, pictures: 0 };
    const tracks = [track('microphone', 1), ...cameras(3), track('screen', 4)];
    const shown = [...tiles(3), tile(4, { of: { trackId: 'screen-4' } })];
    expect(wish(tracks, shown, null, hidden).map(({ paused }) => paused)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(wish(tracks, null, null, hidden).filter(({ paused }) => !paused)).toHaveLength(1);
  });

  it('GRP4 pictures keep to what the budget of the call leaves for them', () => {
    const big = { width: 1_280, height: 720, large: true };
    const at = (pictures: number) => layersOf(wish(cameras(1), tiles(1, big), null, { ...WHOLE, pictures }));
    expect([2_000_000, 500_000, 250_000].map(at)).toEqual([[2], [1], [0]]);
    const least = wish(cameras(3), tiles(3), null, { ...WHOLE, pictures: 85_000 });
    expect(least.filter(({ paused }) => !paused)).toMatchObject([{ spatialLayer: 0, temporalLayer: 1 }]);
  });

  it('GRP4 no more than four tiles get 360 lines', () => {
    const layers = layersOf(wish(cameras(7), tiles(7, { width: 640, height: 360 })));
    expect(layers.filter((layer) => layer === 1)).toHaveLength(WISH_LIMITS.middleTiles);
    expect(layers.filter((layer) => layer === 0)).toHaveLength(3);
  });

  it('GRP4 no more than sixteen pictures come, the speaker among them', () => {
    const layers = layersOf(wish(cameras(31), tiles(31), 'device-30'));
    expect(layers.filter((layer) => layer !== null)).toHaveLength(WISH_LIMITS.tiles);
    expect(layers[30]).toBe(0);
  });

  it('GRP4 all pictures together stay below 5 Mbit/s: the least wanted get smaller first', () => {
    const screens = [track('screen', 50), track('screen', 51)];
    const shown = [
      ...screens.map(({ trackId }) => tile(50, { of: { trackId }, width: 1_280, height: 720, large: true })),
      tile(0, { width: 1_280, height: 720, large: true }),
      ...tiles(5, { width: 640, height: 360 }).slice(1),
    ];
    const wishes = wish([...screens, ...cameras(5)], shown);
    const rate = wishes
      .filter(({ trackId, paused }) => !paused && trackId.startsWith('camera'))
      .reduce((sum, { spatialLayer }) => sum + (CAMERA_LAYERS[spatialLayer ?? 0]?.bitrate ?? 0), 0);
    expect(rate + 2 * CAMERA_LAYERS[2].bitrate).toBeLessThanOrEqual(WISH_LIMITS.bitrate);
    expect(layersOf(wishes).slice(2)).toContain(0);
    expect(wishes.slice(0, 2)).toMatchObject([{ paused: false }, { paused: false }]);
  });

  it('GRP4 who speaks comes before a screen, a screen before a large tile, that before the others', () => {
    const shown = [tile(0), tile(1), tile(2, { large: true }), tile(3, { of: { trackId: 'screen-3' } })];
    const wishes = wish([...cameras(3), track('screen', 3)], shown, 'device-1');
    expect(wishes.map(({ priority }) => priority)).toEqual([
      WISH_PRIORITIES.other,
      WISH_PRIORITIES.speaker,
      WISH_PRIORITIES.large,
      WISH_PRIORITIES.screen,
    ]);
  });

  it('GRP4 a screen comes whole, and a tile of its sharer is not a tile of it', () => {
    const screen = track('screen', 0);
    expect(wish([screen], [tile(0)])).toMatchObject([{ paused: true }]);
    expect(wish([screen], [tile(0, { of: { trackId: screen.trackId } })])).toMatchObject([
      { paused: false, spatialLayer: null },
    ]);
  });

  it('GRP4 many small tiles show every other picture, the speaker all of them', () => {
    const few = wish(cameras(9), tiles(9));
    expect(few.every(({ temporalLayer }) => temporalLayer === null)).toBe(true);
    const many = wish(cameras(10), tiles(10), 'device-3');
    expect(many.map(({ temporalLayer }) => temporalLayer)).toEqual([1, 1, 1, null, 1, 1, 1, 1, 1, 1]);
  });

  it('GRP4 beside a large picture, or a screen, five small tiles are many', () => {
    const large = tile(0, { width: 1_280, height: 720, large: true });
    const halved = (wishes: ReturnType<typeof wish>) =>
      wishes.map(({ temporalLayer }) => temporalLayer === 1);
    const beside = (small: number) => [large, ...tiles(small + 1).slice(1)];
    expect(halved(wish(cameras(5), beside(4)))).not.toContain(true);
    expect(halved(wish(cameras(6), beside(5)))).toEqual([false, true, true, true, true, true]);
    expect(halved(wish(cameras(9), beside(8), 'device-4')).filter(Boolean)).toHaveLength(7);
    const screen = track('screen', 9);
    const shared = [tile(9, { of: { trackId: screen.trackId }, large: true }), ...tiles(5)];
    expect(halved(wish([screen, ...cameras(5)], shared))).toEqual([false, true, true, true, true, true]);
  });

  it('GRP4 before the layout has said a word a few small pictures come', () => {
    expect(layersOf(wish(cameras(12), null)).filter((layer) => layer === 0)).toHaveLength(
      WISH_LIMITS.tilesAtFirst,
    );
  });
});
