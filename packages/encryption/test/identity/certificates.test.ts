import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  certifyDevice,
  checkCertificate,
  createDeviceKey,
  identityKeyOf,
  importIdentitySecret,
  unsafeCreateIdentitySecret,
} from '../../src/index.ts';
import { labelled, readFields, writeFields } from '../../src/identity/fields.ts';
import { sign, verifySignature } from '../../src/identity/keys.ts';
import { importSecret, NOW, random, SECRET_1, SECRET_2, toHex, turnBit } from './fixtures.ts';

describe('keys', () => {
  test('an identity signs as RFC 8032 §7.1 says', async () => {
    const key = await importSecret(SECRET_2);
    const signature = await sign(key, Uint8Array.of(0x72));
    expect(toHex(signature)).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(await verifySignature(key.publicKey, signature, Uint8Array.of(0x72))).toBe(true);
  });

  test('a new identity is a secret whose halves belong together, and another one each time', async () => {
    const [one, other] = [await unsafeCreateIdentitySecret(), await unsafeCreateIdentitySecret()];
    expect((await importSecret(one)).publicKey).toEqual(identityKeyOf(one));
    expect(one).not.toEqual(other);
  });

  test('a secret of two halves, too short, too long or of zeros is none', async () => {
    const mixed = new Uint8Array([...SECRET_1.slice(0, 32), ...SECRET_2.slice(32)]);
    const wrong = [mixed, SECRET_1.slice(0, 63), new Uint8Array([...SECRET_1, 0]), new Uint8Array(64)];
    for (const secret of wrong) expect(await importIdentitySecret(secret)).toBeNull();
  });

  test('the private half of a device key and of an imported identity cannot be read', async () => {
    for (const { privateKey } of [await createDeviceKey(), await importSecret(SECRET_1)]) {
      for (const format of ['jwk', 'pkcs8'] as const) {
        await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow();
      }
    }
  });

  test('keys and signatures of another length do not hold', async () => {
    const key = await importSecret(SECRET_1);
    const signature = await sign(key, Uint8Array.of(1));
    const said = Uint8Array.of(1);
    expect(await verifySignature(key.publicKey.slice(1), signature, said)).toBe(false);
    expect(await verifySignature(key.publicKey, signature.slice(1), said)).toBe(false);
    expect(await verifySignature(new Uint8Array(33), signature, said)).toBe(false);
  });
});

describe('fields', () => {
  const any: readonly [number, number] = [0, 65_535];
  test('what is written is read, and no other fields are the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (fields) => {
        const read = readFields(
          writeFields(...fields),
          fields.map(() => any),
        );
        expect(read?.map(toHex)).toEqual(fields.map(toHex));
      }),
    );
  });

  test('cut anywhere, with a byte behind it, or a field of another length, they are refused', () => {
    const bytes = writeFields(Uint8Array.of(1, 2, 3), Uint8Array.of(4));
    const ranges = [any, any];
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readFields(bytes.subarray(0, length), ranges)).toBeNull();
    }
    expect(readFields(new Uint8Array([...bytes, 0]), ranges)).toBeNull();
    expect(readFields(bytes, [[0, 2], any])).toBeNull();
    expect(readFields(bytes, [[4, 9], any])).toBeNull();
    expect(readFields(bytes, [any])).toBeNull();
    expect(() => writeFields(new Uint8Array(65_536))).toThrow(RangeError);
  });

  test('the label comes first, with the version of the construction', () => {
    expect(toHex(labelled('call code', Uint8Array.of(9)))).toBe(
      `0013${Buffer.from('Visavis 1 call code').toString('hex')}000109`,
    );
  });
});

describe('device certificates', () => {
  const device = {
    userId: '00000000-0000-4000-8000-00000000000a',
    deviceId: '00000000-0000-4000-8000-00000000000b',
    deviceKey: identityKeyOf(SECRET_2),
  };
  const certify = async () => certifyDevice(await importSecret(SECRET_1), device, NOW);
  const identityKey = identityKeyOf(SECRET_1);

  test('fixed keys, ids and time give a fixed certificate, which holds', async () => {
    const certificate = await certify();
    expect(toHex(certificate)).toBe(EXPECTED_CERTIFICATE);
    expect(await checkCertificate(certificate, identityKey, device)).toBe(NOW);
  });

  test('it holds for no other user, device, device key or identity key', async () => {
    const certificate = await certify();
    const other = '00000000-0000-4000-8000-00000000000c';
    for (const swapped of [{ userId: other }, { deviceId: other }, { deviceKey: identityKey }]) {
      expect(await checkCertificate(certificate, identityKey, { ...device, ...swapped })).toBeNull();
    }
    expect(await checkCertificate(certificate, device.deviceKey, device)).toBeNull();
    // What ends one field and begins the next cannot be moved.
    const moved = { ...device, userId: device.userId.slice(0, -1), deviceId: `a${device.deviceId}` };
    expect(await checkCertificate(certificate, identityKey, moved)).toBeNull();
  });

  test('with any bit turned, cut or longer it does not hold', async () => {
    const certificate = await certify();
    for (let bit = 0; bit < certificate.length * 8; bit += 1) {
      expect(await checkCertificate(turnBit(certificate, bit), identityKey, device), String(bit)).toBeNull();
    }
    expect(await checkCertificate(certificate.slice(0, -1), identityKey, device)).toBeNull();
    expect(await checkCertificate(new Uint8Array([...certificate, 0]), identityKey, device)).toBeNull();
    expect(await checkCertificate(new Uint8Array(), identityKey, device)).toBeNull();
  });

  test('a signature under another label is none', async () => {
    const certificate = await certify();
    const key = await importSecret(SECRET_1);
    const { userId, deviceId, deviceKey } = device;
    const time = certificate.slice(1, 9);
    const [user, id] = [Buffer.from(userId), Buffer.from(deviceId)];
    const resign = async (label: 'device certificate' | 'leaf credential') =>
      new Uint8Array([
        ...certificate.slice(0, 9),
        ...(await sign(key, labelled(label, Uint8Array.of(1), user, id, deviceKey, time))),
      ]);
    expect(await checkCertificate(await resign('device certificate'), identityKey, device)).toBe(NOW);
    expect(await checkCertificate(await resign('leaf credential'), identityKey, device)).toBeNull();
  });

  test('ids and keys that no reader takes are not certified', async () => {
    const key = await importSecret(SECRET_1);
    for (const wrong of [{ userId: '' }, { deviceId: 'x'.repeat(129) }, { deviceKey: random(31) }]) {
      await expect(certifyDevice(key, { ...device, ...wrong }, NOW)).rejects.toThrow(RangeError);
    }
  });
});

// Made with node:crypto from the description alone, like the other vectors of identity.
const EXPECTED_CERTIFICATE =
  '01000001b8dac5b40036b6f69795f1c0c49a84df7dbb3c24fa7865ab8d20ccdc59d124769cc02614a3e7ec899bc9924dbb927f9d57a5ab604d961c9d694e310b99813948a65451270b';
