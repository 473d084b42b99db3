export { createMember } from './member.ts';
export type { CurrentKeys, HeardKeys, KeyMember, Member, MemberOptions, SaidKeys } from './types.ts';
export { startMember } from './startMember.ts';
