import { describe, expect, test } from 'vitest';
import {
  checkGuestProof,
  concatBytes,
  createCallIdentity,
  createDeviceKey,
  createGuestPass,
  createLinkSecret,
  guestKeyOf,
  linkTokenOf,
  openGuestName,
  readLinkSecret,
  sealGuestName,
  showLinkSecret,
  verifyCredential,
} from '../../src/index.ts';
import { pad } from '../../src/callData/padding.ts';
import { labelled, writeFields } from '../../src/identity/fields.ts';
import { sign } from '../../src/identity/keys.ts';
import { createConfirmed, createUser, random, text, turnBit } from './fixtures.ts';

const CALL = text('call-1');
const secret = createLinkSecret();
const guestKey = await guestKeyOf(secret);
const otherKey = await guestKeyOf(createLinkSecret());

describe('the secret of a call link', () => {
  test('is 256 bits, and its token and guest key are others, always the same', async () => {
    expect(secret).toHaveLength(32);
    const token = await linkTokenOf(secret);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(token).toBe(await linkTokenOf(secret));
    expect(guestKey).toEqual(await guestKeyOf(secret));
    expect(new Set([token, showLinkSecret(secret), showLinkSecret(guestKey)]).size).toBe(3);
    // Whoever knows the one cannot come by the other.
    const ofKey = await linkTokenOf(guestKey);
    expect(ofKey).not.toBe(token);
  });

  test('is derived from as it was on the day when links were first made', async () => {
    const known = Uint8Array.from({ length: 32 }, (_, index) => index);
    const derived = [await linkTokenOf(known), showLinkSecret(await guestKeyOf(known))];
    expect(derived).toMatchInlineSnapshot(`
      [
        "f0OdzK5PODUBF7tpCAreB9UWmD2kzipPzDyBlx4LdS0",
        "-zP70Cz7up94lc_a4nffbIw_7njCmyazvzULK16F-RU",
      ]
    `);
  });

  test('is read in its only spelling', () => {
    expect(readLinkSecret(showLinkSecret(secret))).toEqual(secret);
    const zeros = 'A'.repeat(43);
    expect(readLinkSecret(zeros)).toEqual(new Uint8Array(32));
    for (const wrong of [
      '',
      zeros.slice(1),
      `${zeros}A`,
      `${'A'.repeat(42)}B`,
      `${'A'.repeat(42)}=`,
      `${'A'.repeat(42)}+`,
    ])
      expect(readLinkSecret(wrong), wrong).toBeNull();
  });
});

describe('the name of a guest', () => {
  test('is read by who has the guest key, and as long as any other', async () => {
    const names = ['Gus', 'دينا ☃ Ðora', 'x'.repeat(60)];
    const sealed = await Promise.all(names.map(async (name) => sealGuestName(guestKey, name)));
    expect(new Set(sealed.map(({ length }) => length))).toEqual(new Set([284]));
    expect(await Promise.all(sealed.map(async (each) => openGuestName(guestKey, each)))).toEqual(names);
  });

  test('of another link, changed, cut, unpadded or of malformed UTF-8 is none', async () => {
    const sealed = await sealGuestName(guestKey, 'Gus');
    expect(await openGuestName(otherKey, sealed)).toBeNull();
    expect(await openGuestName(new Uint8Array(), sealed)).toBeNull();
    for (const bit of [0, 100, sealed.length * 8 - 1])
      expect(await openGuestName(guestKey, turnBit(sealed, bit))).toBeNull();
    for (const length of [0, 11, 12, 27, 283])
      expect(await openGuestName(guestKey, sealed.subarray(0, length))).toBeNull();
    const from = await crypto.subtle.importKey('raw', guestKey, 'HKDF', false, ['deriveKey']);
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: labelled('guest name') };
    const key = await crypto.subtle.deriveKey(how, from, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
    ]);
    const iv = random(12);
    for (const body of [pad(Uint8Array.of(0xff, 0xfe)), text('Gus'), new Uint8Array()]) {
      const forged = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, body);
      expect(await openGuestName(guestKey, concatBytes(iv, new Uint8Array(forged)))).toBeNull();
    }
  });
});

describe('the proof of a guest', async () => {
  const leafKey = random(32);
  const gus = {
    userId: 'guest',
    deviceId: 'tab',
    deviceKey: await createDeviceKey(),
    confirmation: null,
    guest: await createGuestPass(guestKey, 'Gus'),
  };
  const credential = await createCallIdentity(gus).certify(leafKey, CALL);
  const seen = (await verifyCredential(credential, leafKey, CALL)) ?? expect.fail();
  const claim = { ...seen, callId: CALL, leafKey, name: 'Gus' };
  const proof = seen.linkProof ?? expect.fail();

  test('holds for this guest, this name, this leaf and this call alone', async () => {
    expect(seen.confirmed).toBe(false);
    expect(await checkGuestProof(guestKey, proof, claim)).toBe(true);
    expect(await checkGuestProof(otherKey, proof, claim)).toBe(false);
    expect(await checkGuestProof(new Uint8Array(), proof, claim)).toBe(false);
    expect(await checkGuestProof(guestKey, proof.slice(1), claim)).toBe(false);
    for (const swap of [
      { name: 'Ana' },
      { userId: 'ana' },
      { deviceId: 'other' },
      { callId: text('call-2') },
      { leafKey: random(32) },
      { deviceKey: random(32) },
    ])
      expect(await checkGuestProof(guestKey, proof, { ...claim, ...swap })).toBe(false);
  });

  test('cannot be moved into the credential of another device, nor stand beside a certificate', async () => {
    const other = await createDeviceKey();
    const nothing = new Uint8Array();
    const forge = async (device: typeof other, fields: readonly Uint8Array[]) => {
      const signature = await sign(
        device,
        labelled('leaf credential', Uint8Array.of(2), CALL, leafKey, ...fields),
      );
      return verifyCredential(
        concatBytes(Uint8Array.of(2), writeFields(...fields, signature)),
        leafKey,
        CALL,
      );
    };
    const moved = await forge(other, [text('guest'), text('tab'), nothing, other.publicKey, nothing, proof]);
    expect(await checkGuestProof(guestKey, proof, { ...claim, ...moved })).toBe(false);
    expect(
      await forge(other, [text('guest'), text('tab'), nothing, other.publicKey, nothing, proof.slice(1)]),
    ).toBeNull();
    const ana = await createConfirmed(await createUser('ana'), 'laptop');
    const { identityKey, certificate } = ana.confirmation ?? expect.fail();
    const both = [text('ana'), text('laptop'), identityKey, ana.deviceKey.publicKey, certificate, proof];
    expect(await forge(ana.deviceKey, both)).toBeNull();
    // A confirmed device shows its certificate and nothing else.
    const certified = await createCallIdentity({ ...ana, guest: gus.guest }).certify(leafKey, CALL);
    expect(await verifyCredential(certified, leafKey, CALL)).toMatchObject({
      confirmed: true,
      linkProof: null,
    });
  });

  test('is made with a key that cannot be read', async () => {
    await expect(crypto.subtle.exportKey('raw', gus.guest.proofKey)).rejects.toThrow();
  });
});
