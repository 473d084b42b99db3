import { FACE_OUTLINES } from './face.ts';
import type { Person } from './person.ts';
import { clipped, line, shape } from './svg.ts';

/** The beard that lies under the mouth. */
export function drawBeard(person: Person): string {
  const { palette: p, traits: t } = person;
  const colour = t.beardColour ?? p.hair;
  const shade = t.beardShade ?? p.hairShade;
  const style = t.beard;
  if (style === undefined) return '';
  switch (style) {
    case 'short':
      return (
        clipped(
          `${person.id}-beard`,
          FACE_OUTLINES[t.face],
          shape(
            'M98 136C106 138 108 156 114 166C120 176 130 172 138 170C148 166 172 166 182 170C190 172 200 176 206 166C212 156 214 138 222 136V220H98Z',
            colour,
          ) +
            shape(
              'M222 136C214 138 212 156 206 166C203 172 199 173.500 194 173C200 184 192 204 176 214L222 220Z',
              shade,
              0.7,
            ),
        ) + shape('M150 197C154 194 166 194 170 197C168 201.500 152 201.500 150 197Z', shade, 0.55)
      );
    case 'goatee':
      return (
        shape(
          'M134 184C134 173 146 171.500 152 170C157 169 163 169 168 170C174 171.500 186 173 186 184C187 200 176 215 160 215C144 215 133 200 134 184Z',
          colour,
        ) +
        shape(
          'M186 184C187 200 176 215 160 215C156 215 152.500 214 149.500 212.500C166 212 178 200 179 176C183 177.500 186 180 186 184Z',
          shade,
          0.8,
        )
      );
    case 'stubble':
      return clipped(
        `${person.id}-beard`,
        FACE_OUTLINES[t.face],
        shape(
          'M100 148C110 152 112 168 122 172C134 174 144 168 160 168C176 168 186 174 198 172C208 168 210 152 220 148V220H100Z',
          colour,
          0.2,
        ),
      );
    case 'full':
      return (
        shape(
          'M102 132C109 136 110 152 115 162C121 173 132 171 140 169C150 166 170 166 180 169C188 171 199 173 205 162C210 152 211 136 218 132C221 150 221 178 214 198C206 224 184 243 160 243C136 243 114 224 106 198C99 178 99 150 102 132Z',
          colour,
        ) +
        shape(
          'M218 132C221 150 221 178 214 198C206 224 184 243 160 243C155 243 150 242 145.500 240.500C176 236 196 210 199 169.500C201.500 168 203.500 165.500 205 162C210 152 211 136 218 132Z',
          shade,
          0.85,
        ) +
        line('M134 206C138 218 146 226 152 230', shade, 3, 0.7) +
        line('M121 184C122 192 124 198 127 204', shade, 3, 0.7) +
        line('M160 212C160 220 161 226 163 231', shade, 3, 0.7)
      );
  }
}

/** The moustache that lies over the mouth's upper edge. */
export function drawMoustache(person: Person): string {
  const { palette: p, traits: t } = person;
  const colour = t.beardColour ?? p.hair;
  const style = t.beard;
  if (style === undefined) return '';
  switch (style) {
    case 'full':
      return shape(
        'M160 170C152 166 140 169 132 181C140 183.500 152 182 160 177C168 182 180 183.500 188 181C180 169 168 166 160 170Z',
        t.beardShade ?? colour,
      );
    case 'short':
      return shape(
        'M160 171C152 168 142 171 136 180C144 181.500 153 181 160 177.500C167 181 176 181.500 184 180C178 171 168 168 160 171Z',
        p.hairShade,
      );
    case 'goatee':
      return shape(
        'M160 171.500C153 169 143 171 137 179C144 180.500 153 180 160 177C167 180 176 180.500 183 179C177 171 167 169 160 171.500Z',
        colour,
      );
    case 'stubble':
      return '';
  }
}
