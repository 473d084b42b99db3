export { NOBODY_SPEAKS, forgetSpeaker, stepSpeaker, type Loudness, type SpeakerState } from './speaker.ts';
export * from './types.ts';
export { startGroup, growGroup, type GrowInput, type StartInput, type Started } from './start.ts';
export { stepGroup } from './step.ts';
export { nextGroupDeadline } from './deadlines.ts';
export { ALONE_MS, ALONE_WITH_LINK_MS } from './links.ts';
export { ownDirectCall, ownGroupCall } from './ownCalls.ts';
export { viewGroup } from './view.ts';
export { findDevice, findMember, joinedOf } from './find.ts';
