import { createIdentity, openIndexedDbKeyStore, type Api, type Identity } from '@visavis/client';
import type { Me } from '@visavis/protocol';
import type { OwnStanding } from '../model/identity.ts';

/** The identity of this device, as soon as there is one. */
export interface OwnIdentity {
  /** Null while it is being opened, and where this browser keeps nothing. */
  current(): Identity | null;
  /** Settles when it is open, or when it is clear that there will be none (null). Never rejects. */
  readonly opened: Promise<Identity | null>;
  /** Somebody's keys may have changed. */
  refresh(): void;
  /** The server answers (again): what could not be asked of it is asked now. */
  reach(): void;
  /** Where this device stands may have changed. */
  publish(): void;
}

/** @param onStanding - told where this device stands, each time that may have changed */
export function createOwnIdentity(
  api: Api,
  { user, device, guest }: Me,
  onStanding: (standing: OwnStanding) => void,
): OwnIdentity {
  let identity: Identity | null = null;
  const own = { userId: user.userId, deviceId: device.deviceId, isGuest: guest };
  const publish = (): void => {
    if (identity !== null) onStanding(identity.status);
  };
  const refresh = (): void => {
    void identity
      ?.refresh()
      .catch(() => {})
      .then(publish);
  };
  const opened = openIndexedDbKeyStore(indexedDB)
    .then((store) => createIdentity({ api, store, device: own, now: () => Date.now() }))
    // Calls are encrypted all the same; others read that this device is not confirmed.
    .catch(() => null);
  void opened.then((result) => {
    identity = result;
    if (result === null) onStanding('unavailable');
    else publish();
  });
  return {
    current: () => identity,
    opened,
    refresh,
    reach() {
      if (identity?.status === 'unreachable') refresh();
    },
    publish,
  };
}
