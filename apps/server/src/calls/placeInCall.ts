import { isGroupCallId, type UnnumberedEvent } from '@visavis/protocol';

/**
 * RING5: what an event is to the end of its call. `passes`: it makes no sense after it. A group call can be left and joined
 * again (GRP3), so that nothing of it makes no sense.
 */
export function placeInCall({ type, callId }: UnnumberedEvent): 'ends' | 'passes' | 'any' {
  switch (type) {
    case 'call_ended':
    case 'call_grew':
      return isGroupCallId(callId) ? 'any' : 'ends';
    case 'ring':
    case 'call_progress':
    case 'media_changed':
      return isGroupCallId(callId) ? 'any' : 'passes';
    case 'call_answered':
    case 'offer':
    case 'answer':
    case 'ice_candidate':
    case 'group_changed':
    case 'call_data':
    case 'media_asked':
    case 'keys_proposed':
    case 'keys_committed':
    case 'keys_welcome':
    case 'keys_reset':
      return 'any';
  }
}
