import type { UnnumberedEvent } from '@visavis/protocol';

/** RING5: what an event is to the end of its call. `passes`: it makes no sense after it. */
export function placeInCall({ type }: UnnumberedEvent): 'ends' | 'passes' | 'any' {
  switch (type) {
    case 'call_ended':
      return 'ends';
    case 'ring':
    case 'call_progress':
    case 'media_changed':
      return 'passes';
    case 'call_answered':
    case 'offer':
    case 'answer':
    case 'ice_candidate':
      return 'any';
  }
}
