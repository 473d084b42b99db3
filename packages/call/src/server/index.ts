export * from './types.ts';
export { dialCall, type CalleePolicy, type DialInput } from './dial.ts';
export { stepCall } from './step.ts';
export { isDirectRequest, type DirectRequest } from './requests.ts';
export { nextDeadline } from './deadlines.ts';
export { viewCall } from './view.ts';
export { findParticipant, joinedParticipants, isRung } from './participants.ts';
