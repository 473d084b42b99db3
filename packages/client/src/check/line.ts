import { LIMITS, type SampleRequest } from '@visavis/protocol';
import type { Timers } from '../timers.ts';
import type { Findings } from './types.ts';

/** `refused`: the server is there and gives no more samples now. */
export type SampleOutcome = 'taken' | 'refused' | 'failed';
export type TakeSample = (sample: SampleRequest) => Promise<SampleOutcome>;

/** The first request of all may have to make a connection. */
const ROUND_TRIPS = 3;
/** Even the slowest line that carries sound brings this within a second. */
const FIRST_LENGTH = 4_096;
const GROWTH = 4;
/** Each way. Longer: a better figure, and a later end. */
const DIRECTION_MS = 700;
/** Each way, of a line without any delay. */
const MOST_SAMPLES = 10;
/** Nobody needs to know how much more it is. */
const ENOUGH_BITS = 25_000_000;
/** In a call: the line has to carry that, too. */
const GENTLE_LENGTH = 16_384;

export type LineFindings = Pick<Findings, 'server' | 'roundTripMs' | 'upload' | 'download'>;

/**
 * What the connection to the server carries: how long a request takes, then growing samples each way. They go one after the other, so that
 * none waits for a connection of its own or takes the line from another.
 *
 * @param isOver - whether nobody waits for more any longer
 */
export async function measureLine(
  { takeSample, timers }: { readonly takeSample: TakeSample; readonly timers: Timers },
  { isGentle }: { readonly isGentle: boolean },
  handle: (findings: Partial<LineFindings>) => void,
  isOver: () => boolean,
): Promise<void> {
  let roundTripMs = Infinity;
  for (let round = 0; round < ROUND_TRIPS && !isOver(); round += 1) {
    const sentAt = timers.now();
    const outcome = await takeSample({ filler: '', wanted: 0 });
    if (outcome === 'failed') {
      if (round === 0) handle({ server: 'unreachable' });
      return;
    }
    roundTripMs = Math.min(roundTripMs, timers.now() - sentAt);
    handle({ server: 'reached', roundTripMs });
    if (outcome === 'refused') return;
  }
  for (const direction of ['download', 'upload'] as const) {
    const measured = await measureDirection(direction);
    if (measured === null) return;
  }

  async function measureDirection(direction: 'download' | 'upload'): Promise<number | null> {
    const startedAt = timers.now();
    const most = isGentle ? GENTLE_LENGTH : LIMITS.sampleLength;
    let best = 0;
    let length = FIRST_LENGTH;
    for (let samples = 0; samples < MOST_SAMPLES; samples += 1) {
      if (isOver() || timers.now() - startedAt >= DIRECTION_MS) break;
      const sentAt = timers.now();
      const stopTelling = tellWhatIsLeft(direction, best, length, sentAt);
      const outcome = await takeSample(
        direction === 'upload' ? { filler: 'x'.repeat(length), wanted: 0 } : { filler: '', wanted: length },
      );
      stopTelling();
      if (outcome !== 'taken') return null;
      best = Math.max(best, bitsPerSecond(length, timers.now() - sentAt - roundTripMs));
      handle({ [direction]: best });
      if ((isGentle && length >= most) || (best > ENOUGH_BITS && length >= most)) break;
      length = Math.min(most, length * GROWTH);
    }
    return best;
  }

  /** While the first sample is on its way the line carries no more than it would if it came now. */
  function tellWhatIsLeft(
    direction: 'download' | 'upload',
    best: number,
    length: number,
    sentAt: number,
  ): () => void {
    if (best > 0) return () => {};
    return timers.after(SLOW_MS, () =>
      handle({ [direction]: bitsPerSecond(length, timers.now() - sentAt - roundTripMs) }),
    );
  }
}

/** When the first sample takes longer than that, the line is slower than sound needs. */
const SLOW_MS = 1_500;

/** Of time that is shorter than a clock tells, one millisecond. */
const bitsPerSecond = (characters: number, ms: number): number => (characters * 8_000) / Math.max(ms, 1);
