import { CAMERA_LAYERS } from '../../packages/client/src/media/forwarded/encodings.ts';

/** The call that everything is measured with: as the product's limits have it. */
export const DEVICES = 32;
export const SMALL_TILES = 8;
/** The others' microphones send what Opus sends in silence. */
export const TALKING = 3;

/** Of packets with a picture, what stays after the headers of IP, UDP, SRTP and its extensions. */
const MOST_PAYLOAD = 1_100;

export interface VideoLayer {
  readonly intervalMs: number;
  readonly packets: number;
  /** Of the payload of each packet. */
  readonly bytes: number;
}
/** The camera's simulcast layers at the rates that the client asks its encoder for, lowest first. */
export const LAYERS: readonly VideoLayer[] = CAMERA_LAYERS.map(({ bitrate, framerate }) => {
  const frame = bitrate / 8 / framerate;
  const packets = Math.ceil(frame / MOST_PAYLOAD);
  return { intervalMs: 1_000 / framerate, packets, bytes: Math.round(frame / packets) };
});
/** 32 kbit/s in packets of 20 ms. */
export const VOICE = { intervalMs: 20, bytes: 80 };
/** Opus with DTX sends a frame of comfort noise in every 400 ms. Only the loudest would be heard anyway. */
export const SILENCE = { intervalMs: 400, bytes: 12 };

/** Whom a device watches: device 0, who speaks, is large for all others; small are the next ones in a ring. */
export function watchedBy(device: number): { readonly large: number; readonly small: readonly number[] } {
  const large = device === 0 ? 1 : 0;
  const small: number[] = [];
  for (let step = 1; small.length < SMALL_TILES; step += 1) {
    const other = (device + step) % DEVICES;
    if (other !== large && other !== device) small.push(other);
  }
  return { large, small };
}

/** How many devices get a layer of a device's camera. */
function watchers(device: number, layer: number): number {
  let count = 0;
  for (let other = 0; other < DEVICES; other += 1) {
    if (other === device) continue;
    const { large, small } = watchedBy(other);
    if (layer === LAYERS.length - 1 ? large === device : layer === 0 && small.includes(device)) count += 1;
  }
  return count;
}

/** Sources of RTP (SSRC) of a device's tracks. */
export const ssrcsOf = (device: number) => ({
  microphone: 10_000 + device * 10,
  camera: LAYERS.map((_, layer) => 10_001 + device * 10 + layer),
});

export const PAYLOAD_TYPE = { opus: 111, vp8: 96 };
/** Numbers of the header extensions that the devices send, as Chromium has them. */
export const EXTENSION = { level: 1, sendTime: 2, transportSequence: 3 };

/** Packets that a call's devices get in a second, when nothing is lost. */
export function packetsDue(): number {
  let due = 0;
  for (let device = 0; device < DEVICES; device += 1) {
    const { intervalMs } = device < TALKING ? VOICE : SILENCE;
    due += ((DEVICES - 1) * 1_000) / intervalMs;
    for (const [layer, { packets, intervalMs }] of LAYERS.entries())
      due += (watchers(device, layer) * packets * 1_000) / intervalMs;
  }
  return due;
}
