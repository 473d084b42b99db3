import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import type { KnownDevice } from '../identity/types.ts';
import type { DeviceOf, VerifyLeaf } from './types.ts';

/** What an engine knows of leaves. A credential is verified before anything that brings it is looked at, and then remembered. */
export interface Roster {
  /** Of what was verified before; null for everything else. */
  readonly deviceOf: DeviceOf;
  verify(identity: Uint8Array, leafKey: Uint8Array): Promise<KnownDevice | null>;
  /** Nobody's from now on, whatever its credential says. */
  retire(leafKey: Uint8Array): void;
}

export function createRoster(verifyLeaf: VerifyLeaf): Roster {
  const known = new Map<string, KnownDevice>();
  const retired = new Set<string>();

  return {
    deviceOf: (identity, leafKey) =>
      retired.has(bytesToBase64(leafKey)) ? null : (known.get(nameOf(identity, leafKey)) ?? null),

    async verify(identity, leafKey) {
      if (retired.has(bytesToBase64(leafKey))) return null;
      const name = nameOf(identity, leafKey);
      const device = known.get(name) ?? (await verifyLeaf(identity, leafKey));
      if (device !== null) known.set(name, device);
      return device;
    },

    retire: (leafKey) => void retired.add(bytesToBase64(leafKey)),
  };
}

const nameOf = (identity: Uint8Array, leafKey: Uint8Array): string =>
  `${bytesToBase64(leafKey)} ${bytesToBase64(identity)}`;
