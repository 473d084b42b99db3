/** A filled path. */
export function shape(d: string, fill: string, opacity?: number): string {
  return `<path d="${d}" fill="${fill}"${opacity === undefined ? '' : ` opacity="${opacity}"`}/>`;
}

/** An open line. Its ends are round because the document says so for all lines. */
export function line(d: string, colour: string, width: number, opacity?: number): string {
  const faded = opacity === undefined ? '' : ` opacity="${opacity}"`;
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"${faded}/>`;
}

export function dot(cx: number, cy: number, r: number, fill: string, opacity?: number): string {
  return oval(cx, cy, r, r, fill, opacity);
}

export function oval(cx: number, cy: number, rx: number, ry: number, fill: string, opacity?: number): string {
  const faded = opacity === undefined ? '' : ` opacity="${opacity}"`;
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"${faded}/>`;
}

/** A rectangle with corners of radius `r`. */
export function box(
  x: number,
  y: number,
  w: number,
  h: number,
  fill: string,
  r = 0,
  opacity?: number,
): string {
  const round = r === 0 ? '' : ` rx="${r}"`;
  const faded = opacity === undefined ? '' : ` opacity="${opacity}"`;
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"${round}${faded}/>`;
}

/** The same picture again, mirrored at the middle of the head (x = 160). */
export function mirrored(inner: string): string {
  return `<g transform="matrix(-1 0 0 1 320 0)">${inner}</g>`;
}

export function group(inner: string, attributes: string): string {
  return `<g ${attributes}>${inner}</g>`;
}

/** `inner`, seen only inside the outline `d`. `id` must be unique within the document. */
export function clipped(id: string, d: string, inner: string): string {
  return `<clipPath id="${id}"><path d="${d}"/></clipPath><g clip-path="url(#${id})">${inner}</g>`;
}

/** A complete document around `inner`; all lines in it have round ends and corners. */
export function documentOf(width: number, height: number, inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" stroke-linecap="round" stroke-linejoin="round">${inner}</svg>`;
}
