/** How many layers of a camera are encoded, lowest first, and what is to become of that. */
export interface Demand {
  readonly layers: number;
  /** Fewer are wanted since a moment: so many from then on (ms). */
  readonly lowering: { readonly layers: number; readonly at: number } | null;
}

/** Shorter: encoders are stopped and started when somebody turns a page; longer: heat for nobody. */
export const LOWER_AFTER_MS = 3_000;
/** The lowest layer stays this long, since whoever looks next wants to see something at once. */
export const STOP_AFTER_MS = 8_000;

export const createDemand = (layers: number): Demand => ({ layers, lowering: null });

/**
 * GRP4: what the media server says that anybody watches.
 *
 * @param maxLayer - null: nobody watches
 */
export function changeDemand(demand: Demand, maxLayer: number | null, now: number): Demand {
  const wanted = maxLayer === null ? 0 : maxLayer + 1;
  if (wanted >= demand.layers) return { layers: wanted, lowering: null };
  if (demand.lowering?.layers === wanted) return demand;
  return {
    ...demand,
    lowering: { layers: wanted, at: now + (wanted === 0 ? STOP_AFTER_MS : LOWER_AFTER_MS) },
  };
}

/** Early calls change nothing. */
export function passDemand(demand: Demand, now: number): Demand {
  const { lowering } = demand;
  return lowering === null || now < lowering.at ? demand : { layers: lowering.layers, lowering: null };
}
