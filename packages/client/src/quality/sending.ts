import { NO_LOAD, PROCESSOR_RUNGS, stepProcessor, type ProcessorState } from './processor.ts';
import { NO_LOSSES, stepLosses, type LossState } from './losses.ts';
import { NOT_PAUSED, stepPause, type PauseState } from './pause.ts';
import type { CameraLimits, QualityWishes, SendingConditions, SendingLimits } from './types.ts';

/** Bits per second. Speech is transparent to most ears from about 32 kbit/s on, and clear at 24; music in one channel from about 96. */
const AUDIO_BITRATE = { whole: 32_000, lowData: 24_000, music: 96_000 } as const;

/** Bits per second of a camera by the lines of its picture: more gains little that is seen. */
const CAMERA_BITRATE = { 720: 2_000_000, 360: 600_000, 180: 200_000 } as const;

/**
 * 300 kbit/s in all: each way 24 of sound, 36 of its headers at 50 packets a second, and a picture with its own. What is sent to who
 * asks for little is as much.
 */
const LOW_DATA: CameraLimits = { bitrate: 85_000, lines: 180, framerate: 12 };

/** Bits per second of the pictures that a device in low-data mode asks for in a group call. */
export const LOW_DATA_BITRATE = 150_000;

/** What a line that was too weak is tried with: enough for an estimate of 150 kbit/s, since browsers expect half as much again. */
const TRIAL: CameraLimits = { bitrate: 110_000, lines: 180, framerate: 12 };

/** Where one packet in seven is lost. */
const LOSSY = {
  /**
   * Share of what is left beside the sound that a picture gets: packets that are sent again, and what an encoder overshoots, need the
   * rest. More: a queue before the line, in which what is sent again waits until it is too late.
   */
  share: 0.4,
  /** Bits per second. More: the queue is there before the browser knows that there is less to send; less: poorer than need be. */
  most: 250_000,
  /** Bits per second. Less: the browser, which believes in what arrives, soon believes in nothing. */
  least: 100_000,
  /** Of bits, in which they change: each change is a moment's work for the encoder. */
  step: 1.25,
  /** Bits per second from which sound comes two times again, which is as much as a small picture. Lower: the picture stands still for it. */
  richFrom: 400_000,
} as const;

/** Bits per second of headers and seals at 50 packets of sound a second. */
const SOUND_HEADERS = 36_000;

/**
 * The most for a picture where much is lost. A browser spends what it believes to have on the picture but for the sound as it knows
 * it: without its repeats and what is sent of it again, of which it knows nothing.
 */
function lossyOf(available: number, sound: number): number {
  const left = LOSSY.share * (available - sound);
  const steps = Math.floor(Math.log(Math.max(1, left / LOSSY.least)) / Math.log(LOSSY.step));
  return Math.min(LOSSY.most, Math.round(LOSSY.least * LOSSY.step ** steps));
}

export interface SendingState {
  readonly pause: PauseState;
  readonly processor: ProcessorState;
  readonly losses: LossState;
}

export const NOTHING_SENT: SendingState = {
  pause: NOT_PAUSED,
  processor: NO_LOAD,
  losses: NO_LOSSES,
};

/** Before anything is known. */
export const WHOLE_LIMITS: SendingLimits = {
  camera: { bitrate: CAMERA_BITRATE[720], lines: 720, framerate: 30 },
  audioBitrate: AUDIO_BITRATE.whole,
  repeats: 0,
  prefer: 'smooth',
};

/** One look at how sending is, about once a second. */
export const stepSending = (state: SendingState, conditions: SendingConditions): SendingState => ({
  pause: stepPause(state.pause, conditions),
  processor: stepProcessor(state.processor, conditions),
  losses: stepLosses(state.losses, conditions),
});

/** A picture of so many bits per second. */
function pictureOf(bitrate: number): CameraLimits {
  const lines = bitrate >= 1_000_000 ? 720 : bitrate >= 400_000 ? 360 : 180;
  return { bitrate, lines, framerate: bitrate >= 1_000_000 ? 30 : bitrate >= 200_000 ? 20 : 12 };
}

/**
 * How this device sends now.
 *
 * @param othersSaveData - somebody who gets it wants little
 * @param pictures - bits per second that may be spent on the picture; 0: none; null: any
 */
export function limitsOf(
  { pause, processor, losses }: SendingState,
  { lowData, prefer, mostLines, music }: QualityWishes,
  othersSaveData: boolean,
  pictures: number | null = null,
): SendingLimits {
  const wanted: CameraLimits = { bitrate: CAMERA_BITRATE[mostLines], lines: mostLines, framerate: 30 };
  const rung = PROCESSOR_RUNGS[processor.rung] ?? PROCESSOR_RUNGS[0];
  const least = lowData || othersSaveData ? AUDIO_BITRATE.lowData : AUDIO_BITRATE.whole;
  // A line that is too weak for a picture has no room for music either.
  const isRich = music === true && !lowData && !othersSaveData && pause.name === 'sending';
  const audioBitrate = isRich ? AUDIO_BITRATE.music : least;
  // Whoever pays by the megabyte pays for one at most. Where little is left, what is asked for again has to do.
  const isNarrow = losses.level === 3 && (losses.availableBitrate ?? LOSSY.richFrom) < LOSSY.richFrom;
  const repeats = isNarrow ? 0 : Math.min(losses.level, lowData || othersSaveData ? 1 : 2);
  const sound = audioBitrate * (1 + repeats) + SOUND_HEADERS;
  const limits = [
    { ...wanted, lines: Math.min(mostLines, rung.lines), framerate: rung.framerate },
    ...(lowData || othersSaveData ? [LOW_DATA] : []),
    ...(pause.name === 'trying' ? [TRIAL] : []),
    ...(losses.level === 3 && losses.availableBitrate !== null
      ? [{ ...wanted, bitrate: lossyOf(losses.availableBitrate, sound) }]
      : []),
    ...(pictures === null ? [] : [pictureOf(pictures)]),
  ];
  return {
    camera: pause.name === 'paused' || pictures === 0 ? null : limits.reduce(leastOf),
    audioBitrate,
    repeats,
    prefer,
  };
}

const leastOf = (one: CameraLimits, other: CameraLimits): CameraLimits => ({
  bitrate: Math.min(one.bitrate, other.bitrate),
  lines: Math.min(one.lines, other.lines),
  framerate: Math.min(one.framerate, other.framerate),
});
