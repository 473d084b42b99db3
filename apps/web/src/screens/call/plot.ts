import type { QualityPoint } from '../../model/model.ts';

export interface PlotSize {
  /** Of the drawing, in its own units. */
  readonly width: number;
  readonly height: number;
  /** The value at the top, at least. */
  readonly most: number;
  /** Points that fill the width: with fewer the line begins further right. */
  readonly places: number;
}

export interface PlotLine {
  /** The `d` of an SVG path; a gap where nothing is known. */
  readonly path: string;
  /** Of what is known; null: nothing is. */
  readonly least: number | null;
  readonly most: number | null;
  readonly last: number | null;
}

/** Room for half of the line's breadth. */
const EDGE = 1;

/** Lines over the same time and on the same scale. What is no number is not drawn. */
export function plotOf(
  points: readonly QualityPoint[],
  reads: readonly ((point: QualityPoint) => number | null)[],
  { width, height, most, places }: PlotSize,
): { readonly top: number; readonly lines: readonly PlotLine[] } {
  const shown = points.slice(-places);
  const series = reads.map((read) =>
    shown.map((point) => {
      const value = read(point);
      return value === null || !Number.isFinite(value) || value < 0 ? null : value;
    }),
  );
  const top = Math.max(most, ...series.flat().map((value) => value ?? 0));
  const xOf = (index: number): number =>
    width - ((shown.length - 1 - index) * width) / Math.max(1, places - 1);
  const yOf = (value: number): number => height - EDGE - (value / top) * (height - 2 * EDGE);
  const lines = series.map((values): PlotLine => {
    const path = values
      .map((value, index) => {
        if (value === null) return '';
        const isStart = index === 0 || values[index - 1] === null;
        return `${isStart ? 'M' : 'L'}${xOf(index).toFixed(1)} ${yOf(value).toFixed(1)}`;
      })
      .join('');
    const known = values.filter((value) => value !== null);
    return {
      path,
      least: known.length === 0 ? null : Math.min(...known),
      most: known.length === 0 ? null : Math.max(...known),
      last: known.at(-1) ?? null,
    };
  });
  return { top, lines };
}
