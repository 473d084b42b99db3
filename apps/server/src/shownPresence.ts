import type { Presence, ServerNotice } from '@visavis/protocol';

/** What others are told of presence; a part of the port. */
export interface ShownPresence {
  /**
   * What others were told of this user last. Whoever asks is told the same: what is may be ahead of it, and whoever knew it
   * from there would miss the change back.
   */
  readShown(userId: string): Promise<Presence>;
  /** Whether others were told something else of this user than what is. */
  isShownWrong(userId: string): Promise<boolean>;
  /**
   * Tells the devices of these viewers what is, in one step: of two notices the newer one is heard last, whichever nodes tell.
   * @returns false where they were told that last already
   */
  show(userId: string, viewers: readonly string[]): Promise<boolean>;
  /** Tells one viewer alone what others were told last, in one step as well. */
  showTo(userId: string, viewerId: string): Promise<void>;
}

/** What others see of somebody with these devices. */
export function describePresence(devices: readonly { readonly inCall: boolean }[]): Presence {
  if (devices.length === 0) return 'offline';
  return devices.some(({ inCall }) => inCall) ? 'busy' : 'online';
}

/** What tells a viewer of it, as text. */
export const presenceNotice = (userId: string, presence: Presence): string =>
  JSON.stringify({ type: 'presence', payload: { userId, presence } } satisfies ServerNotice);
