import { drawEarrings, drawGlasses } from './accessories.ts';
import { drawBeard, drawMoustache } from './beard.ts';
import { drawBody } from './clothes.ts';
import { drawEyes, drawFace, drawMouth, type Eyes, type Mouth } from './face.ts';
import { drawHairBefore, drawHairBehind } from './hair.ts';
import type { Person } from './person.ts';
import { dot, shape } from './svg.ts';

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
    body: drawBody(person),
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
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320">' +
    shape('M0 0H320V320H0Z', backdrop) +
    dot(160, 150, 136, backdropLight) +
    `<g transform="translate(-3.200 8) scale(1.02)">${parts.behind}${parts.body}${parts.head}${parts.eyes}${parts.mouth}${parts.front}</g>` +
    '</svg>'
  );
}
