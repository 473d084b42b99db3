export { type Repeat, MOST_REPEATS, packSound, unpackSound } from './payload.ts';
export { createRepeating } from './repeating.ts';
export { type Repaired, type Repairing, createRepairing, WAIT_MS } from './repairing.ts';
