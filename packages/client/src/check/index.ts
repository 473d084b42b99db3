/*
 * What finds out, before a call or in one, what this device and its connection are good for: an entry of its own, so that pages load it
 * when it is wanted.
 */
export { findSpeaker } from './browserPorts.ts';
export { createProbePeer } from './probePeer.ts';
export { runCheck } from './run.ts';
export { judgeFindings } from './verdict.ts';
