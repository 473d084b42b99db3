/** Three colours of a picture, as CSS writes them. */
export interface Colours {
  readonly above: string;
  readonly middle: string;
  readonly below: string;
}

const known = new Map<string, Promise<Colours | null>>();
const read = new Map<string, Colours | null>();

/** What `coloursOf` has found already, without waiting. */
export const peekColours = (url: string | null): Colours | null =>
  url === null ? null : (read.get(url) ?? null);

/** The colours of a picture at its upper and lower edge and on the whole; null when it can't be read. */
export function coloursOf(url: string): Promise<Colours | null> {
  const before = known.get(url);
  if (before !== undefined) return before;
  const found = readColours(url)
    .catch(() => null)
    .then((colours) => {
      read.set(url, colours);
      return colours;
    });
  known.set(url, found);
  return found;
}

const EDGE = 16;

async function readColours(url: string): Promise<Colours | null> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = EDGE;
  canvas.height = EDGE;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(image, 0, 0, EDGE, EDGE);
  const { data } = context.getImageData(0, 0, EDGE, EDGE);
  const mean = (fromRow: number, toRow: number): string => {
    const sum = [0, 0, 0];
    let weight = 0;
    for (let at = fromRow * EDGE * 4; at < toRow * EDGE * 4; at += 4) {
      const alpha = (data[at + 3] ?? 0) / 255;
      weight += alpha;
      for (const channel of [0, 1, 2]) sum[channel] = (sum[channel] ?? 0) + (data[at + channel] ?? 0) * alpha;
    }
    return `rgb(${sum.map((value) => Math.round(value / Math.max(weight, 1))).join(' ')})`;
  };
  return { above: mean(0, 4), middle: mean(4, 12), below: mean(12, EDGE) };
}
