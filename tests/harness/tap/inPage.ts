/*
 * Gives what was tapped to the browser's decoders, and looks at what comes out. Both codecs make something of almost any bytes, so
 * that what counts is whether it is a picture and a sound: neighbours that are alike, and a tone.
 */

export interface Decoded {
  /** Pictures and pieces of sound that came out of the decoder, whatever they are. */
  readonly outputs: number;
  /** Of them those that are like pictures or sounds. */
  readonly likely: number;
  readonly failures: number;
  /** The best of them, for the record: mean difference of neighbours (smallest), or how much of a tone (largest). */
  readonly best: number;
}

/** Mean difference between a point and its neighbours, of 255. Grain of a good camera is 2 or 3; noise is 40 and more. */
const MOST_DIFFERENCE = 12;
/** Share of a piece of sound (20 ms) that comes again after one period, 0 to 1. Voices have 0.8 and more; what Opus makes of noise has less, mostly. */
const LEAST_TONE = 0.75;
/** So many pieces have the same tone, or it was chance. */
const LEAST_PIECES = 4;
const MOST_GLIDE = 1.12;
/** Quieter is silence, of which nothing can be said. */
const LEAST_LOUDNESS = 0.003;

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);

export async function decodePictures(frames: readonly string[]): Promise<Decoded> {
  const differences: number[] = [];
  const looking: Promise<void>[] = [];
  let failures = 0;
  const open = (): VideoDecoder => {
    const decoder = new VideoDecoder({
      output: (picture) => void looking.push(look(picture)),
      error: () => {},
    });
    decoder.configure({ codec: 'vp8' });
    return decoder;
  };
  async function look(picture: VideoFrame): Promise<void> {
    differences.push(await differenceOf(picture));
    picture.close();
  }
  let decoder = open();
  let hasBegun = false;
  for (const [index, frame] of frames.entries()) {
    const data = bytesOf(frame);
    const isKey = ((data[0] ?? 1) & 1) === 0;
    if (decoder.state === 'closed') {
      // One that failed is closed; the next key frame gets a fresh one.
      failures += 1;
      hasBegun = false;
      decoder = open();
    }
    if (!isKey && !hasBegun) continue;
    hasBegun = true;
    decoder.decode(new EncodedVideoChunk({ type: isKey ? 'key' : 'delta', timestamp: index * 33_000, data }));
    while (decoder.state === 'configured' && decoder.decodeQueueSize > 0) await nextTask();
  }
  await decoder.flush().catch(() => {
    failures += 1;
  });
  await Promise.all(looking);
  const likely = differences.filter((each) => each <= MOST_DIFFERENCE).length;
  return { outputs: differences.length, likely, failures, best: Math.min(...differences, 255) };
}

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function differenceOf(picture: VideoFrame): Promise<number> {
  const pixels = new Uint8Array(picture.allocationSize());
  const [luma] = await picture.copyTo(pixels);
  const stride = luma?.stride ?? picture.codedWidth;
  const { width, height } = picture.visibleRect ?? { width: 0, height: 0 };
  let sum = 0;
  let count = 0;
  let least = 255;
  let most = 0;
  for (let y = 0; y + 1 < height; y += 2) {
    for (let x = 0; x + 1 < width; x += 2) {
      const at = (luma?.offset ?? 0) + y * stride + x;
      const here = pixels[at] ?? 0;
      sum += Math.abs(here - (pixels[at + 1] ?? 0)) + Math.abs(here - (pixels[at + stride] ?? 0));
      count += 2;
      least = Math.min(least, here);
      most = Math.max(most, here);
    }
  }
  // One colour is no picture.
  return most - least < 30 ? 255 : sum / count;
}

export async function decodeSounds(packets: readonly string[]): Promise<Decoded> {
  const tones: (Tone | null)[] = [];
  let outputs = 0;
  let failures = 0;
  const open = (): AudioDecoder => {
    const decoder = new AudioDecoder({
      output(sound) {
        outputs += 1;
        tones.push(toneOf(sound));
        sound.close();
      },
      error: () => {},
    });
    decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
    return decoder;
  };
  let decoder = open();
  for (const [index, packet] of packets.entries()) {
    try {
      decoder.decode(
        new EncodedAudioChunk({ type: 'key', timestamp: index * 20_000, data: bytesOf(packet) }),
      );
      await decoder.flush();
    } catch {
      failures += 1;
      if (decoder.state !== 'closed') decoder.close();
      decoder = open();
    }
  }
  return {
    outputs,
    likely: countSteady(tones),
    failures,
    best: Math.max(...tones.map((tone) => tone?.share ?? 0), 0),
  };
}

interface Tone {
  readonly share: number;
  /** In samples. */
  readonly period: number;
}

/** Pieces that are a part of a tone that lasts. */
function countSteady(tones: readonly (Tone | null)[]): number {
  let count = 0;
  let run = 0;
  let last = 0;
  for (const tone of tones) {
    const isTone = tone !== null && tone.share >= LEAST_TONE;
    const goes = isTone && last > 0 && Math.max(tone.period / last, last / tone.period) <= MOST_GLIDE;
    run = goes ? run + 1 : isTone ? 1 : 0;
    last = isTone ? tone.period : 0;
    if (run === LEAST_PIECES) count += LEAST_PIECES;
    else if (run > LEAST_PIECES) count += 1;
  }
  return count;
}

/** The shortest period between 90 and 1,000 Hz after which it is as good as the same again; null for silence. */
function toneOf(sound: AudioData): Tone | null {
  const samples = new Float32Array(sound.numberOfFrames);
  sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
  const [shortest, longest] = [Math.floor(sound.sampleRate / 1_000), Math.floor(sound.sampleRate / 90)];
  const length = samples.length - longest;
  const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
  if (length < 100 || Math.sqrt(power) < LEAST_LOUDNESS) return null;
  const shares: number[] = [];
  for (let lag = shortest; lag <= longest; lag += 1) {
    let [product, one, other] = [0, 0, 0];
    for (let at = 0; at < length; at += 1) {
      const [here, there] = [samples[at] ?? 0, samples[at + lag] ?? 0];
      product += here * there;
      one += here * here;
      other += there * there;
    }
    shares.push(product / Math.sqrt(one * other || 1));
  }
  const share = Math.max(...shares);
  return { share, period: shortest + shares.findIndex((each) => each >= share * 0.97) };
}
