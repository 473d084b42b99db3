import { drawEarrings, drawGlasses } from './accessories.ts';
import { drawBeard, drawMoustache } from './beard.ts';
import { drawBody } from './clothes.ts';
import { drawEyes, drawFace, drawMouth, type Eyes, type Mouth } from './face.ts';
import { drawHairBefore, drawHairBehind } from './hair.ts';
import type { HairStyle, Person } from './person.ts';
import { documentOf, dot, group, shape } from './svg.ts';

/** How the portrait is cut: close to the face, a little further away for hair that stands high. */
const CROP = 'matrix(1.16 0 0 1.16 -25.600 -8)';
const CROPS: Readonly<Partial<Record<HairStyle, string>>> = {
  topKnot: 'matrix(1.08 0 0 1.08 -12.800 6)',
  bun: 'matrix(1.08 0 0 1.08 -12.800 6)',
  afro: 'matrix(1.06 0 0 1.06 -9.600 6)',
};

/** The parts of a person that move apart from each other, back to front. */
export interface Parts {
  readonly behind: string;
  readonly body: string;
  readonly head: string;
  readonly eyes: string;
  readonly mouth: string;
  readonly front: string;
}

export function drawParts(person: Person, eyes: Eyes, mouth: Mouth): Parts {
  return {
    behind: drawHairBehind(person),
    body: `<g transform="translate(0 -12)">${drawBody(person)}</g>`,
    head: drawFace(person) + drawBeard(person),
    eyes: drawEyes(person, eyes),
    mouth: drawMouth(person, mouth),
    front: drawMoustache(person) + drawHairBefore(person) + drawEarrings(person) + drawGlasses(person),
  };
}

/**
 * The person's portrait: a complete SVG document of 320 × 320 units without scripts, styles
 * or references to anything outside, made to be shown as an image, also cut to a circle.
 */
export function drawAvatar(person: Person): string {
  const { backdrop, backdropLight } = person.palette;
  const parts = drawParts(person, 'open', 'rest');
  const inner = parts.behind + parts.body + parts.head + parts.eyes + parts.mouth + parts.front;
  return documentOf(
    320,
    320,
    shape('M0 0H320V320H0Z', backdrop) +
      dot(160, 150, 136, backdropLight) +
      group(inner, `transform="${CROPS[person.traits.hair] ?? CROP}"`),
  );
}
