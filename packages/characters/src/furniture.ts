import { box, dot, group, line, oval, shape } from './svg.ts';

/** A row of numbers between 0 and 1 that is the same every time. */
function createSeries(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
}

const pick = (colours: readonly string[], at: number): string =>
  colours[Math.floor(at * colours.length) % colours.length] ?? '#888888';

/** The wall, with a lighter upper part where the light falls. */
export function wall(colour: string, light: string): string {
  return box(-40, -40, 1360, 800, colour) + glow(420, 140, 900, light);
}

/** A glow of lamp light that fades outwards. */
export function glow(x: number, y: number, r: number, colour: string): string {
  const id = `glow-${Math.round(x)}-${Math.round(y)}-${colour.slice(1)}`;
  const stops = [0.5, 0.28, 0.1, 0].map(
    (strength, n) => `<stop offset="${n / 3}" stop-color="${colour}" stop-opacity="${strength}"/>`,
  );
  return `<radialGradient id="${id}">${stops.join('')}</radialGradient>` + dot(x, y, r, `url(#${id})`);
}

/** A window with sky, a sill, and whatever is seen through it (drawn in the window's own units). */
export function windowAt(
  x: number,
  y: number,
  w: number,
  h: number,
  sky: readonly [string, string],
  view: string,
  frame: string,
  id: string,
): string {
  const pane =
    `<linearGradient id="${id}-sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient>` +
    `<clipPath id="${id}-pane"><rect width="${w}" height="${h}"/></clipPath>` +
    group(box(0, 0, w, h, `url(#${id}-sky)`) + view, `clip-path="url(#${id}-pane)"`);
  return group(
    box(-16, -16, w + 32, h + 32, frame, 6) +
      pane +
      box(w / 2 - 6, 0, 12, h, frame) +
      box(0, h * 0.42 - 5, w, 10, frame) +
      box(-34, h + 14, w + 68, 20, frame, 5) +
      box(-34, h + 30, w + 68, 7, '#000000', 3, 0.14),
    `transform="translate(${x} ${y})"`,
  );
}

/** Shelves full of books, some leaning, some lying, with a few things between them. */
export function bookshelf(
  x: number,
  y: number,
  w: number,
  h: number,
  rows: number,
  wood: readonly [string, string],
  colours: readonly string[],
  seed: number,
): string {
  const next = createSeries(seed);
  const rowHeight = h / rows;
  let drawn = box(x - 14, y - 14, w + 28, h + 28, wood[0], 4) + box(x, y, w, h, wood[1]);
  for (let row = 0; row < rows; row++) {
    const floor = y + (row + 1) * rowHeight;
    let at = x + 8;
    while (at < x + w - 34) {
      const kind = next();
      const bookHeight = rowHeight * (0.55 + next() * 0.28);
      const thick = 14 + Math.floor(next() * 16);
      const colour = pick(colours, next());
      if (kind < 0.08) {
        at += 40;
      } else if (kind < 0.16 && at < x + w - 90) {
        for (let n = 0; n < 3; n++)
          drawn += box(at + n * 3, floor - 18 * (n + 1), 74 - n * 6, 16, pick(colours, next()), 2);
        at += 84;
      } else {
        const book =
          box(0, -bookHeight, thick, bookHeight, colour, 2) +
          box(0, -bookHeight * 0.82, thick, 6, '#ffffff', 0, 0.35) +
          box(thick - 4, -bookHeight, 4, bookHeight, '#000000', 0, 0.1);
        drawn += group(book, `transform="translate(${at} ${floor}) rotate(${kind > 0.93 ? 7 : 0})"`);
        at += thick + (kind > 0.93 ? 16 : 2);
      }
    }
    drawn += box(x - 4, floor - 2, w + 8, 14, wood[0]) + box(x, floor + 12, w, 8, '#000000', 0, 0.16);
  }
  return drawn;
}

/** A picture in a frame; `art` is drawn in units of 100 × 100. */
export function framed(
  x: number,
  y: number,
  w: number,
  h: number,
  frame: string,
  paper: string,
  art: string,
): string {
  return (
    box(x + 5, y + 7, w, h, '#000000', 3, 0.14) +
    box(x, y, w, h, frame, 3) +
    box(x + 9, y + 9, w - 18, h - 18, paper) +
    group(
      art,
      `transform="translate(${x + w * 0.18} ${y + h * 0.18}) scale(${(w * 0.64) / 100} ${(h * 0.64) / 100})"`,
    )
  );
}

/** Leaves on stems in a pot; (x, y) is the middle of the pot's foot. */
export function plant(
  x: number,
  y: number,
  scale: number,
  leaf: readonly [string, string],
  pot: string,
): string {
  const stems: readonly (readonly [number, number, number])[] = [
    [-62, 150, -38],
    [60, 160, 36],
    [-30, 210, -16],
    [34, 222, 16],
    [0, 250, 0],
    [-78, 96, -62],
    [80, 102, 62],
  ];
  const leaves = stems
    .map(([dx, up, turn], n) => {
      const tint = leaf[n % 2] ?? leaf[0];
      const blade =
        shape('M0 8C-34 -6 -36 -54 0 -92C36 -54 34 -6 0 8Z', tint) + line('M0 4V-74', '#ffffff', 3, 0.22);
      return (
        line(`M0 -70Q${dx * 0.2} ${-up * 0.7} ${dx} ${-up}`, leaf[1], 6) +
        group(blade, `transform="translate(${dx} ${-up + 6}) rotate(${turn})"`)
      );
    })
    .join('');
  const vessel =
    shape('M-52 -84H52L40 0H-40Z', pot) +
    shape('M14 -84H52L40 0H8Z', '#000000', 0.1) +
    box(-58, -96, 116, 22, pot, 5);
  return group(leaves + vessel, `transform="translate(${x} ${y}) scale(${scale})"`);
}

/** Tall upright leaves in a pot. */
export function swordPlant(
  x: number,
  y: number,
  scale: number,
  leaf: readonly [string, string],
  pot: string,
): string {
  const leaves = [-24, 22, -10, 10, 0]
    .map((turn, n) =>
      group(
        shape('M-17 0C-26 -90 -10 -190 0 -236C12 -190 28 -90 17 0Z', leaf[n % 2] ?? leaf[0]) +
          line('M0 -8V-190', '#ffffff', 4, 0.18),
        `transform="translate(${turn * 1.4} -70) rotate(${turn})"`,
      ),
    )
    .join('');
  return group(
    leaves + shape('M-50 -84H50L42 0H-42Z', pot) + shape('M12 -84H50L42 0H8Z', '#000000', 0.1),
    `transform="translate(${x} ${y}) scale(${scale})"`,
  );
}

/** A pot on a cord with leaves that hang down. */
export function hangingPlant(x: number, y: number, leaf: readonly [string, string], pot: string): string {
  const trails = [-58, -30, 0, 28, 60]
    .map((dx, n) => {
      const length = 80 + ((n * 53) % 90);
      const leaves = Array.from({ length: Math.floor(length / 24) }, (_, k) =>
        oval(dx + (k % 2 === 0 ? -11 : 11), 60 + k * 24, 13, 9, leaf[(k + n) % 2] ?? leaf[0]),
      ).join('');
      return line(`M${dx * 0.6} 20Q${dx} 40 ${dx} ${40 + length}`, leaf[1], 4) + leaves;
    })
    .join('');
  return (
    line(`M${x - 44} ${y}L${x} ${y - 400}L${x + 44} ${y}`, '#6b5a4a', 4, 0.8) +
    group(
      trails +
        shape('M-56 -10H56C52 40 30 56 0 56C-30 56 -52 40 -56 -10Z', pot) +
        oval(0, -10, 56, 10, leaf[1]),
      `transform="translate(${x} ${y})"`,
    )
  );
}

/** A lamp that hangs from the ceiling. */
export function pendant(x: number, y: number, shade: string, light: string): string {
  return (
    line(`M${x} -10V${y}`, '#3a3330', 5) +
    glow(x, y + 80, 210, light) +
    shape(`M${x - 22} ${y}H${x + 22}L${x + 84} ${y + 66}H${x - 84}Z`, shade) +
    oval(x, y + 66, 84, 13, light)
  );
}

/** A standing lamp; its foot is below the picture. */
export function floorLamp(x: number, y: number, shade: string, light: string): string {
  return (
    box(x - 5, y, 10, 720 - y, '#4a4038') +
    glow(x, y, 260, light) +
    shape(`M${x - 54} ${y - 70}H${x + 54}L${x + 88} ${y + 40}H${x - 88}Z`, shade) +
    oval(x, y + 40, 88, 9, '#ffffff', 0.5)
  );
}

/** A board on the wall. */
export function board(x: number, y: number, w: number, wood: string): string {
  return box(x, y, w, 16, wood, 3) + box(x + 6, y + 16, w - 12, 9, '#000000', 3, 0.14);
}

/** A curtain with folds, hanging from the top. */
export function curtain(x: number, w: number, h: number, colour: string): string {
  const folds = Array.from({ length: 4 }, (_, n) =>
    box(x + (w / 4) * n + w / 8, 0, w / 10, h, '#000000', 8, 0.09),
  ).join('');
  return box(x, -10, w, h + 10, colour, 10) + folds;
}

/** The back of a chair behind the shoulders. */
export function chairBack(colour: string, shade: string): string {
  return box(404, 452, 472, 320, shade, 70) + box(416, 462, 448, 310, colour, 62);
}
