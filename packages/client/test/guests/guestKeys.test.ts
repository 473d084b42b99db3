import type { Bytes } from '@visavis/encryption';
import {
  createCallIdentity,
  createDeviceKey,
  createLinkSecret,
  guestKeyOf,
  verifyCredential,
} from '@visavis/encryption/identity';
import { describe, expect, test, vi } from 'vitest';
import { createGuestKeys } from '../../src/guests/guestKeys.ts';
import { createLinkParts, introduceGuest, readGuestName, readLinkParts } from '../../src/index.ts';
import { soon } from '../soon.ts';

const CALL = 'call';
const ANA = 'ana’s laptop';
const leafKey = crypto.getRandomValues(new Uint8Array(32));
const scope = new Uint8Array(new TextEncoder().encode(CALL));
const guestKey = await guestKeyOf(createLinkSecret());
const otherKey = await guestKeyOf(createLinkSecret());

/** A guest's device in the call, and its line in the list of people. */
async function come(key: Bytes, name: string) {
  const guest = (await introduceGuest(key, name)) ?? expect.fail();
  const device = {
    userId: 'gus',
    deviceId: 'tab',
    deviceKey: await createDeviceKey(),
    confirmation: null,
    guest: guest.pass,
  };
  const credential = await createCallIdentity(device).certify(leafKey, scope);
  const seen = (await verifyCredential(credential, leafKey, scope)) ?? expect.fail();
  const user = { userId: 'gus', handle: 'guest-1', name: 'Guest', avatarUrl: null };
  return { seen, person: { user, guest: true, status: 'joined', sealedName: guest.sealedName } as const };
}
const gus = await come(guestKey, 'Gus');
const quiet = (): void => {};
const known = (...tellers: readonly string[]) => {
  const keys = createGuestKeys(null, quiet);
  for (const teller of tellers) keys.hear(CALL, teller, [guestKey]);
  return keys;
};
const isProven = (
  keys: ReturnType<typeof createGuestKeys>,
  confirmed: readonly string[],
  { seen, person } = gus,
  callId = CALL,
): Promise<boolean> => keys.isProven({ callId, people: [person] }, seen, leafKey, new Set(confirmed));

describe('whether a guest came by a link', () => {
  test('GRP6 is known to who made the link or came by it', async () => {
    const made = createGuestKeys(null, quiet);
    expect(await isProven(made, [ANA])).toBe(false);
    made.addOwn(CALL, guestKey);
    expect(await isProven(made, [])).toBe(true);
    expect(await isProven(createGuestKeys(guestKey, quiet), [])).toBe(true);
    expect(await isProven(createGuestKeys(otherKey, quiet), [])).toBe(false);
  });

  test('GRP6 is believed of a device with an identity, also when it has left, and of no other', async () => {
    expect(await isProven(known(ANA), [ANA])).toBe(true);
    expect(await isProven(known('planted'), [ANA])).toBe(false);
    expect(await isProven(known('planted', ANA), [ANA])).toBe(true);
    const left = known(ANA);
    await isProven(left, [ANA]);
    expect(await isProven(left, [])).toBe(true);
    // What was told in one call is nothing in another.
    expect(await isProven(known(ANA), [ANA], gus, 'other')).toBe(false);
  });

  test('GRP6 is not so of one that the server shows by another name, or whose key or id is another', async () => {
    const dora = await come(guestKey, 'Dora');
    const { seen } = gus;
    const keys = known(ANA);
    expect(await isProven(keys, [ANA], { seen, person: dora.person })).toBe(false);
    for (const swap of [{ deviceId: 'other' }, { linkProof: null }, { deviceKey: otherKey }])
      expect(await isProven(keys, [ANA], { ...gus, seen: { ...seen, ...swap } })).toBe(false);
    const account = { ...gus.person, guest: false } as const;
    expect(await keys.isProven({ callId: CALL, people: [account] }, seen, leafKey, new Set([ANA]))).toBe(
      false,
    );
  });
});

test('GRP6 who waits is shown when it is known whether their name can be read', async () => {
  const changed = vi.fn<() => void>();
  const keys = createGuestKeys(guestKey, changed);
  const waiting = { ...gus.person, status: 'waiting' } as const;
  const group = {
    title: null,
    savedGroupId: null,
    grewFrom: null,
    hostId: 'ana',
    locked: false,
    people: [waiting],
    participants: [],
  };
  expect(keys.nameAll(CALL, group).people).toEqual([]);
  await soon(() => expect(changed).toHaveBeenCalled());
  expect(keys.nameAll(CALL, group).people.map(({ user }) => user.name)).toEqual(['Gus']);
  expect(createGuestKeys(null, quiet).nameAll(CALL, group).people).toEqual([waiting]);
  keys.keep(new Set());
  expect(keys.nameAll(CALL, group).people).toEqual([]);
});

test('GRP6 nobody fills the memory of others with keys', () => {
  const keys = createGuestKeys(null, quiet);
  for (let n = 0; n < 100; n += 1) keys.hear(CALL, 'flood', [crypto.getRandomValues(new Uint8Array(32))]);
  expect(keys.list(CALL)).toHaveLength(32);
  keys.hear(CALL, ANA, [guestKey]);
  expect(keys.list(CALL)).toHaveLength(33);
});

test('GRP6 a link is read as it was made', async () => {
  const made = await createLinkParts();
  expect(await readLinkParts(made.text)).toEqual(made);
  expect(await introduceGuest(made.guestKey, '\u202e ')).toBeNull();
});

test('GRP6 who has the link of a guest who is host reads who invites, and nobody else does', async () => {
  const { sealedName } = (await introduceGuest(guestKey, ' Gus ')) ?? expect.fail();
  expect(await readGuestName(guestKey, sealedName)).toBe('Gus');
  expect(await readGuestName(otherKey, sealedName)).toBeNull();
  expect(await readGuestName(guestKey, 'no base64!')).toBeNull();
});
