import {
  askForApproval,
  createRecoveryCode,
  offerApproval,
  stepNewDevice,
  stepOldDevice,
  unwrapIdentity,
  verifyCredential,
  wrapIdentity,
} from '@visavis/encryption/identity';
import { beforeEach, describe, expect, test } from 'vitest';
import { createIdentity, createMemoryKeyStore, type Identity, type KeyStore } from '../../src/index.ts';
import { toBase64 } from '../../src/base64.ts';
import { IdentityServer } from './identityServer.ts';

const NOW = Date.UTC(2030, 0, 1);
const CALL = new TextEncoder().encode('call-1');
const LEAF_KEY = crypto.getRandomValues(new Uint8Array(32));

let server: IdentityServer;
beforeEach(() => {
  server = new IdentityServer();
});

const open = async (
  userId: string,
  deviceId: string,
  store: KeyStore = createMemoryKeyStore(),
  isGuest = false,
): Promise<Identity> => {
  const device = { userId, deviceId, isGuest };
  return createIdentity({ api: server.apiOf(userId, deviceId), store, device, now: () => NOW });
};

/** What another one in a call makes of a device. */
async function meet(identity: Identity) {
  const credential = await identity.calls.certify(LEAF_KEY, CALL);
  const device = await verifyCredential(credential, LEAF_KEY, CALL);
  if (device === null) throw new Error('its credential does not hold');
  return device;
}

async function approve(old: Identity, fresh: Identity): Promise<boolean> {
  const { userId, deviceId, deviceKey } = fresh.device;
  const asked = await askForApproval({ userId, deviceId, deviceKey: deviceKey.publicKey });
  const secret = await old.unsafeReadSecret();
  if (secret === null) throw new Error('it cannot approve');
  const event = { type: 'scanned', qr: asked.qr, now: NOW } as const;
  const { message } = await stepOldDevice(offerApproval({ userId, secret }), event);
  if (message === null) throw new Error('not granted');
  const { state } = await stepNewDevice(asked.state, { type: 'message', message });
  return state.type === 'done' && fresh.adopt(state.grant.secret);
}

describe('the own identity', () => {
  test('is made by the first device, which is confirmed and stays so', async () => {
    const store = createMemoryKeyStore();
    const first = await open('ana', 'laptop', store);
    expect(first.status).toBe('confirmed');
    expect(await meet(first)).toMatchObject({ userId: 'ana', deviceId: 'laptop', confirmed: true });
    const standing = server.keysOf('ana');
    const again = await open('ana', 'laptop', store);
    expect(again.status).toBe('confirmed');
    expect(server.keysOf('ana')).toEqual(standing);
    expect(server.published).toBe(1);
  });

  test('is shared by the windows of a browser, and not by another browser', async () => {
    const store = createMemoryKeyStore();
    const [first, second] = [await open('ana', 'window 1', store), await open('ana', 'window 2', store)];
    expect([first.status, second.status]).toEqual(['confirmed', 'confirmed']);
    expect((await meet(second)).identityKey).toEqual((await meet(first)).identityKey);
    const phone = await open('ana', 'phone');
    expect(phone.status).toBe('not_confirmed');
    expect(await meet(phone)).toMatchObject({ userId: 'ana', confirmed: false, identityKey: null });
    expect(await phone.unsafeReadSecret()).toBeNull();
    expect(server.keysOf('ana').devices.map(({ certificate }) => certificate === null)).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('of two browsers that make it at once one has it, and the other is not confirmed', async () => {
    const store = createMemoryKeyStore();
    const [one, other] = await Promise.all([open('ana', 'laptop'), open('ana', 'phone', store)]);
    expect(new Set([one.status, other.status])).toEqual(new Set(['confirmed', 'not_confirmed']));
    const loser = one.status === 'confirmed' ? other : one;
    const winner = one.status === 'confirmed' ? one : other;
    await loser.refresh();
    expect(loser.status).toBe('not_confirmed');
    expect(await approve(winner, loser)).toBe(true);
    expect(loser.status).toBe('confirmed');
  });

  test('is handed over by an approval, and the new device can approve the next', async () => {
    const [laptop, phone, tablet] = [
      await open('ana', 'laptop'),
      await open('ana', 'phone'),
      await open('ana', 'tablet'),
    ];
    expect(await approve(laptop, phone)).toBe(true);
    expect(await approve(phone, tablet)).toBe(true);
    expect((await meet(tablet)).identityKey).toEqual((await meet(laptop)).identityKey);
  });

  test('has signed the devices that its own list says are confirmed', async () => {
    const [laptop, phone] = [await open('ana', 'laptop'), await open('ana', 'phone')];
    const before = [
      { deviceId: 'laptop', confirmed: true },
      { deviceId: 'phone', confirmed: false },
    ];
    expect(await laptop.readOwnDevices()).toEqual(before);
    expect(await phone.readOwnDevices()).toEqual(before);
    await approve(laptop, phone);
    expect((await phone.readOwnDevices())?.map(({ confirmed }) => confirmed)).toEqual([true, true]);
    server.isReachable = false;
    expect(await phone.readOwnDevices()).toBeNull();
  });

  test('comes back by a recovery code', async () => {
    const laptop = await open('ana', 'laptop');
    const code = createRecoveryCode();
    const secret = await laptop.unsafeReadSecret();
    const wrapped = await wrapIdentity(code, 'ana', secret ?? new Uint8Array());
    const phone = await open('ana', 'phone');
    expect(await phone.adopt((await unwrapIdentity(code, 'ana', wrapped)) ?? new Uint8Array())).toBe(true);
    expect(phone.status).toBe('confirmed');
  });

  test('that does not stand is not taken', async () => {
    const phone = await (await open('ana', 'laptop'), open('ana', 'phone'));
    const foreign = await (await open('ben', 'laptop')).unsafeReadSecret();
    expect(await phone.adopt(foreign ?? new Uint8Array())).toBe(false);
    expect(await phone.adopt(new Uint8Array(64))).toBe(false);
    expect(phone.status).toBe('not_confirmed');
  });

  test('that is replaced makes all other devices not confirmed', async () => {
    const [laptop, phone] = [await open('ana', 'laptop'), await open('ana', 'phone')];
    await approve(laptop, phone);
    const before = (await meet(laptop)).identityKey;
    expect(await phone.replace()).toBe(true);
    expect(phone.status).toBe('confirmed');
    expect((await meet(phone)).identityKey).not.toEqual(before);
    await laptop.refresh();
    expect(laptop.status).toBe('replaced');
    expect(await meet(laptop)).toMatchObject({ confirmed: false });
    expect(await laptop.unsafeReadSecret()).toBeNull();
    expect(await approve(phone, laptop)).toBe(true);
  });

  test('that the server swaps is noticed', async () => {
    const laptop = await open('ana', 'laptop');
    server.identityKeys.set('ana', toBase64(LEAF_KEY));
    await laptop.refresh();
    expect(laptop.status).toBe('replaced');
  });

  test('is waited for where the server does not answer', async () => {
    server.isReachable = false;
    const laptop = await open('ana', 'laptop');
    expect(laptop.status).toBe('unreachable');
    expect(await meet(laptop)).toMatchObject({ confirmed: false });
    expect(await laptop.replace()).toBe(false);
    expect(await laptop.readContact('ben')).toBeNull();
    server.isReachable = true;
    await laptop.refresh();
    expect(laptop.status).toBe('confirmed');
  });

  test('guests have none', async () => {
    const guest = await open('gus', 'phone', createMemoryKeyStore(), true);
    expect(guest.status).toBe('guest');
    expect(await meet(guest)).toMatchObject({ userId: 'gus', confirmed: false });
    expect(server.keysOf('gus')).toMatchObject({ identityKey: null, devices: [{ certificate: null }] });
    expect(await guest.replace()).toBe(false);
    const anas = await (await open('ana', 'laptop')).unsafeReadSecret();
    expect(await guest.adopt(anas ?? new Uint8Array())).toBe(false);
  });
});

describe('contacts', () => {
  test('are unknown without a key, then seen, and verified when compared', async () => {
    const ana = await open('ana', 'laptop');
    expect(await ana.readContact('ben')).toEqual({ status: 'unknown', identityKey: null, devices: [] });
    expect(await ana.readSafetyNumber('ben')).toBeNull();
    const ben = await open('ben', 'phone');
    await open('ben', 'tablet');
    expect(await ana.readContact('ben')).toMatchObject({
      status: 'seen',
      devices: [
        { deviceId: 'phone', confirmed: true },
        { deviceId: 'tablet', confirmed: false },
      ],
    });
    const [here, there] = [await ana.readSafetyNumber('ben'), await ben.readSafetyNumber('ana')];
    expect(here?.groups).toEqual(there?.groups);
    await ana.verify('ben', here?.identityKey ?? new Uint8Array());
    expect(await ana.readContact('ben')).toMatchObject({ status: 'verified' });
    expect(await ana.judge(await meet(ben))).toBe('verified');
    expect(await ben.judge(await meet(ana))).toBe('seen');
  });

  test('with another key have changed, until it is compared or accepted', async () => {
    const store = createMemoryKeyStore();
    const [ana, ben] = [await open('ana', 'laptop', store), await open('ben', 'phone')];
    const number = await ana.readSafetyNumber('ben');
    await ana.verify('ben', number?.identityKey ?? new Uint8Array());
    await ben.replace();
    for (let time = 0; time < 2; time += 1) {
      expect(await ana.readContact('ben')).toMatchObject({ status: 'changed' });
      expect(await ana.judge(await meet(ben))).toBe('changed');
    }
    const later = await open('ana', 'laptop', store);
    expect(await later.recallContacts()).toEqual(new Map([['ben', 'changed']]));
    expect((await later.readContact('ben'))?.status).toBe('changed');
    const next = await ana.readSafetyNumber('ben');
    expect(next?.groups).not.toEqual(number?.groups);
    await ana.accept('ben', next?.identityKey ?? new Uint8Array());
    expect(await ana.readContact('ben')).toMatchObject({ status: 'seen' });
    await ana.verify('ben', next?.identityKey ?? new Uint8Array());
    expect(await ana.readContact('ben')).toMatchObject({ status: 'verified' });
    await ana.accept('ben', next?.identityKey ?? new Uint8Array());
    expect(await ana.readContact('ben')).toMatchObject({ status: 'seen' });
  });

  test('are recalled as they were seen last, without asking, and whoever watches hears of decisions', async () => {
    const store = createMemoryKeyStore();
    const [ana, , chidi] = [
      await open('ana', 'laptop', store),
      await open('ben', 'phone'),
      await open('chidi', 'phone'),
    ];
    await ana.readContact('ben');
    const number = await ana.readSafetyNumber('chidi');
    const decided: string[] = [];
    const stop = ana.watch((contactId) => decided.push(contactId));
    await ana.verify('chidi', number?.identityKey ?? new Uint8Array());
    server.isReachable = false;
    const known = { ben: 'seen', chidi: 'verified' };
    expect(Object.fromEntries(await ana.recallContacts())).toEqual(known);
    server.isReachable = true;
    await chidi.replace();
    await ana.readContact('chidi');
    expect(Object.fromEntries(await ana.recallContacts())).toEqual({ ...known, chidi: 'changed' });
    // A server that takes it back: the compared key is what counts.
    server.identityKeys.set('chidi', toBase64(number?.identityKey ?? new Uint8Array()));
    await ana.readContact('chidi');
    expect(Object.fromEntries(await ana.recallContacts())).toEqual(known);
    await ana.accept('chidi', number?.identityKey ?? new Uint8Array());
    stop();
    await ana.verify('chidi', number?.identityKey ?? new Uint8Array());
    expect(decided).toEqual(['chidi', 'chidi']);
  });

  test('of whom the server shows another key, from the first time on, have another number than they see', async () => {
    const [ana, ben] = [await open('ana', 'laptop'), await open('ben', 'phone')];
    server.identityKeys.set('ben', toBase64(LEAF_KEY));
    const [here, there] = [await ana.readSafetyNumber('ben'), await ben.readSafetyNumber('ana')];
    for (const number of [here, there]) expect(number?.groups.join('')).toMatch(/^\d{60}$/);
    expect(here?.groups).not.toEqual(there?.groups);
  });

  test('whose key the server hides have changed', async () => {
    const ana = await open('ana', 'laptop');
    await open('ben', 'phone');
    await ana.readContact('ben');
    server.identityKeys.delete('ben');
    expect(await ana.readContact('ben')).toMatchObject({
      status: 'changed',
      devices: [{ deviceId: 'phone', confirmed: false }],
    });
  });

  test('whose device the server swaps have one that is not confirmed', async () => {
    const ana = await open('ana', 'laptop');
    await open('ben', 'phone');
    const listed = server.devices.get('ben')?.get('phone');
    const deviceKey = toBase64(LEAF_KEY);
    server.devices.get('ben')?.set('phone', { deviceKey, certificate: listed?.certificate ?? null });
    expect((await ana.readContact('ben'))?.devices).toEqual([{ deviceId: 'phone', confirmed: false }]);
    server.devices.get('ben')?.set('tablet', listed ?? { deviceKey, certificate: null });
    expect((await ana.readContact('ben'))?.devices[1]).toEqual({ deviceId: 'tablet', confirmed: false });
  });

  test('what was compared is what is verified, whatever the server says meanwhile', async () => {
    const [ana, ben] = [await open('ana', 'laptop'), await open('ben', 'phone')];
    const number = await ana.readSafetyNumber('ben');
    await ben.replace();
    await ana.verify('ben', number?.identityKey ?? new Uint8Array());
    expect(await ana.readContact('ben')).toMatchObject({ status: 'changed' });
  });

  test('in a call: of a device that is not confirmed nothing is known, and somebody else is not them', async () => {
    const ana = await open('ana', 'laptop');
    await open('ben', 'phone');
    await ana.readContact('ben');
    expect(await ana.judge(await meet(await open('ben', 'tablet')))).toBe('unknown');
    // A server that has made Ben an identity of its own.
    const real = server;
    server = new IdentityServer();
    const impostor = await meet(await open('ben', 'phone'));
    server = real;
    expect(impostor.confirmed).toBe(true);
    expect(await ana.judge(impostor)).toBe('changed');
  });

  test('in a call: own devices are judged by the own identity', async () => {
    const [laptop, phone] = [await open('ana', 'laptop'), await open('ana', 'phone')];
    await approve(laptop, phone);
    expect(await laptop.judge(await meet(phone))).toBe('verified');
    await phone.replace();
    expect(await laptop.judge(await meet(phone))).toBe('changed');
  });
});
