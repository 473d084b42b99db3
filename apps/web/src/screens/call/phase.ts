import type { CallPhase, CallView } from '../../model/model.ts';

/** Dialed, and nobody has answered yet. */
export function isOutgoing(phase: CallPhase): boolean {
  switch (phase.name) {
    case 'dialing':
    case 'reaching':
    case 'ringing':
      return true;
    case 'incoming':
    case 'connecting':
    case 'connected':
    case 'reconnecting':
    case 'held':
    case 'ended':
      return false;
  }
}

/** Whether the other's picture fills the stage. */
export function showsPicture(call: CallView): boolean {
  const flows = call.phase.name === 'connected' || call.phase.name === 'reconnecting';
  return flows && call.remote.camera && !call.remote.held && call.remote.stream !== null;
}

/** When the two were connected; null as long as they aren't. */
export function connectedAt(phase: CallPhase): number | null {
  switch (phase.name) {
    case 'connecting':
    case 'connected':
    case 'reconnecting':
    case 'held':
      return phase.connectedAt;
    case 'dialing':
    case 'reaching':
    case 'ringing':
    case 'incoming':
    case 'ended':
      return null;
  }
}
