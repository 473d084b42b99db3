import { drawMark, PICTURE_HEIGHT, PICTURE_WIDTH } from './mark.ts';
import { poseAt, type Moment } from './motion.ts';
import { PEOPLE } from './people.ts';
import type { Person } from './person.ts';
import { drawParts } from './portrait.ts';
import type { Eyes, Mouth } from './face.ts';
import { drawRoom } from './room.ts';
import { documentOf } from './svg.ts';

const EYES: readonly Eyes[] = ['open', 'half', 'closed'];
const MOUTHS: readonly Mouth[] = ['rest', 'small', 'round', 'wide'];

/** Where the 320 × 320 drawing sits in the camera picture. */
const SEAT = 'translate(288 64) scale(2.200)';
/** The head turns about the nape of the neck, in picture units. */
const PIVOT_X = 640;
const PIVOT_Y = 530;

/** The names of the sprites: `room`, `behind`, `body`, `head`, `front`, `eyes-…` and `mouth-…`. */
export type SpriteName = 'room' | 'behind' | 'body' | 'head' | 'front' | `eyes-${Eyes}` | `mouth-${Mouth}`;

/** One sprite's place in a picture: turned by `degrees` about (`pivotX`, `pivotY`), then moved by (`x`, `y`). */
export interface Placement {
  readonly sprite: SpriteName;
  readonly x: number;
  readonly y: number;
  readonly degrees: number;
  readonly pivotX: number;
  readonly pivotY: number;
}

/** Which mark a person carries: the place in `PEOPLE`, or 15 for somebody who is not in it. */
export function markIndex(person: Person): number {
  const index = PEOPLE.findIndex(({ id }) => id === person.id);
  return index < 0 ? 15 : index;
}

/** Everything a person's camera pictures are made of, as complete SVG documents of 1280 × 720. */
export function drawSprites(person: Person): ReadonlyMap<SpriteName, string> {
  return new Map(
    [...spriteBodies(person)].map(([name, inner]) => [
      name,
      documentOf(PICTURE_WIDTH, PICTURE_HEIGHT, inner),
    ]),
  );
}

/** The sprites of one picture, back to front. Paint the mark of `drawMark` over them. */
export function placeSprites(person: Person, moment: Moment): readonly Placement[] {
  const pose = poseAt(moment, markIndex(person));
  const still = { x: 0, y: 0, degrees: 0, pivotX: PIVOT_X, pivotY: PIVOT_Y };
  const head = { ...still, x: pose.headX, y: pose.headY, degrees: pose.tilt };
  return [
    { ...still, sprite: 'room' },
    { ...head, sprite: 'behind' },
    { ...still, sprite: 'body', x: pose.bodyX, y: pose.bodyY },
    { ...head, sprite: 'head' },
    { ...head, sprite: `eyes-${pose.eyes}` },
    { ...head, sprite: `mouth-${pose.mouth}` },
    { ...head, sprite: 'front' },
  ];
}

/**
 * One camera picture of the person in their own room: an SVG document of 1280 × 720 with the
 * mark in the lower left corner. `frame` is what the mark says (0 to 65535); without it, the
 * number of the 30th of a second.
 */
export function drawFrame(person: Person, moment: Moment & { readonly frame?: number }): string {
  const bodies = spriteBodies(person);
  const placed = placeSprites(person, moment).map(
    ({ sprite, x, y, degrees, pivotX, pivotY }) =>
      `<g transform="translate(${short(x)} ${short(y)}) rotate(${short(degrees)} ${pivotX} ${pivotY})">${bodies.get(sprite) ?? ''}</g>`,
  );
  const frame = moment.frame ?? Math.floor((moment.timeMs * 30) / 1000) & 0xffff;
  const mark = drawMark({ person: markIndex(person), frame }).map(
    ({ x, y, width, height, fill }) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`,
  );
  return documentOf(PICTURE_WIDTH, PICTURE_HEIGHT, placed.join('') + mark.join(''));
}

function spriteBodies(person: Person): ReadonlyMap<SpriteName, string> {
  const parts = drawParts(person, 'open', 'rest');
  const bodies = new Map<SpriteName, string>([
    ['room', drawRoom(person)],
    ['behind', seated(parts.behind)],
    ['body', seated(parts.body)],
    ['head', seated(parts.head)],
    ['front', seated(parts.front)],
  ]);
  for (const eyes of EYES) bodies.set(`eyes-${eyes}`, seated(drawParts(person, eyes, 'rest').eyes));
  for (const mouth of MOUTHS) bodies.set(`mouth-${mouth}`, seated(drawParts(person, 'open', mouth).mouth));
  return bodies;
}

function seated(inner: string): string {
  return `<g transform="${SEAT}">${inner}</g>`;
}

function short(value: number): string {
  return value.toFixed(2);
}
