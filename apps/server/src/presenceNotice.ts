import type { Presence, ServerNotice } from '@visavis/protocol';

/** What others see of somebody with these devices. */
export function describePresence(devices: readonly { readonly inCall: boolean }[]): Presence {
  if (devices.length === 0) return 'offline';
  return devices.some(({ inCall }) => inCall) ? 'busy' : 'online';
}

/** What tells a viewer of it, as text. */
export const presenceNotice = (userId: string, presence: Presence): string =>
  JSON.stringify({ type: 'presence', payload: { userId, presence } } satisfies ServerNotice);
