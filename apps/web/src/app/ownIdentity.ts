import { createIdentity, openIndexedDbKeyStore, type Api, type Identity } from '@visavis/client';
import type { Me } from '@visavis/protocol';

/** The identity of this device, as soon as there is one. */
export interface OwnIdentity {
  /** Null while it is being opened, and where this browser keeps nothing. */
  current(): Identity | null;
  /** Somebody's keys may have changed. */
  refresh(): void;
}

export function createOwnIdentity(api: Api, { user, device, guest }: Me): OwnIdentity {
  let identity: Identity | null = null;
  const own = { userId: user.userId, deviceId: device.deviceId, isGuest: guest };
  openIndexedDbKeyStore(indexedDB)
    .then((store) => createIdentity({ api, store, device: own, now: () => Date.now() }))
    .then(
      (opened) => {
        identity = opened;
      },
      // Calls are encrypted all the same; others read that this device is not confirmed.
      () => {},
    );
  return {
    current: () => identity,
    refresh: () => void identity?.refresh().catch(() => {}),
  };
}
