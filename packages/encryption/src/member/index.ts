export { createMember } from './member.ts';
export type { CurrentKeys, HeardKeys, SaidKeys } from './types.ts';
