import type { Timers } from '../../timers.ts';
import { GIVE_UP_MS, lingerMs } from '../overlap.ts';
import type { Session } from './session.ts';
import type { ForwardedTracks } from './types.ts';

/** MED4: the way to a media server that is about to stop, which goes on beside the new one until nobody needs it. */
export interface Leaving {
  readonly isOn: boolean;
  /** From now on `former` is left. Another one that was being left is closed. */
  begin(former: Session): void;
  setTracks(tracks: ForwardedTracks): void;
  setOpen(isOpen: boolean): void;
  /** Something has changed. @param isReplaced - everything that came over it comes over the new one */
  follow(isReplaced: boolean): void;
  /** Closes it, if there is one. */
  end(): void;
}

const nothing = (): void => {};

/** @param handleEnd - what came over it has to go now */
export function createLeaving(timers: Timers, handleEnd: () => void): Leaving {
  let former: Session | null = null;
  let beganAt = 0;
  let cancelLinger: (() => void) | null = null;
  let cancelLate = nothing;

  function end(): void {
    cancelLinger?.();
    cancelLinger = null;
    cancelLate();
    if (former === null) return;
    former.close();
    former = null;
    handleEnd();
  }

  return {
    get isOn() {
      return former !== null;
    },
    begin(next) {
      end();
      former = next;
      beganAt = timers.now();
      cancelLate = timers.after(GIVE_UP_MS, end);
    },
    setTracks: (tracks) => former?.publishing.setTracks(tracks),
    setOpen: (isOpen) => former?.publishing.setOpen(isOpen),
    follow(isReplaced) {
      if (former === null || !isReplaced || cancelLinger !== null) return;
      cancelLinger = timers.after(lingerMs(timers.now() - beganAt), end);
    },
    end,
  };
}
