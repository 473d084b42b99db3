import { pause } from '../lib/progress.ts';
import type { Counts } from './inPage.ts';
import type { PacketRelay } from './relay.ts';
import type { Call } from './sides.ts';

/** Of a path of 50 ms there and back. */
const ONE_WAY_MS = 25;
/** What a call is given to settle in before it is measured: a report of loss comes every second or so. */
const SETTLE_MS = 6_000;
const MEASURE_MS = 20_000;

export interface LossFigures {
  /** Share of the sound that was made up, and of the time that the picture stood still, 0 to 1. */
  readonly concealed: number;
  readonly frozen: number;
  readonly framesPerSecond: number;
  /** ms that sound and pictures waited to be played. */
  readonly soundWaitMs: number;
  readonly pictureWaitMs: number;
  readonly lines: number;
  readonly kbps: number;
  readonly keyFrames: number;
  readonly askedAgain: number;
}

function figuresOf(before: Counts, after: Counts): LossFigures {
  const ms = after.atMs - before.atMs;
  const mean = (waited: 'soundWaited' | 'pictureWaited', played: 'soundPlayed' | 'picturePlayed'): number =>
    (1_000 * (after[waited] - before[waited])) / Math.max(1, after[played] - before[played]);
  return {
    concealed: (after.concealed - before.concealed) / Math.max(1, after.samples - before.samples),
    frozen: (after.frozenMs - before.frozenMs) / ms,
    framesPerSecond: ((after.decoded - before.decoded) * 1_000) / ms,
    soundWaitMs: mean('soundWaited', 'soundPlayed'),
    pictureWaitMs: mean('pictureWaited', 'picturePlayed'),
    lines: after.lines,
    keyFrames: after.keyFrames - before.keyFrames,
    askedAgain: after.askedAgain - before.askedAgain,
    kbps: ((after.videoBytes - before.videoBytes) * 8) / ms,
  };
}

export async function playLoss(
  call: Call,
  relay: PacketRelay,
  loss: number,
  seed: number,
): Promise<LossFigures> {
  relay.set({ loss, delayMs: ONE_WAY_MS, rate: null }, seed);
  await pause(SETTLE_MS);
  const before = await call.read();
  await pause(MEASURE_MS);
  return figuresOf(before, await call.read());
}

export interface DropFigures {
  /** ms from the end of the narrow time until pictures have 90 % of their bits again, {@link LONGEST_RECOVERY_MS} at most. */
  readonly recoveryMs: number;
  /** ms that the picture stood still, from the drop to the recovery. */
  readonly frozenMs: number;
  readonly beforeKbps: number;
}

const WIDE = 1_500_000;
const STEADY_MS = 12_000;
const NARROW_MS = 20_000;
const LONGEST_RECOVERY_MS = 40_000;
const LOOK_MS = 500;
/** Over which bits are counted. */
const WINDOW_LOOKS = 4;
const RECOVERED = 0.9;

export async function playDrop(
  call: Call,
  relay: PacketRelay,
  rate: number,
  seed: number,
): Promise<DropFigures> {
  relay.set({ loss: 0, delayMs: ONE_WAY_MS, rate: WIDE }, seed);
  await pause(STEADY_MS);
  const steady = await call.read();
  await pause(5_000);
  const before = await call.read();
  const { kbps: beforeKbps } = figuresOf(steady, before);
  relay.set({ loss: 0, delayMs: ONE_WAY_MS, rate }, seed);
  await pause(NARROW_MS);
  relay.set({ loss: 0, delayMs: ONE_WAY_MS, rate: WIDE }, seed);
  const looks: Counts[] = [await call.read()];
  const begin = looks[0]?.atMs ?? 0;
  for (;;) {
    await pause(LOOK_MS);
    const now = await call.read();
    looks.push(now);
    const then = looks.at(-1 - WINDOW_LOOKS);
    const isBack = then !== undefined && figuresOf(then, now).kbps >= beforeKbps * RECOVERED;
    if (isBack || now.atMs - begin > LONGEST_RECOVERY_MS)
      return {
        recoveryMs: Math.min(now.atMs - begin, LONGEST_RECOVERY_MS),
        frozenMs: now.frozenMs - before.frozenMs,
        beforeKbps,
      };
  }
}
