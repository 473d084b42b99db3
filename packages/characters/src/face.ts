import type { FaceShape, Person } from './person.ts';
import { clipped, dot, line, mirrored, oval, shape } from './svg.ts';

const INK = '#2a1c1b';
const TEETH = '#fffaf3';
const MOUTH = '#7c2734';
const TONGUE = '#d9646a';

export type Eyes = 'open' | 'half' | 'closed';
export type Mouth = 'rest' | 'small' | 'round' | 'wide';

/** The outline of the face in the 320 × 320 drawing. */
export const FACE_OUTLINES: Readonly<Record<FaceShape, string>> = {
  oval: 'M104 130C104 88 128 64 160 64C192 64 216 88 216 130C216 152 212 172 202 188C191 204 175 213 160 213C145 213 129 204 118 188C108 172 104 152 104 130Z',
  round:
    'M101 134C101 90 126 66 160 66C194 66 219 90 219 134C219 156 214 174 204 188C193 202 177 210 160 210C143 210 127 202 116 188C106 174 101 156 101 134Z',
  square:
    'M103 128C103 88 127 64 160 64C193 64 217 88 217 128C217 152 215 170 208 185C199 204 180 213 160 213C140 213 121 204 112 185C105 170 103 152 103 128Z',
};

/** Ears, face with its soft shadow, blush, nose, brows: everything of the head that never moves by itself. */
export function drawFace(person: Person): string {
  const { palette: p, traits: t } = person;
  const outline = FACE_OUTLINES[t.face];
  const ear = oval(103, 144, 11, 16, p.skin) + line('M101 138C97 141 97 148 102 152', p.skinShade, 3.2);
  const covered = t.hair === 'headscarf' || t.hair === 'longWaves' || t.hair === 'braidsAndCap';
  return (
    (covered
      ? ''
      : ear +
        mirrored(
          oval(103, 144, 11, 16, p.skinShade) + line('M101 138C97 141 97 148 102 152', p.skinDeep, 3.2, 0.55),
        )) +
    shape(outline, p.skinShade) +
    clipped(
      `${person.id}-face`,
      outline,
      `<path d="${outline}" fill="${p.skin}" transform="translate(-9 -5)"/>` +
        oval(122, 168, 15, 10.5, p.blush, 0.34) +
        oval(198, 168, 15, 10.5, p.blush, 0.34),
    ) +
    (t.freckles ? drawFreckles(p.skinDeep) : '') +
    (t.smileLines
      ? line('M128 172C125 178 125 183 127 188', p.skinDeep, 2.4, 0.5) +
        line('M192 172C195 178 195 183 193 188', p.skinDeep, 2.4, 0.5) +
        line('M113 146C110 148 109 150 108 152', p.skinDeep, 2, 0.45) +
        line('M207 146C210 148 211 150 212 152', p.skinDeep, 2, 0.45)
      : '') +
    drawNose(person) +
    drawBrows(person)
  );
}

function drawFreckles(colour: string): string {
  const left: readonly (readonly [number, number])[] = [
    [118, 160],
    [125, 165],
    [132, 160],
    [123, 172],
    [131, 170],
    [114, 168],
  ];
  const side = left.map(([x, y]) => dot(x, y, 1.7, colour, 0.55)).join('');
  return side + mirrored(side) + dot(156, 154, 1.5, colour, 0.5) + dot(164, 157, 1.5, colour, 0.5);
}

function drawNose(person: Person): string {
  const { skinShade, skinDeep } = person.palette;
  switch (person.traits.nose) {
    case 'soft':
      return (
        shape(
          'M160 139C162 149 169 157 168 162C167 167 160 168 154 165C160 162 161 151 160 139Z',
          skinShade,
          0.75,
        ) + line('M153 163C156 168 163 168 166 164', skinDeep, 3.4, 0.8)
      );
    case 'long':
      return (
        shape(
          'M160 132C163 146 172 158 170 164C168 169 160 170 153 166C160 163 162 148 160 132Z',
          skinShade,
          0.85,
        ) + line('M151 164C154 170 164 170 168 165', skinDeep, 3.4, 0.8)
      );
    case 'broad':
      return (
        shape(
          'M160 138C163 148 174 156 173 163C172 169 162 170 153 166C160 163 162 151 160 138Z',
          skinShade,
          0.8,
        ) +
        line(
          'M148 162C150 167 155 167 157 166C159 168.500 162 168.500 164 166C167 167 171 167 172 162',
          skinDeep,
          3.4,
          0.8,
        )
      );
  }
}

function drawBrows(person: Person): string {
  const colour =
    person.traits.beardColour ?? (person.traits.hair === 'headscarf' ? '#3a2522' : person.palette.hair);
  const ink = person.traits.hair === 'bun' ? '#a9a4a6' : colour;
  switch (person.traits.brows) {
    case 'soft': {
      const brow = line('M124 120C130 115 138 115 146 118', ink, 4.2);
      return brow + mirrored(brow);
    }
    case 'arched': {
      const brow = shape(
        'M121 120C127 111 138 109 148 115C149 117 148 118.500 146 118C138 115.500 130 115.500 123 121.500C121.500 122.500 120.300 121.500 121 120Z',
        ink,
      );
      return brow + mirrored(brow);
    }
    case 'strong': {
      const brow = shape(
        'M119.500 120C126 111 138 110 149 115C151 116.500 150.500 120 147.500 120C138 116.500 130 117.500 122.500 122.500C120 123.800 118.300 122 119.500 120Z',
        ink,
      );
      return brow + mirrored(brow);
    }
  }
}

/** Both eyes, in one of three openings. */
export function drawEyes(person: Person, eyes: Eyes): string {
  const { lashes } = person.traits;
  switch (eyes) {
    case 'open': {
      const white = shape(
        'M126.500 140C129 131 141 130 145.500 138.500C145 146.500 131 149 126.500 140Z',
        '#fffaf5',
        0.92,
      );
      const lash = lashes
        ? line('M127.500 137.500C129.500 131.800 139 130.200 143.500 135.500', INK, 3.2) +
          line('M127.700 137.300L123.500 134.500', INK, 2.8)
        : line('M128.500 136.500C131 132.200 139.500 131.500 143 135.500', INK, 2.6, 0.85);
      const right = mirrored(oval(136.5, 140.5, 5.5, 7, INK) + lash);
      return (
        white +
        mirrored(white) +
        oval(136.5, 140.5, 5.5, 7, INK) +
        lash +
        right +
        dot(134.2, 137.8, 2.1, '#fff') +
        dot(182.2, 137.8, 2.1, '#fff')
      );
    }
    case 'half': {
      const eye =
        oval(136, 143, 5.6, 3.4, INK) + line('M127.500 141C131 138.500 140 138.500 144 141', INK, 3);
      return eye + mirrored(eye);
    }
    case 'closed': {
      const eye =
        line('M127.500 141.500C131 146.500 140 146.500 144 141.500', INK, 3.4) +
        (lashes ? line('M128.500 143.500L124.500 146', INK, 2.6) : '');
      return eye + mirrored(eye);
    }
  }
}

/** The mouth: at rest the person's own smile, else a shape of speech. */
export function drawMouth(person: Person, mouth: Mouth): string {
  switch (mouth) {
    case 'rest':
      return person.traits.expression === 'grin' ? drawGrin(person) : drawSmile(person);
    case 'small':
      return drawOpening(
        person,
        'M145 182C150 178.500 170 178.500 175 182C172 191 148 191 145 182Z',
        'small',
      );
    case 'round':
      return drawOpening(
        person,
        'M148 184C148 175.500 172 175.500 172 184C172 196.500 148 196.500 148 184Z',
        'round',
      );
    case 'wide':
      return drawOpening(person, 'M140 180C148 177 172 177 180 180C178 199 142 199 140 180Z', 'wide');
  }
}

function drawSmile(person: Person): string {
  const dark = person.traits.beard ? '#5b211f' : person.palette.skinDeep;
  return (
    line('M141 181C148 191.500 172 191.500 179 181', dark, 4.4) +
    line('M138.500 179.500C140 180 141.500 181 142 182.500', dark, 3) +
    line('M181.500 179.500C180 180 178.500 181 178 182.500', dark, 3) +
    line('M153 196.500C157 198.500 163 198.500 167 196.500', person.palette.skinDeep, 3, 0.35)
  );
}

function drawGrin(person: Person): string {
  const outline =
    'M138.500 178.500C149 183 171 183 181.500 178.500C183.200 178 184 179.300 183.500 181C179 200.500 141 200.500 136.500 181C136 179.300 136.800 178 138.500 178.500Z';
  return (
    clipped(
      `${person.id}-grin`,
      outline,
      shape(outline, MOUTH) +
        shape('M134 172H186V184C172 189.500 148 189.500 134 184Z', TEETH) +
        oval(160, 200, 14, 8, TONGUE),
    ) + line('M153 201.500C157 203 163 203 167 201.500', person.palette.skinDeep, 2.6, 0.3)
  );
}

function drawOpening(person: Person, outline: string, name: string): string {
  const teeth =
    name === 'round'
      ? shape('M146 172H174V180C166 182 154 182 146 180Z', TEETH)
      : shape('M138 172H182V182C170 185 150 185 138 182Z', TEETH);
  return clipped(
    `${person.id}-${name}`,
    outline,
    shape(outline, MOUTH) + teeth + oval(160, name === 'small' ? 194 : 199, 13, 8, TONGUE),
  );
}
