export { NOBODY_SPEAKS, forgetSpeaker, stepSpeaker, type Loudness, type SpeakerState } from './speaker.ts';
