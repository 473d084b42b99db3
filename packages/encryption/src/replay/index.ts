export { type ReplayWindow, REPLAY_WIDTH, createReplayWindow, isFresh, withCounter } from './window.ts';
