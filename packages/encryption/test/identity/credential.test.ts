import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Bytes,
  concatBytes,
  createCallIdentity,
  createDeviceKey,
  type DeviceIdentity,
  verifyCredential,
} from '../../src/index.ts';
import { labelled, writeFields } from '../../src/identity/fields.ts';
import { sign } from '../../src/identity/keys.ts';
import { createConfirmed, createUser, random, text, turnBit } from './fixtures.ts';

const CALL = text('call-1');
const VERSION = 2;
const SEED = Number(process.env['VISAVIS_SEED'] ?? 20_261_126);
const leafKey = random(32);

const ana = await createUser('ana');
const ben = await createUser('ben');
const laptop = await createConfirmed(ana, 'laptop');
const phone: DeviceIdentity = {
  userId: 'ana',
  deviceId: 'phone',
  deviceKey: await createDeviceKey(),
  confirmation: null,
};

interface Claim {
  readonly userId: Bytes;
  readonly deviceId: Bytes;
  readonly identityKey: Bytes;
  readonly deviceKey: Bytes;
  readonly certificate: Bytes;
  readonly proof: Bytes;
}
const claimOf = ({ userId, deviceId, deviceKey, confirmation }: DeviceIdentity): Claim => ({
  userId: text(userId),
  deviceId: text(deviceId),
  identityKey: confirmation?.identityKey ?? new Uint8Array(),
  deviceKey: deviceKey.publicKey,
  certificate: confirmation?.certificate ?? new Uint8Array(),
  proof: new Uint8Array(),
});

/** A credential with a signature that holds, whatever it claims: what a device of the attacker's can make. */
async function forge(signer: DeviceIdentity, change: Partial<Claim>): Promise<Bytes> {
  const claim: readonly Bytes[] = Object.values<Bytes>({ ...claimOf(signer), ...change });
  const version = Uint8Array.of(VERSION);
  const signed = labelled('leaf credential', version, CALL, leafKey, ...claim);
  return concatBytes(version, writeFields(...claim, await sign(signer.deviceKey, signed)));
}

describe('a leaf credential', () => {
  test('of a confirmed device says whose it is', async () => {
    const credential = await createCallIdentity(laptop).certify(leafKey, CALL);
    expect(await verifyCredential(credential, leafKey, CALL)).toEqual({
      userId: 'ana',
      deviceId: 'laptop',
      confirmed: true,
      identityKey: ana.identity.publicKey,
      deviceKey: laptop.deviceKey.publicKey,
      linkProof: null,
    });
    expect(await forge(laptop, {})).toEqual(credential);
  });

  test('of a device that is not confirmed says so', async () => {
    const identity = createCallIdentity(phone);
    const credential = await identity.certify(leafKey, CALL);
    expect(await identity.verify(credential, leafKey, CALL)).toMatchObject({
      userId: 'ana',
      deviceId: 'phone',
      confirmed: false,
      identityKey: null,
    });
  });

  test('holds for no other leaf key and no other call', async () => {
    for (const device of [laptop, phone]) {
      const credential = await createCallIdentity(device).certify(leafKey, CALL);
      expect(await verifyCredential(credential, random(32), CALL)).toBeNull();
      expect(await verifyCredential(credential, leafKey, text('call-2'))).toBeNull();
      // What ends one field and begins the next cannot be moved.
      expect(await verifyCredential(credential, concatBytes(CALL, leafKey), text(''))).toBeNull();
    }
  });

  test('of another user, device, device key, identity key or certificate does not hold', async () => {
    const benLaptop = claimOf(await createConfirmed(ben, 'laptop'));
    const swaps: readonly Partial<Claim>[] = [
      { userId: text('ben') },
      { deviceId: text('phone') },
      { deviceKey: phone.deviceKey.publicKey },
      { identityKey: benLaptop.identityKey },
      { certificate: benLaptop.certificate },
      { identityKey: benLaptop.identityKey, certificate: benLaptop.certificate },
      { userId: new Uint8Array() },
      { userId: Uint8Array.of(0xff) },
      { userId: text('x'.repeat(129)) },
      { deviceId: new Uint8Array() },
    ];
    for (const swap of swaps)
      expect(await verifyCredential(await forge(laptop, swap), leafKey, CALL)).toBeNull();
    // Without proof, another name is only what its device says; with somebody's key or certificate it is refused.
    expect(await verifyCredential(await forge(phone, { userId: text('ben') }), leafKey, CALL)).toMatchObject({
      userId: 'ben',
      confirmed: false,
    });
    for (const claim of [claimOf(laptop), benLaptop]) {
      const { identityKey, certificate } = claim;
      for (const swap of [{ identityKey }, { certificate }, { identityKey, certificate }]) {
        expect(await verifyCredential(await forge(phone, swap), leafKey, CALL)).toBeNull();
      }
    }
  });

  test('cannot be made less by taking the certificate out', async () => {
    const credential = await createCallIdentity(laptop).certify(leafKey, CALL);
    const claim = claimOf(laptop);
    const signature = credential.slice(-64);
    const nothing = new Uint8Array();
    const stripped = [claim.userId, claim.deviceId, nothing, claim.deviceKey, nothing, nothing, signature];
    const bytes = concatBytes(Uint8Array.of(VERSION), writeFields(...stripped));
    expect(await verifyCredential(bytes, leafKey, CALL)).toBeNull();
  });

  test('signed under another label does not hold', async () => {
    const claim: readonly Bytes[] = Object.values<Bytes>({ ...claimOf(phone) });
    const version = Uint8Array.of(VERSION);
    const sealed = async (label: 'leaf credential' | 'transport') => {
      const signature = await sign(phone.deviceKey, labelled(label, version, CALL, leafKey, ...claim));
      return verifyCredential(concatBytes(version, writeFields(...claim, signature)), leafKey, CALL);
    };
    expect(await sealed('leaf credential')).not.toBeNull();
    expect(await sealed('transport')).toBeNull();
  });

  test('of another version, cut anywhere or with a byte behind it does not hold', async () => {
    const credential = await createCallIdentity(laptop).certify(leafKey, CALL);
    for (let length = 0; length < credential.length; length += 1) {
      expect(await verifyCredential(credential.subarray(0, length), leafKey, CALL)).toBeNull();
    }
    expect(await verifyCredential(concatBytes(credential, Uint8Array.of(0)), leafKey, CALL)).toBeNull();
    for (const version of [0, 1, 3, 255]) {
      const other = new Uint8Array(credential);
      other[0] = version;
      expect(await verifyCredential(other, leafKey, CALL)).toBeNull();
    }
  });

  test(`with any bit turned does not hold, and rubbish never does (seed ${String(SEED)})`, async () => {
    const credential = await createCallIdentity(laptop).certify(leafKey, CALL);
    const bits = fc.nat({ max: credential.length * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(bits, fc.uint8Array({ maxLength: 400 }), async (bit, rubbish) => {
        expect(await verifyCredential(turnBit(credential, bit), leafKey, CALL)).toBeNull();
        expect(
          await verifyCredential(concatBytes(Uint8Array.of(VERSION), rubbish), leafKey, CALL),
        ).toBeNull();
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('is refused, not thrown about, for a leaf key or call id that there is not', async () => {
    const identity = createCallIdentity(laptop);
    for (const [leaf, call] of [
      [new Uint8Array(70_000), CALL],
      [leafKey, new Uint8Array(70_000)],
      [new Uint8Array(), CALL],
      [leafKey, new Uint8Array()],
    ] as const) {
      expect(await identity.verify(await identity.certify(leafKey, CALL), leaf, call)).toBeNull();
    }
  });

  test('is not made for ids that no reader takes', () => {
    expect(() => createCallIdentity({ ...phone, userId: '' })).toThrow(RangeError);
    expect(() => createCallIdentity({ ...phone, deviceId: 'x'.repeat(129) })).toThrow(RangeError);
  });
});
