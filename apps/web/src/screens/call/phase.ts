import type { CallPhase, CallView } from '../../model/model.ts';

/** Dialed, and nobody has answered yet. */
export function isOutgoing(phase: CallPhase): boolean {
  switch (phase.name) {
    case 'dialing':
    case 'reaching':
    case 'ringing':
      return true;
    case 'incoming':
    case 'waiting':
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
  return (
    flows &&
    call.remote.camera &&
    !call.remote.held &&
    !call.remote.checking &&
    !call.remote.paused &&
    call.quality.getsPictures &&
    call.remote.stream !== null
  );
}

/** Whether it is shown as a group of people: from the first moment on that this person is in it. */
export function showsGroup(call: Pick<CallView, 'group' | 'phase'>): boolean {
  if (call.group === null) return false;
  const { name } = call.phase;
  return name !== 'incoming' && name !== 'waiting' && name !== 'ended';
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
    case 'waiting':
    case 'ended':
      return null;
  }
}
