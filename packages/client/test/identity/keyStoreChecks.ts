import type { KeyStore } from '../../src/index.ts';

/** What each store of keys has to do, in Node and in a page alike: a check throws where it does not hold. */
export const keyStoreChecks: Readonly<Record<string, (open: () => Promise<KeyStore>) => Promise<void>>> = {
  'a device has one key, which signs and cannot be read': async (open) => {
    const store = await open();
    const { privateKey, publicKey } = await store.openDeviceKey('laptop');
    const again = await (await open()).openDeviceKey('laptop');
    expectSame(again.publicKey, publicKey);
    expectOther((await store.openDeviceKey('phone')).publicKey, publicKey);
    const said = Uint8Array.of(1, 2, 3);
    const signature = await crypto.subtle.sign('Ed25519', again.privateKey, said);
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    expect(await crypto.subtle.verify('Ed25519', key, signature, said), 'its signature holds');
    expect(!privateKey.extractable && !again.privateKey.extractable, 'it cannot be read');
  },
  'two windows that open the key of a device at once have the same': async (open) => {
    const [one, other] = [await open(), await open()];
    const keys = await Promise.all(
      [one, other, one, other].map(async (each) => each.openDeviceKey('tablet')),
    );
    for (const { publicKey } of keys) expectSame(publicKey, keys[0]?.publicKey);
  },
  'an identity comes back, for its user alone': async (open) => {
    const store = await open();
    const secret = randomSecret();
    expect((await store.readIdentity('ana')) === null, 'there is none at first');
    expectSame(await store.addIdentity('ana', secret), secret);
    expectSame(await (await open()).readIdentity('ana'), secret);
    expect((await store.readIdentity('ben')) === null, 'another user has none');
  },
  'of two identities that are added the first is kept, and a put one replaces it': async (open) => {
    const [one, other] = [await open(), await open()];
    const [first, second, third] = [randomSecret(), randomSecret(), randomSecret()];
    const kept = await Promise.all([one.addIdentity('chidi', first), other.addIdentity('chidi', second)]);
    expectSame(kept[0], kept[1]);
    expectSame(await one.addIdentity('chidi', third), kept[0]);
    await one.putIdentity('chidi', third);
    expectSame(await other.readIdentity('chidi'), third);
    await other.removeIdentity('chidi');
    expect((await one.readIdentity('chidi')) === null, 'a removed one is gone');
  },
  'what is read or given can be zeroed without harm to what is kept': async (open) => {
    const store = await open();
    const secret = randomSecret();
    const copy = secret.slice();
    (await store.addIdentity('dora', secret)).fill(0);
    secret.fill(0);
    (await store.readIdentity('dora'))?.fill(0);
    expectSame(await store.readIdentity('dora'), copy);
  },
  'a contact is remembered by user, first as added, then as put': async (open) => {
    const store = await open();
    const identityKey = crypto.getRandomValues(new Uint8Array(32));
    const other = crypto.getRandomValues(new Uint8Array(32));
    expect((await store.readContact('ana', 'ben')) === null, 'nothing is remembered at first');
    await store.addContact('ana', 'ben', { identityKey, verified: false, changed: false });
    const kept = await store.addContact('ana', 'ben', { identityKey: other, verified: true, changed: true });
    expectSame(kept.identityKey, identityKey);
    expect(!kept.verified, 'what is added does not replace');
    await store.putContact('ana', 'ben', { identityKey: other, verified: true, changed: true });
    const read = await (await open()).readContact('ana', 'ben');
    expectSame(read?.identityKey, other);
    expect(read?.verified === true, 'what is put does');
    expect(read?.changed === true, 'all of it');
    expect((await store.readContact('ben', 'ana')) === null, 'another user remembers nothing');
  },
  'contacts are listed, of one user alone': async (open) => {
    const store = await open();
    const contact = { verified: false, changed: false };
    expect((await store.listContacts('emi')).size === 0, 'there are none at first');
    await store.putContact('emi', 'ben', { ...contact, identityKey: keyOf(1) });
    await store.putContact('emi', 'zoe', { ...contact, identityKey: keyOf(2) });
    await store.putContact('emily', 'ben', { ...contact, identityKey: keyOf(3) });
    await store.putContact('em', 'ben', { ...contact, identityKey: keyOf(4) });
    const listed = await (await open()).listContacts('emi');
    expect(listed.size === 2, 'those of others are not among them');
    expectSame(listed.get('ben')?.identityKey, keyOf(1));
    expectSame(listed.get('zoe')?.identityKey, keyOf(2));
  },
  'a link comes back, for its user alone, as long as it holds': async (open) => {
    const store = await open();
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const link = { linkId: 'link', callId: 'call', secret, name: null, expiresAt: 20 };
    await store.putLink('elio', link);
    await store.putLink('elio', { ...link, linkId: 'other', callId: null, name: 'Gus', expiresAt: 10 });
    const listed = await (await open()).listLinks('elio', 9);
    expect(listed.length === 2, 'both hold');
    const found = listed.find(({ linkId }) => linkId === 'link');
    expectSame(found?.secret, secret);
    expect(found?.callId === 'call' && found.name === null && found.expiresAt === 20, 'it is as it was');
    expect(
      listed.some(({ name, callId }) => name === 'Gus' && callId === null),
      'so is the guest’s',
    );
    expect((await store.listLinks('ana', 9)).length === 0, 'another user has none');
    expect((await store.listLinks('ana', 10)).length === 0, 'somebody else looks when one is over');
    expect((await store.listLinks('elio', 9)).length === 1, 'which has forgotten it');
    expect((await store.listLinks('elio', 20)).length === 0, 'in the end both are gone');
  },
};

const keyOf = (first: number) => new Uint8Array(32).fill(first);
const randomSecret = () => crypto.getRandomValues(new Uint8Array(64));

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`not so: ${what}`);
}
function expectSame(one: Uint8Array | null | undefined, other: Uint8Array | null | undefined): void {
  expect(one instanceof Uint8Array && String(one) === String(other), `${String(one)} is ${String(other)}`);
}
function expectOther(one: Uint8Array, other: Uint8Array): void {
  expect(String(one) !== String(other), 'they are two');
}
