import type { Model } from './model.ts';

/** NEG5. Without a relay nobody can call who hides their address: the setting says so before they try. */
export type Hiding = 'off' | 'on' | 'off_without_relay' | 'on_without_relay';

/** Whether the signed-in person hides their address, and whether that leaves a way to call; null: nobody is signed in. */
export function hidingOf({ account, service }: Pick<Model, 'account' | 'service'>): Hiding | null {
  if (account.state !== 'signed_in') return null;
  const { hideAddress } = account.me.settings;
  if (service.hasRelay) return hideAddress ? 'on' : 'off';
  return hideAddress ? 'on_without_relay' : 'off_without_relay';
}

/** Whether calls of this person may only go through a relay. */
export function isRelayOnly(model: Pick<Model, 'account' | 'service'>): boolean {
  const hiding = hidingOf(model);
  return hiding === 'on' || hiding === 'on_without_relay';
}
