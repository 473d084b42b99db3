import { glow } from './furniture.ts';
import { box, dot, group, line, oval, shape } from './svg.ts';

export function guitar(x: number, y: number): string {
  return group(
    box(-10, -290, 20, 220, '#5d3b27', 4) +
      box(-18, -340, 36, 60, '#3f2718', 8) +
      shape(
        'M0 -90C50 -90 58 -40 40 -10C80 20 84 110 0 116C-84 110 -80 20 -40 -10C-58 -40 -50 -90 0 -90Z',
        '#c98a4b',
      ) +
      dot(0, 14, 28, '#4a2c1a') +
      box(-26, 70, 52, 12, '#4a2c1a', 3) +
      line('M-4 -330V70', '#f4ead6', 2) +
      line('M4 -330V70', '#f4ead6', 2),
    `transform="translate(${x} ${y}) rotate(8)"`,
  );
}

function flower(cx: number, cy: number, r: number, colour: string): string {
  return (
    dot(cx, cy, r, colour) +
    dot(cx, cy, r * 0.68, '#fbeeda') +
    dot(cx, cy, r * 0.48, '#2a5c8f') +
    dot(cx, cy, r * 0.2, '#e9b949')
  );
}

export function textile(x: number, y: number, w: number, h: number): string {
  const vines = [0.2, 0.5, 0.8]
    .map((part) =>
      line(
        `M${x + 30} ${y + h * part}Q${x + w / 2} ${y + h * part - 60} ${x + w - 30} ${y + h * part}`,
        '#3f7d5a',
        8,
      ),
    )
    .join('');
  return (
    box(x, y, w, h, '#8f2f3d', 4) +
    box(x + 16, y + 16, w - 32, h - 32, '#fbeeda') +
    vines +
    [
      [0.27, 0.2, 52],
      [0.73, 0.2, 52],
      [0.5, 0.5, 78],
      [0.27, 0.8, 52],
      [0.73, 0.8, 52],
    ]
      .map(([px = 0, py = 0, r = 0]) => flower(x + w * px, y + h * py, r, '#c8393f'))
      .join('')
  );
}

export function niche(x: number, y: number): string {
  return (
    shape(
      `M${x} ${y + 260}V${y + 80}C${x} ${y + 20} ${x + 60} ${y + 10} ${x + 75} ${y - 20}C${x + 90} ${y + 10} ${x + 150} ${y + 20} ${x + 150} ${y + 80}V${y + 260}Z`,
      '#dcc4a0',
    ) +
    oval(x + 75, y + 244, 44, 60, '#2a7a8c') +
    box(x + 58, y + 130, 34, 70, '#2a7a8c', 10) +
    oval(x + 75, y + 240, 44, 12, '#f6ead0', 0.8) +
    box(x - 8, y + 256, 166, 16, '#b98a5c', 4)
  );
}

export function teapot(x: number, y: number): string {
  return group(
    line('M-58 -50C-96 -54 -96 -8 -54 -12', '#2a5c8f', 10) +
      shape('M50 -30C84 -36 78 -70 98 -74L90 -60C86 -30 74 -16 52 -12Z', '#2a5c8f') +
      oval(0, -36, 62, 42, '#2a5c8f') +
      oval(0, -36, 40, 18, '#f6ead0', 0.9) +
      oval(0, -76, 26, 9, '#f6ead0') +
      dot(0, -88, 9, '#e9b949'),
    `transform="translate(${x} ${y})"`,
  );
}

export function tiles(x: number, y: number, w: number, h: number, colours: readonly string[]): string {
  const drawn: string[] = [box(x, y, w, h, '#f3ead9')];
  for (let row = 0; row * 64 < h; row++) {
    for (let column = 0; column * 96 - 48 < w; column++) {
      drawn.push(
        box(
          x + column * 96 - (row % 2) * 48 + 2,
          y + row * 64 + 2,
          92,
          60,
          colours[(column * 5 + row * 3) % colours.length] ?? '#888888',
          4,
        ),
      );
    }
  }
  return drawn.join('');
}

export function pan(x: number, y: number, r: number): string {
  return (
    box(x - 7, y, 14, 96, '#3a3330', 6) +
    dot(x, y + 90 + r, r, '#4a4a50') +
    dot(x, y + 90 + r, r * 0.78, '#67676f')
  );
}

export function skyline(): string {
  const houses: readonly (readonly [number, number, number])[] = [
    [0, 60, 170],
    [62, 44, 240],
    [110, 70, 150],
    [184, 50, 280],
    [238, 66, 190],
    [308, 60, 230],
  ];
  const drawn = houses.map(([x, w, h], n) => {
    const lit = Array.from({ length: 10 }, (_, k) =>
      (k * 7 + n * 3) % 4 === 0
        ? ''
        : box(
            x + 8 + (k % 2) * (w / 2 - 2),
            420 - h + 16 + Math.floor(k / 2) * 32,
            w / 4,
            14,
            '#ffd98a',
            0,
            0.85,
          ),
    );
    return box(x, 420 - h, w, h, n % 2 === 0 ? '#2d2650' : '#3b3163') + lit.join('');
  });
  return dot(270, 90, 34, '#ffe9c7') + drawn.join('');
}

export function lights(): string {
  const bulbs = Array.from({ length: 9 }, (_, n) => {
    const x = 520 + n * 92;
    const y = 66 + Math.sin((n / 8) * Math.PI) * 46;
    return glow(x, y, 46, '#ffd98a') + dot(x, y, 9, '#fff0c9');
  });
  return line('M500 56Q890 170 1290 56', '#2b2340', 4) + bulbs.join('');
}

export function easel(x: number, y: number): string {
  return (
    line(`M${x} ${y - 60}L${x - 90} 730`, '#a87445', 14) +
    line(`M${x} ${y - 60}L${x + 90} 730`, '#a87445', 14) +
    box(x - 120, y, 240, 300, '#ffffff', 3) +
    box(x - 108, y + 12, 216, 276, '#cfe8e3') +
    shape(
      `M${x - 108} ${y + 288}V${y + 200}C${x - 40} ${y + 150} ${x + 20} ${y + 240} ${x + 108} ${y + 170}V${y + 288}Z`,
      '#2a9d8f',
    ) +
    dot(x + 40, y + 90, 42, '#f1a24a') +
    shape(
      `M${x - 80} ${y + 220}C${x - 90} ${y + 130} ${x - 40} ${y + 110} ${x - 30} ${y + 222}Z`,
      '#e76f51',
    ) +
    box(x - 130, y + 300, 260, 16, '#8a5c33', 3)
  );
}

export function bricks(): string {
  const drawn: string[] = [box(-40, -40, 1360, 800, '#d8c7b8')];
  for (let row = 0; row < 15; row++) {
    for (let column = 0; column < 12; column++) {
      const tint =
        ['#b9806a', '#c28b74', '#ad7662', '#bd8570'][(row * 7 + column * 5 + ((row * column) % 3)) % 4] ??
        '#b9806a';
      drawn.push(box(column * 120 - (row % 2) * 60 + 3, row * 50 + 3, 114, 44, tint, 3));
    }
  }
  return drawn.join('') + oval(560, 160, 700, 380, '#ffe9d2', 0.16);
}

function wheel(cx: number): string {
  return (
    `<circle cx="${cx}" cy="0" r="82" fill="none" stroke="#26282f" stroke-width="10"/>` +
    dot(cx, 0, 9, '#26282f')
  );
}

export function bicycle(x: number, y: number): string {
  return group(
    wheel(80) +
      wheel(290) +
      line('M80 0L150 -110L250 -110L290 0', '#e0a030', 11) +
      line('M150 -110L190 0L80 0', '#e0a030', 11) +
      line('M190 0L250 -110', '#e0a030', 11) +
      line('M150 -110L142 -134', '#26282f', 9) +
      line('M124 -136H164', '#26282f', 13) +
      line('M250 -110L244 -146H280', '#26282f', 9),
    `transform="translate(${x} ${y})"`,
  );
}
