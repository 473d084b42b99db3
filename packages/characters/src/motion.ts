import type { Eyes, Mouth } from './face.ts';

/** After this long a film starts again without a seam, unless another length is asked for. */
export const LOOP_MS = 5000;

/** How a person holds still for one picture: offsets in picture units, the tilt in degrees. */
export interface Pose {
  readonly headX: number;
  readonly headY: number;
  readonly tilt: number;
  readonly bodyX: number;
  readonly bodyY: number;
  readonly eyes: Eyes;
  readonly mouth: Mouth;
}

/** What is asked of one picture. `loopMs` is the length after which all motion repeats. */
export interface Moment {
  readonly timeMs: number;
  readonly talking: boolean;
  readonly loopMs?: number;
}

const BLINK_MS = 170;
const SYLLABLE_MS = 125;
const SPOKEN: readonly Mouth[] = [
  'small',
  'wide',
  'round',
  'small',
  'rest',
  'wide',
  'small',
  'round',
  'wide',
  'rest',
];

/** The pose at a moment. `seed` (a person's index) gives everybody a rhythm of their own. */
export function poseAt({ timeMs, talking, loopMs = LOOP_MS }: Moment, seed: number): Pose {
  const at = ((timeMs % loopMs) + loopMs) % loopMs;
  const turn = (at / loopMs) * 2 * Math.PI;
  const phase = seed * 1.7;
  const lively = talking ? 1 : 0.55;
  return {
    headX: (Math.sin(turn + phase) * 11 + Math.sin(turn * 2 + phase * 2) * 5) * lively,
    headY: (Math.sin(turn * 3 + phase) * 3.5 + Math.cos(turn * 2) * 2) * lively,
    tilt: (Math.sin(turn + phase + 0.7) * 2.4 + Math.sin(turn * 2 + phase) * 1.1) * lively,
    bodyX: Math.sin(turn + phase) * 4 * lively,
    // never above its seat: the drawing ends at the picture's lower edge
    bodyY: 2 + Math.sin(turn * 2 + phase) * 2,
    eyes: eyesAt(at, loopMs, seed),
    mouth: talking ? mouthAt(at, loopMs, seed) : 'rest',
  };
}

function eyesAt(at: number, loopMs: number, seed: number): Eyes {
  const blinks = [0.14 + (seed % 5) * 0.03, 0.55 + (seed % 3) * 0.06, 0.9].map((part) => part * loopMs);
  for (const start of blinks) {
    const into = at - start;
    if (into < 0 || into >= BLINK_MS) continue;
    return into < BLINK_MS * 0.25 || into >= BLINK_MS * 0.75 ? 'half' : 'closed';
  }
  return 'open';
}

function mouthAt(at: number, loopMs: number, seed: number): Mouth {
  const syllables = Math.max(1, Math.round(loopMs / SYLLABLE_MS));
  const syllable = Math.floor((at / loopMs) * syllables);
  // a breath at the end of the loop
  if (syllable >= syllables - 4) return 'rest';
  return SPOKEN[(syllable * 7 + seed * 3 + Math.floor(syllable / 5)) % SPOKEN.length] ?? 'rest';
}
