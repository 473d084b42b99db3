export { drawMark, PICTURE_HEIGHT, PICTURE_WIDTH, readMark } from './mark.ts';
export type { Mark, MarkRectangle, Pixels } from './mark.ts';
export { LOOP_MS } from './motion.ts';
export type { Moment } from './motion.ts';
export { PEOPLE } from './people.ts';
export type { Palette, Person, Traits } from './person.ts';
export { drawAvatar } from './portrait.ts';
export { drawFrame, drawSprites, markIndex, placeSprites } from './scene.ts';
export type { Placement, SpriteName } from './scene.ts';
