// What is imported is their addresses, made by the build.
import eveningUrl from '../backgrounds/evening.svg?url';
import hillsUrl from '../backgrounds/hills.svg?url';
import roomUrl from '../backgrounds/room.svg?url';

/** Pictures of our own drawing that may be behind a person. */
export const BACKGROUND_PICTURES = [
  { name: 'room', url: roomUrl },
  { name: 'hills', url: hillsUrl },
  { name: 'evening', url: eveningUrl },
] as const;

/** The name of the picture that a person has chosen from their device. */
export const OWN_PICTURE = 'own';

export type BackgroundName = (typeof BACKGROUND_PICTURES)[number]['name'] | typeof OWN_PICTURE;
export const isBackgroundName = (value: unknown): value is BackgroundName =>
  value === OWN_PICTURE || BACKGROUND_PICTURES.some(({ name }) => name === value);
