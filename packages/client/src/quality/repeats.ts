/** Each says what gets worse when it is changed. */
export const REPEATS = {
  /** Share of lost packets from which one frame comes again, and two. Lower: bits for nothing; higher: gaps that are heard. */
  one: 0.01,
  two: 0.06,
  /** Share of that below which a path counts as calm. Nearer to 1: on and off. */
  calm: 0.5,
  /** ms for which it has to be. Shorter: the next burst is heard whole; longer: as many bits again as the sound has. */
  calmMs: 20_000,
} as const;

/** How often a frame of sound is sent. Losses come in bursts: it is more at once, and less only after a while. */
export interface RepeatState {
  readonly count: 0 | 1 | 2;
  readonly calmSinceMs: number | null;
}

export const NO_REPEATS: RepeatState = { count: 0, calmSinceMs: null };

const FROM = [0, REPEATS.one, REPEATS.two] as const;
const countFor = (loss: number): RepeatState['count'] =>
  loss >= REPEATS.two ? 2 : loss >= REPEATS.one ? 1 : 0;
const LOWER = [0, 0, 1] as const;

/**
 * One look.
 *
 * @param loss - share of what was sent that did not arrive; null: not known, so that nothing changes
 */
export function stepRepeats(
  state: RepeatState,
  { atMs, loss }: { readonly atMs: number; readonly loss: number | null },
): RepeatState {
  if (loss === null) return state;
  const wanted = countFor(loss);
  if (wanted > state.count) return { count: wanted, calmSinceMs: null };
  if (state.count === 0 || loss >= FROM[state.count] * REPEATS.calm) return { ...state, calmSinceMs: null };
  const calmSinceMs = state.calmSinceMs ?? atMs;
  return atMs - calmSinceMs >= REPEATS.calmMs
    ? { count: LOWER[state.count], calmSinceMs: atMs }
    : { ...state, calmSinceMs };
}
