import type { Bytes } from '@visavis/encryption';
import { checkGuestProof, type IdentifiedDevice, openGuestName } from '@visavis/encryption/identity';
import type { GroupPerson, GroupView } from '@visavis/protocol';
import { readBase64 } from '../base64.ts';
import { readGuestName } from './links.ts';

/** Kept of one call from one device. More: whoever is in a call fills the memory of the others. */
const MOST_FROM_ONE = 32;

interface Known {
  readonly key: Bytes;
  /** Devices that told it. Empty: this device made the link or came by it. */
  readonly from: Set<string>;
  /** Whether somebody told it whose identity stands behind their device: anybody else could vouch for anybody. */
  isTrusted: boolean;
}

/** GRP6: what this device knows of the links into its calls: whose names it can read, and who came by them. */
export interface GuestKeys {
  /** Of a link that this device made or came by. */
  addOwn(callId: string, key: Bytes): void;
  /** What a device of the call said. */
  hear(callId: string, deviceId: string, keys: readonly Bytes[]): void;
  list(callId: string): readonly Bytes[];
  /** Whether it has one of its own. */
  hasOwn(callId: string): boolean;
  /** A guest's name, checked; null: it cannot be read; undefined: it is being read, and `onChange` tells. */
  nameOf(callId: string, sealedName: string): string | null | undefined;
  /**
   * Whether a guest's device in the call came by a link, under the name that it is shown with.
   *
   * @param confirmed - devices in the call behind which there is an identity that has not changed
   */
  isProven(
    call: { readonly callId: string; readonly people: readonly GroupPerson[] },
    device: IdentifiedDevice,
    leafKey: Bytes,
    confirmed: ReadonlySet<string>,
  ): Promise<boolean>;
  /** The people of a call by the names that can be read. Who waits is there when it is known whether theirs can. */
  nameAll(callId: string, group: GroupView): GroupView;
  /** Forgets what was of other calls. */
  keep(callIds: ReadonlySet<string>): void;
}

/** @param own - of the link that this device came by, as a guest: for its only call */
export function createGuestKeys(own: Bytes | null, onChange: () => void): GuestKeys {
  const calls = new Map<string, Map<string, Known>>();
  const names = new Map<string, { readonly tried: number; readonly name: string | null | undefined }>();

  function keysOf(callId: string): Map<string, Known> {
    const known = calls.get(callId) ?? new Map<string, Known>();
    if (!calls.has(callId)) {
      calls.set(callId, known);
      if (own !== null) known.set(String(own), { key: own, from: new Set(), isTrusted: true });
    }
    return known;
  }
  const list = (callId: string): readonly Bytes[] => Array.from(keysOf(callId).values(), ({ key }) => key);

  async function read(callId: string, sealedName: string, keys: readonly Bytes[]): Promise<void> {
    const opened = await Promise.all(keys.map(async (key) => readGuestName(key, sealedName)));
    const name = opened.find((each) => each !== null) ?? null;
    names.set(nameKey(callId, sealedName), { tried: keys.length, name });
    onChange();
  }

  function nameOf(callId: string, sealedName: string): string | null | undefined {
    const keys = list(callId);
    if (keys.length === 0) return null;
    const id = nameKey(callId, sealedName);
    const known = names.get(id);
    if (known !== undefined && (typeof known.name === 'string' || known.tried === keys.length))
      return known.name;
    names.set(id, { tried: keys.length, name: undefined });
    void read(callId, sealedName, keys);
    return undefined;
  }

  return {
    addOwn(callId, key) {
      keysOf(callId).set(String(key), { key, from: new Set(), isTrusted: true });
      onChange();
    },
    hear(callId, deviceId, keys) {
      const known = keysOf(callId);
      for (const key of keys) {
        const entry = known.get(String(key));
        const told = [...known.values()].filter(({ from }) => from.has(deviceId)).length;
        if (entry === undefined && told >= MOST_FROM_ONE) continue;
        if (entry === undefined) known.set(String(key), { key, from: new Set([deviceId]), isTrusted: false });
        else if (entry.from.size > 0) entry.from.add(deviceId);
      }
      onChange();
    },
    list,
    hasOwn: (callId) => [...keysOf(callId).values()].some(({ from }) => from.size === 0),
    nameOf,
    async isProven({ callId, people }, device, leafKey, confirmed) {
      const person = people.find(({ user, guest }) => guest && user.userId === device.userId);
      const { linkProof } = device;
      if (person?.sealedName === undefined || linkProof === null) return false;
      const sealed = readBase64(person.sealedName);
      const known = [...keysOf(callId).values()];
      for (const entry of known)
        if ([...entry.from].some((deviceId) => confirmed.has(deviceId))) entry.isTrusted = true;
      const claim = { ...device, callId: new TextEncoder().encode(callId), leafKey };
      const proofs = known
        .filter(({ isTrusted }) => isTrusted)
        .map(async ({ key }) => {
          const name = sealed === null ? null : await openGuestName(key, sealed);
          return name !== null && checkGuestProof(key, linkProof, { ...claim, name });
        });
      return (await Promise.all(proofs)).includes(true);
    },
    nameAll(callId, group) {
      if (group.people.every(({ sealedName }) => sealedName === undefined)) return group;
      const people = group.people.flatMap((person) => {
        const { sealedName, guest, user, status } = person;
        const name = guest && sealedName !== undefined ? nameOf(callId, sealedName) : null;
        // It takes milliseconds. They would be announced by no name.
        if (name === undefined && status === 'waiting') return [];
        return typeof name === 'string' ? [{ ...person, user: { ...user, name } }] : [person];
      });
      return { ...group, people };
    },
    keep(callIds) {
      for (const callId of calls.keys()) if (!callIds.has(callId)) calls.delete(callId);
      for (const id of names.keys()) if (!callIds.has(id.slice(0, id.indexOf(' ')))) names.delete(id);
    },
  };
}

/** Ids have no spaces. */
const nameKey = (callId: string, sealedName: string): string => `${callId} ${sealedName}`;
