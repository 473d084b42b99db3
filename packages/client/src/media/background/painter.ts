import { createBlur, type Blurred } from './blur.ts';
import { countingOf, toPlanes } from './colour.ts';
import { createMaskMaker, type MaskMaker, type Rotation } from './mask.ts';
import type { Look } from './messages.ts';
import type { Effort } from './pace.ts';
import { emptyPlanes, halve, planesIn, planesOf, putBehind, type Grid, type Planes } from './planes.ts';
import type { Segmenter } from './segmenter.ts';

/** Newer than TypeScript's library (W3C webcodecs §9.4). */
interface Turned {
  readonly rotation?: number;
  readonly flip?: boolean;
}

/** Puts backgrounds behind whoever is in a camera's pictures, one after the other. */
export interface Painter {
  setLook(look: Look): void;
  setEffort(effort: Effort): void;
  /** @param frame - is closed by whoever has it; so is what comes back */
  paint(frame: VideoFrame): Promise<VideoFrame>;
}

/** Everything that fits pictures of one size. */
interface Setting {
  readonly key: string;
  readonly masks: MaskMaker;
  readonly blur: (planes: Planes, mask: Grid) => Blurred;
  readonly small: ReturnType<typeof emptyPlanes> | null;
  picture: Planes | null;
}

interface Copy {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly planes: Planes;
  readonly format: 'I420' | 'NV12';
  readonly layout: PlaneLayout[];
  readonly rotation: Rotation;
  readonly space: VideoColorSpaceInit;
}

export function createPainter(segmenter: Segmenter): Painter {
  let look: Look = { kind: 'blur' };
  let effort: Effort = 'whole';
  let setting: Setting | null = null;
  let buffer = new Uint8Array(0);
  let count = 0;

  function settingFor({ planes, rotation, space }: Copy): Setting {
    const { width, height } = planes.y;
    const isLess = effort === 'less' && width % 4 === 0 && height % 4 === 0;
    const key = JSON.stringify([width, height, rotation, isLess, space.matrix, space.fullRange]);
    if (setting?.key === key) return setting;
    const size = isLess ? { width: width / 2, height: height / 2 } : { width, height };
    setting = {
      key,
      masks: createMaskMaker(segmenter, size.width, size.height, rotation),
      blur: createBlur(size.width, size.height),
      small: isLess ? emptyPlanes(size.width, size.height) : null,
      picture: null,
    };
    count = 0;
    return setting;
  }

  /** The camera's picture in memory: as it is where its planes are known, else drawn. */
  async function copy(frame: VideoFrame): Promise<Copy> {
    const { format, visibleRect } = frame;
    const { width = 0, height = 0 } = visibleRect ?? {};
    const space = frame.colorSpace.toJSON();
    if ((format !== 'I420' && format !== 'NV12') || width % 2 === 1 || height % 2 === 1) return draw(frame);
    const bytes = frame.allocationSize();
    if (buffer.length !== bytes) buffer = new Uint8Array(bytes);
    const layout = await frame.copyTo(buffer);
    const planes = planesIn(buffer, format, { width, height }, layout);
    return { data: buffer, planes, format, layout, rotation: rotationOf(frame), space };
  }

  return {
    setLook(next) {
      look = next;
      if (setting !== null) setting.picture = null;
    },
    setEffort(next) {
      effort = next;
    },
    async paint(frame) {
      const copied = await copy(frame);
      const used = settingFor(copied);
      const { small } = used;
      const planes = small ?? copied.planes;
      if (small !== null) {
        const [from, to] = [planesOf(copied.planes), planesOf(small)];
        for (const [index, plane] of to.entries()) {
          const whole = from[index];
          if (whole !== undefined) halve(whole, plane);
        }
      }
      const isLookedAt = small === null || count % 2 === 0;
      count += 1;
      const mask = used.masks.make(isLookedAt ? planes : null);
      const behind =
        look.kind === 'blur' ? used.blur(planes, mask) : pictureFor(used, look.picture, copied, planes);
      putBehind(planes.y, mask, behind.y);
      putBehind(planes.u, mask, behind.u);
      putBehind(planes.v, mask, behind.v);
      const { timestamp, duration } = frame;
      const turned: VideoFrame & Turned = frame;
      const init: VideoFrameBufferInit & Turned = {
        format: small === null ? copied.format : 'I420',
        codedWidth: planes.y.width,
        codedHeight: planes.y.height,
        timestamp,
        ...(duration === null ? {} : { duration }),
        colorSpace: copied.space,
        ...(small === null ? { layout: copied.layout } : {}),
        rotation: copied.rotation,
        ...(turned.flip === undefined ? {} : { flip: turned.flip }),
      };
      return new VideoFrame(small?.data ?? copied.data, init);
    },
  };
}

function pictureFor(setting: Setting, picture: ImageBitmap, { rotation, space }: Copy, like: Planes): Planes {
  setting.picture ??= fit(picture, like.y.width, like.y.height, rotation, space);
  return setting.picture;
}

/** The middle of a picture, as large as it fills everything, turned as the camera's pictures are. */
function fit(
  picture: ImageBitmap,
  width: number,
  height: number,
  rotation: Rotation,
  space: VideoColorSpaceInit,
): Planes {
  const context = contextOf(width, height);
  const upright = rotation % 180 === 0 ? { width, height } : { width: height, height: width };
  const scale = Math.max(upright.width / picture.width, upright.height / picture.height);
  context.translate(width / 2, height / 2);
  context.rotate((-rotation * Math.PI) / 180);
  context.scale(scale, scale);
  context.drawImage(picture, -picture.width / 2, -picture.height / 2);
  return toPlanes(context.getImageData(0, 0, width, height).data, width, height, countingOf(space));
}

/** Drawing turns it upright. */
function draw(frame: VideoFrame): Copy {
  const width = frame.displayWidth & ~1;
  const height = frame.displayHeight & ~1;
  const context = contextOf(width, height);
  context.drawImage(frame, 0, 0, width, height);
  const space: VideoColorSpaceInit = {
    matrix: 'smpte170m',
    primaries: 'bt709',
    transfer: 'bt709',
    fullRange: false,
  };
  const planes = toPlanes(context.getImageData(0, 0, width, height).data, width, height, countingOf(space));
  const layout = planesOf(planes).map(({ offset, stride }) => ({ offset, stride }));
  return { data: planes.data, planes, format: 'I420', layout, rotation: 0, space };
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('nothing to draw on');
  return context;
}

function rotationOf(frame: VideoFrame & Turned): Rotation {
  const { rotation } = frame;
  return rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0;
}
