import type { Bytes } from '@visavis/encryption';
import { toBase64 } from '../base64.ts';
import type { PresentDevice } from './judging.ts';

/** How long a device has been in the call with its keys, as another one has followed it. */
export interface Stay {
  /** The how many-th that came: greater than that of all who were there before. Another one for whoever has left and comes back. */
  readonly arrival: number;
  /** How often it has come back with another leaf, without having left the call: it was reloaded, or had lost the keys. */
  readonly returns: number;
}

/** Tells a device that comes back into the keys of a call from one that comes anew. */
export interface Stays {
  /** Everybody who is in the call: whoever is not has left it. */
  keep(present: readonly PresentDevice[]): void;
  /**
   * A device that is in the call and has its keys.
   *
   * @param deviceKey - that was proven for this leaf. Null: nothing was, so that it may be another device each time
   */
  see(device: PresentDevice, deviceKey: Bytes | null, leafKey: Bytes): Stay;
}

export function createStays(): Stays {
  const known = new Map<string, Stay & { readonly whose: string | null; readonly leaf: string }>();
  let arrivals = 0;
  return {
    keep(present) {
      const ids = new Set(present.map(({ deviceId }) => deviceId));
      for (const deviceId of known.keys()) if (!ids.has(deviceId)) known.delete(deviceId);
    },
    see({ userId, deviceId }, deviceKey, leafKey) {
      const leaf = toBase64(leafKey);
      const whose = deviceKey === null ? null : `${userId} ${toBase64(deviceKey)}`;
      const before = known.get(deviceId);
      if (before?.leaf === leaf && before.whose === whose)
        return { arrival: before.arrival, returns: before.returns };
      const isSame = whose !== null && before?.whose === whose;
      if (!isSame) arrivals += 1;
      const stay = isSame
        ? { arrival: before.arrival, returns: before.returns + 1 }
        : { arrival: arrivals, returns: 0 };
      known.set(deviceId, { ...stay, whose, leaf });
      return stay;
    },
  };
}
