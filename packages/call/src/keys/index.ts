export type * from './types.ts';
export { leaveKeys } from './join.ts';
export { keysDeadline, passKeysDeadline, stepKeys, STUCK_MS } from './step.ts';
