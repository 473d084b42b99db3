export { PEOPLE } from './people.ts';
export type { Palette, Person, Traits } from './person.ts';
export { drawAvatar } from './portrait.ts';
