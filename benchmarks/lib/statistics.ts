/** The middle of a series and how far it spreads. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** @param fraction - 0 to 1; the value between two measured ones is interpolated */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('nothing was measured');
  // What is infinite has no middle with itself.
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    count: values.length,
    median: round(quantile(values, 0.5)),
    p10: round(quantile(values, 0.1)),
    p90: round(quantile(values, 0.9)),
  };
}

/** The spread of the ratios of what was measured one right after the other. */
export const ratiosOf = (ones: readonly number[], others: readonly number[]): Spread =>
  spreadOf(ones.map((one, index) => one / (others[index] ?? Number.NaN)));

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

export const formatSpread = ({ median, p10, p90 }: Spread, unit = ''): string =>
  `${format(median)}${unit} (${format(p10)}–${format(p90)})`;

/** Three digits that mean something. */
const format = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
