import * as d from './decor.ts';
import * as f from './furniture.ts';
import type { Person, RoomStyle } from './person.ts';
import { box, dot, group, line, oval, shape } from './svg.ts';

const GREENS: readonly [string, string] = ['#4f9a66', '#2f7350'];
const DARK_GREENS: readonly [string, string] = ['#3c7a5c', '#275a47'];

/** The room behind the person, a little out of focus, as a camera would see it. */
export function drawRoom(person: Person): string {
  const { id } = person;
  return (
    `<filter id="${id}-blur" x="-5%" y="-5%" width="110%" height="110%"><feGaussianBlur stdDeviation="3.200"/></filter>` +
    `<radialGradient id="${id}-edge" cx=".5" cy=".45" r=".75"><stop offset=".6" stop-color="#120c18" stop-opacity="0"/><stop offset="1" stop-color="#120c18" stop-opacity=".34"/></radialGradient>` +
    group(ROOMS[person.traits.room](id), `filter="url(#${id}-blur)"`) +
    box(0, 0, 1280, 720, `url(#${id}-edge)`)
  );
}

const ROOMS: Readonly<Record<RoomStyle, (id: string) => string>> = {
  plants: (id) =>
    f.wall('#cfe3d8', '#e6f1e6') +
    f.windowAt(
      70,
      70,
      330,
      400,
      ['#a9daf0', '#fdf3d8'],
      oval(60, 400, 190, 120, '#8cc084') +
        oval(290, 420, 200, 130, '#6fab78') +
        oval(250, 90, 70, 22, '#ffffff', 0.9) +
        oval(200, 104, 60, 18, '#ffffff', 0.9),
      '#fffdf7',
      id,
    ) +
    f.plant(120, 486, 0.62, GREENS, '#d9734e') +
    f.swordPlant(330, 486, 0.52, DARK_GREENS, '#f2b950') +
    f.hangingPlant(880, 130, GREENS, '#f4ede1') +
    f.board(960, 330, 250, '#b98556') +
    f.plant(1020, 330, 0.5, GREENS, '#5b8db8') +
    box(1090, 252, 26, 78, '#e07a5f', 3) +
    box(1118, 240, 20, 90, '#3d7a80', 3) +
    box(1140, 262, 24, 68, '#f2cc8f', 3) +
    f.framed(
      1010,
      80,
      170,
      130,
      '#b98556',
      '#fffaf0',
      dot(50, 46, 30, '#f2a65a') + shape('M0 100C20 60 50 60 100 100Z', '#4f9a66'),
    ) +
    f.plant(1140, 730, 1.2, DARK_GREENS, '#d9734e'),
  books: () =>
    f.wall('#39485c', '#4b5d74') +
    f.bookshelf(
      20,
      -40,
      370,
      800,
      6,
      ['#8a5a3a', '#5d3b27'],
      ['#d9734e', '#efe3cd', '#4f8a8b', '#c9a24b', '#8c3f46', '#5f7fa5', '#7a9a6c'],
      5,
    ) +
    f.floorLamp(1130, 250, '#f6e3b4', '#ffd98a') +
    f.framed(
      860,
      60,
      150,
      190,
      '#23303f',
      '#efe9dc',
      shape('M0 100L36 30L58 66L72 44L100 100Z', '#5f7fa5') + dot(76, 20, 12, '#d9734e'),
    ) +
    d.guitar(970, 470) +
    f.plant(1210, 740, 0.9, GREENS, '#e9dcc3'),
  records: () =>
    f.wall('#e6d2b8', '#f4e6d0') +
    box(0, 470, 1280, 250, '#c9ab86', 0, 0.35) +
    f.board(40, 250, 340, '#7a4b2e') +
    [60, 150, 240]
      .map(
        (x, n) =>
          box(x, 150, 96, 100, ['#2d6a78', '#d9593d', '#e9b949'][n] ?? '#555555', 3) +
          dot(x + 48, 200, 34, '#1d1b1f', 0.9) +
          dot(x + 48, 200, 11, '#f4e6d0'),
      )
      .join('') +
    f.board(40, 500, 340, '#7a4b2e') +
    Array.from({ length: 24 }, (_, n) =>
      box(
        56 + n * 13,
        396 + (n % 5) * 3,
        11,
        104 - (n % 5) * 3,
        ['#2d6a78', '#d9593d', '#e9b949', '#3b2c35', '#8aa27a', '#f7efe2'][(n * 5) % 6] ?? '#555555',
      ),
    ).join('') +
    f.pendant(900, 96, '#2d6a78', '#ffe7b0') +
    f.framed(
      1000,
      210,
      190,
      240,
      '#2b2320',
      '#fbf5ea',
      dot(30, 34, 26, '#d9593d') + dot(68, 52, 30, '#2d6a78', 0.9) + dot(44, 78, 20, '#e9b949'),
    ) +
    f.swordPlant(1180, 730, 0.9, DARK_GREENS, '#3b2c35') +
    box(-10, 560, 210, 170, '#5d3a26', 6) +
    dot(95, 650, 52, '#2a211f') +
    dot(95, 650, 22, '#8c7a6b'),
  tapestry: () =>
    f.wall('#f1dfc6', '#fbeeda') +
    d.textile(36, 40, 340, 470) +
    d.niche(900, 120) +
    d.niche(1090, 120) +
    f.board(880, 520, 400, '#9a6a43') +
    d.teapot(990, 520) +
    oval(1130, 508, 44, 12, '#2a5c8f') +
    oval(1130, 500, 40, 10, '#f6ead0') +
    shape('M1190 520H1244L1234 470H1200Z', '#c8553d') +
    f.plant(1217, 480, 0.36, GREENS, '#c8553d') +
    box(-10, 580, 420, 160, '#b23a48', 24) +
    box(20, 560, 170, 120, '#e9b949', 30) +
    box(220, 566, 150, 110, '#2a5c8f', 30),
  kitchen: () =>
    f.wall('#f3ead9', '#fdf6e8') +
    d.tiles(0, 330, 1280, 190, ['#7fb7a8', '#91c4b5', '#6fa898']) +
    box(0, 520, 1280, 26, '#caa071') +
    box(0, 546, 1280, 180, '#4d7c78') +
    box(250, 566, 10, 120, '#e5d3a8', 4) +
    box(1040, 566, 10, 120, '#e5d3a8', 4) +
    f.board(20, 210, 370, '#a87445') +
    [50, 112, 174]
      .map(
        (x, n) =>
          box(x, 130, 48, 80, ['#f2c14e', '#e07a5f', '#f7f1e3'][n] ?? '#ffffff', 8) +
          box(x - 2, 122, 52, 16, '#a87445', 5),
      )
      .join('') +
    f.plant(320, 210, 0.42, GREENS, '#ffffff') +
    line('M880 120H1250', '#4a4038', 8) +
    d.pan(940, 124, 46) +
    d.pan(1060, 124, 58) +
    d.pan(1180, 124, 42) +
    f.pendant(480, 40, '#d8553f', '#ffe3a3') +
    shape('M60 520C60 470 70 450 110 450C150 450 160 470 160 520Z', '#d8553f') +
    box(100, 432, 20, 20, '#8c2f22', 6) +
    box(1100, 400, 100, 120, '#f7f1e3', 10) +
    dot(1150, 450, 26, '#4d7c78') +
    box(960, 440, 60, 80, '#f2c14e', 6) +
    line('M975 440L965 380', '#a87445', 8) +
    line('M992 440V372', '#a87445', 8) +
    line('M1006 440L1018 384', '#7a5230', 8),
  evening: (id) =>
    f.wall('#4a3f63', '#5d5079') +
    f.windowAt(60, 60, 360, 420, ['#2b2d5c', '#f08a6b'], d.skyline(), '#2f2745', id) +
    f.curtain(-30, 96, 620, '#a0546e') +
    f.curtain(430, 70, 620, '#a0546e') +
    d.lights() +
    f.floorLamp(1140, 330, '#f9d9a0', '#ffcf87') +
    f.framed(
      880,
      130,
      160,
      200,
      '#e9c46a',
      '#f6ede0',
      shape('M50 6C70 34 84 56 50 94C16 56 30 34 50 6Z', '#a33e5c') +
        shape('M50 30C60 46 66 58 50 76C34 58 40 46 50 30Z', '#e9c46a'),
    ) +
    f.plant(960, 740, 1, DARK_GREENS, '#e9c46a') +
    box(-20, 560, 330, 180, '#6c4a7d', 40) +
    box(40, 530, 130, 110, '#e9c46a', 24) +
    box(180, 540, 120, 100, '#f08a6b', 24),
  parlour: () =>
    f.wall('#d6e2ea', '#eaf1f5') +
    Array.from({ length: 27 }, (_, n) => box(n * 50, 0, 20, 720, '#bfd2df', 0, 0.55)).join('') +
    box(0, 540, 1280, 14, '#ffffff') +
    box(0, 554, 1280, 170, '#f3f0ea') +
    f.framed(
      60,
      70,
      180,
      220,
      '#c59b4a',
      '#fbf6ec',
      oval(50, 40, 24, 28, '#e9b8a0') +
        shape('M10 100C16 66 84 66 90 100Z', '#3f6f8f') +
        shape('M26 36C28 4 72 4 74 36C64 22 36 22 26 36Z', '#6b4a3a'),
    ) +
    f.framed(
      270,
      130,
      130,
      110,
      '#7a5230',
      '#fbf6ec',
      shape('M0 100V60C30 40 60 80 100 50V100Z', '#6fa898') + dot(72, 28, 14, '#f2b950'),
    ) +
    f.framed(
      290,
      280,
      110,
      140,
      '#c59b4a',
      '#fbf6ec',
      dot(50, 34, 20, '#cf5762') +
        dot(34, 54, 18, '#e9929a') +
        dot(66, 56, 18, '#b23a48') +
        line('M50 60V96', '#4f9a66', 7),
    ) +
    box(930, 130, 130, 600, '#7a4b30', 14) +
    dot(995, 220, 52, '#fbf3e0') +
    line('M995 220V184', '#3a2c24', 6) +
    line('M995 220L1020 232', '#3a2c24', 6) +
    box(955, 300, 80, 300, '#4f2f1e', 8) +
    line('M995 310V470', '#d9b25c', 6) +
    dot(995, 480, 26, '#e3bd63') +
    f.floorLamp(1180, 300, '#f6d7c3', '#ffe2b8') +
    f.plant(110, 560, 0.6, GREENS, '#3f6f8f') +
    f.chairBack('#8fa98f', '#7b967c'),
  study: () =>
    f.wall('#2f4a41', '#3d5d52') +
    f.bookshelf(
      900,
      -30,
      400,
      800,
      6,
      ['#6b4228', '#412717'],
      ['#8c2f39', '#e2c078', '#2f5d62', '#ece2cc', '#b5653a', '#4a5d7e'],
      11,
    ) +
    f.framed(
      60,
      70,
      310,
      210,
      '#b98d4a',
      '#f3ead6',
      shape('M-20 120V70C10 40 30 60 50 40C70 20 90 50 120 30V120Z', '#6f8f7f') +
        shape('M-20 120V90C20 70 60 96 120 70V120Z', '#4a6d5f') +
        dot(82, 14, 12, '#e2722e'),
    ) +
    f.board(40, 400, 340, '#6b4228') +
    [70, 96, 124, 148]
      .map((x, n) =>
        box(x, 310 + n * 5, 22, 90 - n * 5, ['#8c2f39', '#e2c078', '#4a5d7e', '#b5653a'][n] ?? '#777777', 2),
      )
      .join('') +
    dot(260, 350, 44, '#5b8db8') +
    shape('M236 332C250 320 270 326 268 344C262 360 244 356 236 332Z', '#7fb07a') +
    line('M260 394V400', '#b98d4a', 12) +
    line('M230 400H290', '#b98d4a', 8) +
    f.floorLamp(160, 560, '#f3d9a0', '#ffd78f') +
    f.chairBack('#7a3b2c', '#642d21'),
  studio: () =>
    f.wall('#f6ead8', '#fff6e6') +
    [
      [50, 60, '#e8909c', 0],
      [180, 40, '#2a9d8f', 4],
      [300, 70, '#f1c453', -3],
      [70, 220, '#6a7fc1', 3],
      [200, 200, '#f7f1e6', -2],
      [320, 240, '#e76f51', 5],
    ]
      .map(([x, y, colour, turn]) =>
        group(
          box(0, 0, 104, 130, '#ffffff', 2) +
            box(8, 8, 88, 114, String(colour), 1) +
            oval(52, 60, 24, 32, '#ffffff', 0.5) +
            dot(52, 6, 5, '#d9593d'),
          `transform="translate(${String(x)} ${String(y)}) rotate(${String(turn)})"`,
        ),
      )
      .join('') +
    d.easel(1060, 110) +
    f.board(20, 520, 380, '#c99a66') +
    [60, 120, 180]
      .map(
        (x, n) =>
          shape(
            `M${x} 520L${x + 6} 460H${x + 40}L${x + 46} 520Z`,
            ['#2a9d8f', '#e76f51', '#6a7fc1'][n] ?? '#888888',
          ) +
          line(`M${x + 14} 462L${x + 6} 390`, '#a87445', 6) +
          line(`M${x + 26} 462L${x + 32} 380`, '#7a5230', 6) +
          oval(x + 32, 374, 7, 14, '#3a2c24'),
      )
      .join('') +
    f.plant(330, 520, 0.55, GREENS, '#f1c453') +
    f.pendant(900, 50, '#2a9d8f', '#fff0c4') +
    f.swordPlant(1240, 740, 0.9, DARK_GREENS, '#e8909c'),
  loft: (id) =>
    d.bricks() +
    f.windowAt(
      850,
      40,
      400,
      360,
      ['#bfe0ee', '#f7efe0'],
      shape('M0 360V220H70V160H130V240H190V120H260V220H310V180H400V360Z', '#8fa9bd') +
        shape('M0 360V280H110V240H170V300H300V260H400V360Z', '#6f8aa1'),
      '#2b2f38',
      id,
    ) +
    f.board(40, 190, 340, '#c9a06c') +
    box(70, 110, 60, 80, '#2c3e50', 4) +
    box(134, 126, 40, 64, '#c9d6c3', 4) +
    box(178, 100, 30, 90, '#d9734e', 3) +
    f.plant(310, 190, 0.4, GREENS, '#efe9dc') +
    d.bicycle(60, 430) +
    f.swordPlant(1190, 720, 1, DARK_GREENS, '#efe9dc') +
    f.pendant(520, 30, '#2b2f38', '#ffe9b8'),
};
