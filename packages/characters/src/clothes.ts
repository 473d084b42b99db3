import type { ClothesStyle, Palette, Person } from './person.ts';
import { clipped, dot, group, line, shape } from './svg.ts';

/** Shoulders without a neckline: everything worn is cut from this outline. */
const SHOULDERS =
  'M26 420C26 306 50 272 98 255C116 248.500 128 245 135 238L185 238C192 245 204 248.500 222 255C270 272 294 306 294 420Z';
const NECKLINE = 'M135 238C140 264 180 264 185 238';

/** Neck, shoulders and clothes, down to y = 420, which is below the portrait's edge. */
export function drawBody(person: Person): string {
  const p = person.palette;
  const neck =
    shape('M137 186L137 236C137 264 183 264 183 236L183 186Z', p.skin) +
    shape('M137 196C146 218 174 218 183 196L183 226C172 236 148 232 137 216Z', p.skinShade) +
    shape('M168 196L183 190L183 236C183 250 174 257 164 257C174 240 174 216 168 196Z', p.skinShade, 0.5);
  return neck + CLOTHES[person.traits.clothes](p, person.id);
}

/** The cloth itself: light from the left, folds at the arms. */
function cloth(p: Palette): string {
  return (
    shape(SHOULDERS, p.clothes) +
    shape('M222 255C270 272 294 306 294 420L232 420C246 360 246 300 222 255Z', p.clothesShade, 0.75) +
    line('M86 420C90 372 88 344 80 324', p.clothesShade, 4.5) +
    line('M238 420C234 372 236 344 242 326', p.clothesShade, 4.5) +
    line('M62 290C70 280 82 272 96 267', p.clothesLight, 4, 0.7)
  );
}

const skinAtNeck = (p: Palette, d: string): string =>
  shape(d, p.skin) +
  shape(
    'M139 236C146 246 176 240 184 228L186 240C180 262 164 262 154 258C148 254 142 246 139 236Z',
    p.skinShade,
    0.4,
  );

const CLOTHES: Readonly<Record<ClothesStyle, (p: Palette, id: string) => string>> = {
  scoop: (p) =>
    cloth(p) +
    skinAtNeck(
      p,
      'M112 250C124 246 132 243 137 236L183 236C188 243 196 246 208 250C206 284 186 296 160 296C134 296 114 284 112 250Z',
    ) +
    line('M112 250C114 284 134 296 160 296C186 296 206 284 208 250', p.clothesShade, 5) +
    line('M138 268C144 272 150 273 154 273', p.skinShade, 3.5) +
    line('M182 268C176 272 170 273 166 273', p.skinShade, 3.5) +
    line('M131 240C136 262 148 276 160 282C172 276 184 262 189 240', p.accent, 2.6) +
    dot(160, 284, 5, p.accent),
  jumper: (p) =>
    cloth(p) +
    skinAtNeck(p, 'M137 229L183 229L184 236C184 262 136 262 136 236Z') +
    line(NECKLINE, p.clothesShade, 17) +
    line('M133 241C139 268 181 268 187 241', p.clothesLight, 3, 0.6) +
    [278, 290]
      .map((y) => line(`M60 ${y + 22}C110 ${y + 8} 210 ${y + 8} 260 ${y + 22}`, p.accent, 5, 0.95))
      .join('') +
    group(
      [76, 104, 132, 160, 188, 216, 244]
        .map((x) => shape(`M${x - 7} ${317 + Math.abs(x - 160) / 14}l7 -7l7 7l-7 7Z`, p.clothesLight))
        .join(''),
      'opacity=".9"',
    ),
  openShirt: (p, id) =>
    shape('M104 252L104 420L216 420L216 252L183 236L137 236Z', p.accent) +
    skinAtNeck(p, 'M137 229L183 229L184 236C186 268 134 268 136 236Z') +
    line('M136 240C138 264 182 264 184 240', '#215563', 5) +
    clipped(
      `${id}-shirt`,
      'M26 420C26 306 50 272 98 255C116 248.500 126 246 131 240L150 420ZM294 420C294 306 270 272 222 255C204 248.500 194 246 189 240L170 420Z',
      cloth(p) +
        [44, 72, 100, 128, 196, 224, 252, 280].map((x) => line(`M${x} 250V420`, p.accent, 4, 0.45)).join(''),
    ) +
    shape('M131 234C122 240 112 246 104 252L132 284L146 262Z', p.clothesLight) +
    shape('M189 234C198 240 208 246 216 252L188 284L174 262Z', p.clothes) +
    line('M132 284L146 262', p.clothesShade, 3) +
    line('M188 284L174 262', p.clothesShade, 3),
  ikat: (p, id) =>
    clipped(
      `${id}-ikat`,
      SHOULDERS,
      shape(SHOULDERS, p.clothes) +
        shape('M222 255C270 272 294 306 294 420L232 420C246 360 246 300 222 255Z', p.clothesShade, 0.6) +
        [58, 109, 211, 262].map((x, n) => ikatFlame(p, x, 318 + (n % 2) * 4)).join('') +
        ikatFlame(p, 160, 334),
    ) +
    skinAtNeck(p, 'M137 229L183 229L184 236C184 262 172 274 160 282C148 274 136 262 136 236Z') +
    line('M134 240C136 264 148 276 160 285C172 276 184 264 186 240', p.accent, 6),
  hoodie: (p) =>
    shape(
      'M94 256C98 226 120 214 138 220L182 220C200 214 222 226 226 256C206 276 114 276 94 256Z',
      p.clothesShade,
    ) +
    shape('M137 216L137 244C150 262 170 262 183 244L183 216Z', p.skin) +
    shape('M137 206C146 222 174 222 183 206L183 230C172 240 148 236 137 222Z', p.skinShade) +
    cloth(p) +
    skinAtNeck(p, 'M137 229L183 229L184 236C184 262 172 268 160 272C148 268 136 262 136 236Z') +
    shape('M134 228C112 232 96 244 92 258C104 276 134 284 158 288C144 274 136 252 134 228Z', p.clothesLight) +
    shape('M186 228C208 232 224 244 228 258C216 276 186 284 162 288C176 274 184 252 186 228Z', p.clothes) +
    line('M228 258C216 276 186 284 162 288', p.clothesShade, 3.5) +
    line('M158 288C134 284 104 276 92 258', p.clothesShade, 3.5, 0.7) +
    line('M146 284C145 296 146 304 144 314', p.accent, 4.5) +
    line('M174 284C175 296 174 302 177 310', p.accent, 4.5),
  coat: (p) =>
    cloth(p) +
    shape('M96 256L150 420L170 420L224 256C200 268 120 268 96 256Z', p.accent) +
    shape(
      'M98 255C84 262 76 268 70 276L96 316L90 328L146 420L160 420C140 360 116 300 98 255Z',
      p.clothesLight,
    ) +
    shape(
      'M222 255C236 262 244 268 250 276L224 316L230 328L174 420L160 420C180 360 204 300 222 255Z',
      p.clothes,
    ) +
    line('M222 255C204 300 180 360 160 420', p.clothesShade, 3.5) +
    line('M250 276L224 316L230 328L196 384', p.clothesShade, 3.5) +
    line('M70 276L96 316L90 328L124 384', p.clothesShade, 3.5, 0.7),
  cardigan: (p) =>
    shape(SHOULDERS, p.accent) +
    line('M136 240C142 262 178 262 184 240', '#e6d6c2', 11) +
    line('M160 264V420', '#e6d6c2', 3) +
    dot(160, 282, 3.4, '#cdb79c') +
    dot(160, 306, 3.4, '#cdb79c') +
    shape('M26 420C26 306 50 272 98 255C112 250 122 247 130 242C130 290 140 340 142 420Z', p.clothes) +
    shape('M294 420C294 306 270 272 222 255C208 250 198 247 190 242C190 290 180 340 178 420Z', p.clothes) +
    shape('M222 255C270 272 294 306 294 420L232 420C246 360 246 300 222 255Z', p.clothesShade, 0.75) +
    line('M129 244C130 290 140 340 142 420', p.clothesShade, 7) +
    line('M191 244C190 290 180 340 178 420', p.clothesShade, 7) +
    line('M86 420C90 372 88 344 80 324', p.clothesShade, 4.5) +
    line('M238 420C234 372 236 344 242 326', p.clothesShade, 4.5) +
    line('M62 290C70 280 82 272 96 267', p.clothesLight, 4, 0.9),
  blazer: (p) =>
    shape(SHOULDERS, p.clothesLight) +
    shape('M152 262L168 262L174 278L166 420L154 420L146 278Z', p.accent) +
    shape('M160 262L168 262L174 278L166 420L160 420Z', '#6f222c', 0.7) +
    shape('M26 420C26 306 50 272 98 255C112 250 120 248 126 244L156 420Z', p.clothes) +
    shape('M294 420C294 306 270 272 222 255C208 250 200 248 194 244L164 420Z', p.clothes) +
    shape('M222 255C270 272 294 306 294 420L232 420C246 360 246 300 222 255Z', p.clothesShade, 0.9) +
    shape('M126 244C114 250 104 254 96 258L92 298L106 302L104 314L154 410Z', '#34475f') +
    shape('M194 244C206 250 216 254 224 258L228 298L214 302L216 314L166 410Z', '#2e3f56') +
    line('M92 298L106 302L104 314L154 410', p.clothesShade, 3) +
    line('M228 298L214 302L216 314L166 410', p.clothesShade, 3) +
    shape('M216 330L240 324L238 334L218 338Z', p.clothesLight),
  dungarees: (p) =>
    cloth(p) +
    [276, 292, 308, 324]
      .map((y) =>
        line(
          `M${38 + (324 - y) / 3} ${y + 6}C90 ${y - 4} 230 ${y - 4} ${282 - (324 - y) / 3} ${y + 6}`,
          '#e9a03b',
          4.5,
          0.85,
        ),
      )
      .join('') +
    skinAtNeck(
      p,
      'M137 228L183 228C184 238 188 242 192 244C190 270 178 277 160 277C142 277 130 270 128 244C132 242 136 238 137 228Z',
    ) +
    line('M127 244C130 270 144 278 160 278C176 278 190 270 193 244', p.clothesShade, 6) +
    shape('M108 420L114 300C126 304 194 304 206 300L212 420Z', p.accent) +
    shape('M190 302.500C196 302 202 301 206 300L212 420L190 420Z', '#1f7a70', 0.8) +
    shape('M96 257L112 251L128 304L113 301Z', p.accent) +
    shape('M224 257L208 251L192 304L207 301Z', '#1f7a70') +
    dot(121, 309, 6, '#f1c453') +
    dot(199, 309, 6, '#f1c453'),
  turtleneck: (p) =>
    shape(
      'M26 420C26 306 50 272 98 255C116 248.500 128 245 132 236L188 236C192 245 204 248.500 222 255C270 272 294 306 294 420Z',
      p.clothes,
    ) +
    shape('M222 255C270 272 294 306 294 420L232 420C246 360 246 300 222 255Z', p.clothesShade, 0.75) +
    shape(
      'M134 223C146 232 174 232 186 223C191 221 193 226 193 232C194 242 193 252 190 260C176 268 144 268 130 260C127 252 126 242 127 232C127 226 129 221 134 223Z',
      p.clothes,
    ) +
    shape(
      'M176 227.500C180 226.500 183 225 186 223C191 221 193 226 193 232C194 242 193 252 190 260C184 263.500 177 265 170 265.500C178 256 180 240 176 227.500Z',
      p.clothesShade,
      0.8,
    ) +
    line('M133 225C146 233.500 174 233.500 187 225', p.clothesLight, 4) +
    line('M129 258C144 268 176 268 191 258', p.clothesShade, 3.5) +
    line('M86 420C90 372 88 344 80 324', p.clothesShade, 4.5) +
    line('M238 420C234 372 236 344 242 326', p.clothesShade, 4.5) +
    line('M62 290C70 280 82 272 96 267', p.clothesLight, 4, 0.9),
};

function ikatFlame(p: Palette, x: number, y: number): string {
  const flame =
    shape(
      'M0 -42C8 -24 22 -20 16 0C22 20 8 24 0 42C-8 24 -22 20 -16 0C-22 -20 -8 -24 0 -42Z',
      p.clothesLight,
    ) +
    shape('M0 -27C6 -14 13 -12 9 0C13 12 6 14 0 27C-6 14 -13 12 -9 0C-13 -12 -6 -14 0 -27Z', '#c8553d') +
    shape('M0 -12C4 -6 5 -4 4 0C5 4 4 6 0 12C-4 6 -5 4 -4 0C-5 -4 -4 -6 0 -12Z', p.accent);
  return group(flame, `transform="translate(${x} ${y})"`);
}
