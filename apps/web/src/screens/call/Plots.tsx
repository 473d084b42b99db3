import { MOST_POINTS } from '@visavis/client';
import type { QualityPoint } from '../../model/model.ts';
import { detailsWords } from '../../words/details.ts';
import { qualityWords } from '../../words/quality.ts';
import { plotOf, type PlotLine } from './plot.ts';

const say = qualityWords.plots;
const { ms, share, bitrate } = detailsWords;

const WIDTH = 332;
const HEIGHT = 56;

type Read = (point: QualityPoint) => number | null;

interface PlotOf {
  readonly title: string;
  readonly format: (value: number | null) => string;
  /** The top of the scale, at least: what is hardly there must not look like much. */
  readonly most: number;
  readonly lines: readonly { readonly name: string; readonly read: Read }[];
}

const frames = (value: number | null): string => (value === null ? ms(null) : String(Math.round(value)));

const PLOTS: readonly PlotOf[] = [
  {
    title: say.loss,
    format: share,
    most: 0.1,
    lines: [
      { name: say.sent, read: ({ sentLoss }) => sentLoss },
      { name: say.received, read: ({ receivedLoss }) => receivedLoss },
    ],
  },
  {
    title: say.bitrate,
    format: bitrate,
    most: 500_000,
    lines: [
      { name: say.sent, read: ({ sentBitrate }) => sentBitrate },
      { name: say.received, read: ({ receivedBitrate }) => receivedBitrate },
    ],
  },
  {
    title: say.roundTrip,
    format: ms,
    most: 200,
    lines: [{ name: say.roundTrip, read: (point) => point.roundTripMs }],
  },
  {
    title: say.frames,
    format: frames,
    most: 30,
    lines: [{ name: say.received, read: (point) => point.framesPerSecond }],
  },
];

/** How the call was over the last minutes, one small plot for each kind of figure. */
export default function Plots({ points }: { readonly points: readonly QualityPoint[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return null;
  const minutes = Math.ceil((last.atMs - first.atMs) / 60_000);
  return (
    <div className="plots">
      {PLOTS.map((plot) => (
        <Plot key={plot.title} plot={plot} points={points} />
      ))}
      <p className="plots-time" aria-hidden="true">
        <span>{say.time(minutes)}</span>
        <span>{say.now}</span>
      </p>
    </div>
  );
}

function Plot({ plot, points }: { readonly plot: PlotOf; readonly points: readonly QualityPoint[] }) {
  const { title, format, most, lines } = plot;
  const drawn = plotOf(
    points,
    lines.map(({ read }) => read),
    { width: WIDTH, height: HEIGHT, most, places: MOST_POINTS },
  );
  if (drawn.lines.every(({ last }) => last === null)) return null;
  const described = drawn.lines.flatMap((line, index) => {
    const name = lines[index]?.name ?? '';
    return line.last === null
      ? []
      : [{ name, least: format(line.least), most: format(line.most), last: format(line.last) }];
  });
  return (
    <figure className="plot">
      <figcaption>
        <span>{title}</span>
        <Legend names={lines.map(({ name }) => name)} drawn={drawn.lines} format={format} />
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say.described(title, described)}>
        <line className="plot-floor" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {drawn.lines.map((line, index) => (
          <path key={lines[index]?.name} className="plot-line" data-line={index} d={line.path} />
        ))}
      </svg>
    </figure>
  );
}

interface LegendProps {
  readonly names: readonly string[];
  readonly drawn: readonly PlotLine[];
  readonly format: PlotOf['format'];
}

function Legend({ names, drawn, format }: LegendProps) {
  return (
    <span className="plot-legend" aria-hidden="true">
      {drawn.map((line, index) => (
        <span key={names[index]} data-line={index}>
          {drawn.length > 1 && `${names[index] ?? ''} `}
          {format(line.last)}
        </span>
      ))}
    </span>
  );
}
