import type { HairStyle, Palette, Person } from './person.ts';
import { box, dot, group, line, mirrored, oval, shape } from './svg.ts';

/** Hair (or what covers it) behind the shoulders, and in front of the face. */
interface Hair {
  readonly behind: (p: Palette) => string;
  readonly before: (p: Palette) => string;
}

/** What of the hair lies behind neck and shoulders. */
export function drawHairBehind(person: Person): string {
  return HAIR[person.traits.hair].behind(person.palette);
}

/** What of the hair lies over the face. */
export function drawHairBefore(person: Person): string {
  return HAIR[person.traits.hair].before(person.palette);
}

const nothing = (): string => '';

const HAIR: Readonly<Record<HairStyle, Hair>> = {
  longWaves: {
    behind: (p) =>
      shape(
        'M158 40C104 38 80 78 86 124C88 148 72 160 68 190C64 216 78 226 74 248C71 266 88 280 112 278L210 278C236 280 250 264 246 246C242 226 256 214 252 190C248 160 232 148 234 124C240 78 216 42 158 40Z',
        p.hair,
      ) +
      shape(
        'M212 90C234 118 226 150 240 176C250 196 238 214 236 232C234 250 240 262 224 278L196 278C210 230 216 160 212 90Z',
        p.hairShade,
        0.75,
      ) +
      shape('M112 150C114 190 122 214 132 232L188 232C198 214 206 190 208 150Z', p.hairShade, 0.85) +
      line('M84 190C80 206 92 218 88 238', p.hairLight, 4, 0.8) +
      line('M98 186C93 206 104 222 99 250', p.hairShade, 4, 0.7) +
      line('M231 194C236 208 226 222 230 240', p.hairLight, 4, 0.5),
    before: (p) =>
      shape(
        'M140 58C114 64 104 92 105 124C106 142 109 158 104 178C96 172 84 150 86 118C88 66 122 38 164 40C204 42 230 70 233 110C235 140 228 168 215 178C211 160 215 142 213 122C209 98 190 86 172 74C160 67 150 60 140 58Z',
        p.hair,
      ) +
      shape(
        'M140 58C160 56 206 62 220 108C226 132 224 160 215 178C211 160 215 142 213 122C209 98 190 86 172 74C160 67 150 60 140 58Z',
        p.hairShade,
        0.6,
      ) +
      line('M146 52C166 52 196 62 208 84', p.hairLight, 4, 0.75) +
      line('M126 58C106 68 96 92 95 120', p.hairLight, 4, 0.8),
  },
  tousled: {
    behind: nothing,
    before: (p) =>
      shape(
        'M102 138C92 110 92 88 102 76C98 64 112 50 126 54C132 40 156 36 168 46C184 36 208 46 210 62C226 70 230 104 218 138C216 126 214 116 208 108C196 108 186 100 180 92C172 102 148 106 128 100C116 104 106 118 102 138Z',
        p.hair,
      ) +
      shape(
        'M210 62C226 70 230 104 218 138C216 126 214 116 208 108C196 108 186 100 180 92C194 94 206 84 210 62Z',
        p.hairShade,
        0.8,
      ) +
      shape(
        'M128 100C148 106 172 102 180 92C164 92 146 90 136 80C138 90 134 96 128 100Z',
        p.hairShade,
        0.55,
      ) +
      line('M118 70C128 62 142 60 152 64', p.hairLight, 4.5) +
      line('M166 58C178 54 190 56 198 66', p.hairLight, 4.5) +
      line('M108 92C110 84 116 80 122 80', p.hairLight, 4),
  },
  fade: {
    behind: nothing,
    before: (p) =>
      shape(
        'M102 136C98 98 116 58 160 58C204 58 222 98 218 136C214 122 214 104 206 96C190 88 130 88 114 96C106 104 106 122 102 136Z',
        p.hair,
        0.72,
      ) +
      shape(
        'M110 98C108 72 128 50 160 50C192 50 212 72 210 98C196 90 178 87 160 87C142 87 124 90 110 98Z',
        p.hair,
      ) +
      line('M126 76C134 66 146 62 158 61', p.hairLight, 4.5),
  },
  braidsAndCap: {
    behind: (p) =>
      shape(
        'M100 118C86 146 84 172 90 194C104 206 134 196 160 196C186 196 216 206 230 194C236 172 234 146 220 118Z',
        p.hairShade,
      ) +
      braid(p, 92) +
      mirrored(braid(p, 92)),
    before: (p) =>
      shape(
        'M160 78C136 82 116 102 108 146C104 158 98 166 94 172C90 140 92 100 112 82C128 70 192 70 208 82C228 100 230 140 226 172C222 166 216 158 212 146C204 102 184 82 160 78Z',
        p.hair,
      ) +
      line('M118 98C110 112 105 128 103 144', p.hairLight, 3.5, 0.9) +
      line('M202 98C210 112 215 128 217 144', p.hairLight, 3.5, 0.5) +
      // the embroidered cap
      shape(
        'M104 92C104 60 118 36 160 34C202 36 216 60 216 92C200 80 180 75 160 75C140 75 120 80 104 92Z',
        '#1f4a3d',
      ) +
      shape(
        'M182 38.500C206 45 216 66 216 92C206 84 196 80 186 77.500C192 62 190 48 182 36.500Z',
        '#163629',
        0.8,
      ) +
      shape(
        'M103 95C104 86 106 80 108 78C124 68 142 64 160 64C178 64 196 68 212 78C214 80 216 86 217 95C200 83 180 78 160 78C140 78 120 83 103 95Z',
        '#8f2f3d',
      ) +
      [
        [118, 80, -22],
        [138, 73.5, -9],
        [160, 71, 0],
        [182, 73.5, 9],
        [202, 80, 22],
      ]
        .map(([x = 0, y = 0, turn = 0]) =>
          group(
            shape('M-6 0L0 -5L6 0L0 5Z', p.accent) + dot(0, 0, 1.8, '#8f2f3d'),
            `transform="translate(${x} ${y}) rotate(${turn})"`,
          ),
        )
        .join('') +
      almond(138, 51, -24) +
      almond(182, 51, 24) +
      group(shape('M-5 -9C4 -8 8 2 0 10C-8 2 -7 -5 -5 -9Z', '#f6ead0'), 'transform="translate(160 46)"'),
  },
  topKnot: {
    behind: (p) =>
      shape('M140 40C134 22 148 10 164 12C182 14 190 30 182 44Z', p.hair) +
      shape('M172 14C186 20 188 34 182 44L164 44C174 36 176 24 172 14Z', p.hairShade, 0.9) +
      line('M148 26C152 20 158 18 164 19', p.hairLight, 3.5),
    before: (p) =>
      shape(
        'M102 138C94 96 112 46 160 44C208 46 226 96 218 138C216 116 212 98 200 88C184 78 136 78 120 88C108 98 104 116 102 138Z',
        p.hair,
      ) +
      shape(
        'M176 46C212 56 225 98 218 138C216 116 212 98 200 88C196 85.500 191 83.500 185 82C188 68 184 56 176 46Z',
        p.hairShade,
        0.8,
      ) +
      shape('M142 46C150 38 170 38 178 46C172 52 148 52 142 46Z', p.accent) +
      line('M150 56C134 60 122 70 115 86', p.hairLight, 4) +
      line('M164 55C160 62 158 70 158 76', p.hairShade, 3.5) +
      line('M140 56C132 66 130 74 130 80', p.hairShade, 3.5, 0.8),
  },
  headscarf: {
    behind: (p) => oval(160, 140, 70, 96, p.hairShade),
    before: (p) =>
      // the outline outside and the face inside; then the fold that crosses under the chin
      `<path fill-rule="evenodd" fill="${p.hair}" d="M160 40C104 40 82 84 86 138C88 168 92 188 84 210C78 228 66 240 62 258C94 282 226 282 258 258C254 240 242 228 236 210C228 188 232 168 234 138C238 84 216 40 160 40ZM160 80C188 80 208 99 208 134C208 172 186 207 160 207C134 207 112 172 112 134C112 99 132 80 160 80Z"/>` +
      `<path fill-rule="evenodd" fill="${p.hairShade}" opacity=".6" d="M160 73C193 73 214 96 214 134C214 177 190 215 160 215C130 215 106 177 106 134C106 96 127 73 160 73ZM160 80C188 80 208 99 208 134C208 172 186 207 160 207C134 207 112 172 112 134C112 99 132 80 160 80Z"/>` +
      shape(
        'M204 54C226 72 236 104 234 138C232 168 228 188 236 210C242 228 254 240 258 258C246 266 232 270 216 272C222 226 222 176 221 140C222 106 216 78 204 54Z',
        p.hairShade,
        0.6,
      ) +
      shape(
        'M113 172C120 204 140 222 166 228C196 234 222 222 238 214C242 228 254 240 258 258C226 282 94 282 62 258C66 240 78 228 84 210C96 204 106 190 113 172Z',
        p.hair,
      ) +
      shape(
        'M238 214C242 228 254 240 258 258C236 274 170 279 120 273C176 268 226 250 238 214Z',
        p.hairShade,
        0.6,
      ) +
      line('M92 224C114 246 146 256 184 253', p.hairShade, 4, 0.75) +
      line('M110 200C124 222 146 236 174 239', p.hairLight, 4, 0.85) +
      line('M100 84C110 64 130 54 152 53', p.hairLight, 4.5, 0.9) +
      line('M97 150C98 166 98 182 93 198', p.hairLight, 4, 0.7),
  },
  bun: {
    behind: (p) =>
      dot(160, 38, 27, p.hair) +
      shape('M172 14C188 22 192 44 180 57C172 62 162 64 154 63C176 54 180 32 172 14Z', p.hairShade, 0.8) +
      line('M143 36C145 26 153 21 161 22', p.hairLight, 4),
    before: (p) =>
      shape(
        'M99 144C90 108 104 56 160 54C216 56 230 108 221 144C219 128 214 116 206 108C186 104 164 94 150 82C142 96 124 106 112 110C105 118 101 130 99 144Z',
        p.hair,
      ) +
      shape(
        'M186 58C222 70 228 112 221 144C219 128 214 116 206 108C202 107 198 106 194 105C200 88 196 70 186 58Z',
        p.hairShade,
        0.75,
      ) +
      line('M150 82C146 74 146 66 150 58', p.hairShade, 3.5, 0.9) +
      line('M160 64C176 68 190 80 200 96', p.hairShade, 3.2, 0.8) +
      line('M138 64C124 70 112 84 108 98', p.hairLight, 4) +
      line('M166 82C176 90 186 94 196 97', p.hairLight, 3.5, 0.9),
  },
  turban: {
    behind: nothing,
    before: (p) =>
      shape(
        'M104 126C84 104 84 62 110 40C134 20 186 20 210 40C236 62 236 104 216 126C214 114 210 107 203 102C188 94 172 88 160 80C148 88 132 94 117 102C110 107 106 114 104 126Z',
        p.hair,
      ) +
      shape(
        'M210 40C236 62 236 104 216 126C214 114 210 107 203 102C196 98 188.500 95 181 91.500C206 84 216 60 210 40Z',
        p.hairShade,
        0.85,
      ) +
      shape(
        'M160 80C172 88 188 94 203 102C206 104 208 106 210 108.500C200 88 182 72 160 64C138 72 120 88 110 108.500C112 106 114 104 117 102C132 94 148 88 160 80Z',
        p.hairShade,
        0.4,
      ) +
      shape(
        'M160 80C155 83 150 86 145 88.500C147 80 152 72 160 67C168 72 173 80 175 88.500C170 86 165 83 160 80Z',
        p.accent,
      ) +
      line('M160 64C138 68 114 84 102 110', p.hairLight, 4) +
      line('M160 64C182 68 206 84 218 110', p.hairShade, 4) +
      line('M166 50C138 48 108 62 94 92', p.hairLight, 4) +
      line('M160 50C184 48 212 62 226 92', p.hairShade, 4, 0.9) +
      line('M176 37C150 31 120 38 102 64', p.hairLight, 4) +
      line('M176 37C194 37 210 46 219 62', p.hairShade, 4, 0.9),
  },
  afro: {
    behind: (p) =>
      [
        [160, 84, 72],
        [104, 92, 36],
        [216, 92, 36],
        [92, 130, 34],
        [228, 130, 34],
        [104, 164, 28],
        [216, 164, 28],
        [124, 54, 34],
        [196, 54, 34],
        [160, 42, 34],
      ]
        .map(([x = 0, y = 0, r = 0]) => dot(x, y, r, p.hair))
        .join('') +
      shape(
        'M216 44C250 66 258 108 250 142C244 168 226 190 208 190C224 150 234 92 216 44Z',
        p.hairShade,
        0.75,
      ) +
      curls(p.hairLight, [
        [92, 92],
        [82, 122],
        [104, 62],
        [134, 38],
        [170, 30],
        [88, 152],
      ]),
    before: (p) =>
      shape(
        'M104 128C96 96 112 54 160 52C208 54 224 96 216 128C212 118 210 110 204 106C200 110 192 108 190 102C184 106 176 104 174 98C168 102 158 102 154 97C148 103 138 103 134 99C130 106 122 108 118 105C110 110 108 118 104 128Z',
        p.hair,
      ) +
      shape('M95 88C120 62 200 62 225 88L221 104C196 80 124 80 99 104Z', p.accent) +
      shape('M202 73C212 77 219 82 225 88L221 104C215 98.500 209 94.500 202 91.500Z', '#1f7a70', 0.8) +
      line('M112 86C128 76 150 72 172 73', '#5cc3b5', 4),
  },
  swept: {
    behind: nothing,
    before: (p) =>
      shape(
        'M103 140C92 118 90 84 110 66C106 54 128 40 152 42C184 34 220 52 222 84C224 104 222 122 217 140C214 126 212 112 206 102C184 104 160 96 146 80C142 94 128 104 114 108C108 116 105 128 103 140Z',
        p.hair,
      ) +
      shape(
        'M222 84C224 104 222 122 217 140C214 126 212 112 206 102C198 102.500 190 102 182 100C202 96 212 80 210 58C218 66 222 74 222 84Z',
        p.hairShade,
        0.9,
      ) +
      line('M146 80C140 72 140 62 148 54', p.hairShade, 3.5) +
      line('M158 56C176 56 194 66 204 84', p.hairLight, 4.5) +
      line('M164 72C174 80 186 85 198 87', p.hairLight, 4) +
      line('M128 58C116 66 108 78 107 92', p.hairLight, 4.5),
  },
};

function braid(p: Palette, x: number): string {
  const lobes = [0, 1, 2, 3, 4, 5, 6]
    .map((n) => {
      const lean = n % 2 === 0 ? 1 : -1;
      const y = 184 + n * 14.5;
      const lobe = oval(0, 0, 8.5, 12.5, p.hair) + line('M-1 -7C3 -3 3 3 0 8', p.hairLight, 2.6, 0.9);
      return group(lobe, `transform="translate(${x + lean * 4} ${y}) rotate(${lean * 38})"`);
    })
    .join('');
  return (
    shape(`M${x - 5} 186h10v98h-10Z`, p.hairShade) +
    lobes +
    oval(x, 304, 8, 14, p.hair) +
    box(x - 8, 284, 16, 9, p.accent, 3.5)
  );
}

function almond(x: number, y: number, turn: number): string {
  return group(
    shape('M-5 -9C4 -8 8 2 0 10C-8 2 -7 -5 -5 -9Z', '#f6ead0') + dot(0, 1.5, 2.2, '#8f2f3d'),
    `transform="translate(${x} ${y}) rotate(${turn})"`,
  );
}

function curls(colour: string, places: readonly (readonly [number, number])[]): string {
  return places
    .map(([x, y]) => line(`M${x} ${y}c-8 -2 -10 -12 -2 -16c8 -3 14 4 11 10`, colour, 3.6, 0.85))
    .join('');
}
