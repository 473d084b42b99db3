import { decibelsOf, loudnessOf } from './loudness.ts';
import type { LevelMeter } from './types.ts';

/** Samples looked at: about 43 ms at 48 kHz, so that a meter follows syllables. */
const SAMPLES = 2_048;

const NO_METER: LevelMeter = { getLevel: () => 0, getDecibels: () => null, close: () => {} };

/** Nothing is played: without a speaker, where the browser can do so, and in large blocks a context takes less of the processor. */
const SILENT: AudioContextOptions & { readonly sinkId: { readonly type: 'none' } } = {
  latencyHint: 'playback',
  sinkId: { type: 'none' },
};

/** One for all meters: browsers allow only a few. */
let shared: { readonly context: AudioContext; users: number } | null = null;

/**
 * Measures what is captured on this device. A muted track measures as silence. Not for what others send: routing that
 * through Web Audio breaks echo cancellation; {@link DirectMedia.getRemoteLevel} asks the receiver instead.
 *
 * @param stream - its first audio track is measured; without one the level stays 0
 */
export function createLevelMeter(stream: MediaStream): LevelMeter {
  if (stream.getAudioTracks().length === 0) return NO_METER;
  shared ??= { context: new AudioContext(SILENT), users: 0 };
  const { context } = shared;
  shared.users += 1;
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  let isClosed = false;

  const getAmplitude = (): number => {
    // Made before the first press on the page, it waits for one.
    if (context.state === 'suspended') void context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES);
  };

  return {
    getLevel: () => (isClosed ? 0 : loudnessOf(getAmplitude())),
    // Without a running context there is nothing to go by.
    getDecibels: () => (isClosed || context.state !== 'running' ? null : decibelsOf(getAmplitude())),
    close() {
      if (isClosed) return;
      isClosed = true;
      source.disconnect();
      analyser.disconnect();
      if (shared?.context !== context) return;
      shared.users -= 1;
      if (shared.users > 0) return;
      shared = null;
      void context.close().catch(() => {});
    },
  };
}
