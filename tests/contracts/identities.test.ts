import type { UserSummary } from '@visavis/protocol';
import { openStorage, type Ports, type Sql } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlAdapters } from './adapters.ts';

const START = Date.UTC(2030, 0, 1);
const random = (length: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64');
const newKey = (): string => random(32);
const certify = (identityKey: string) => ({ identityKey, bytes: random(73) });

describe.each(sqlAdapters)('identities: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let sql: Sql;
  let ports: Pick<Ports, 'accounts' | 'identities'>;
  let handles = 0;
  beforeAll(async () => {
    opened = await adapter.open();
    sql = opened.port;
    ports = await openStorage(sql);
  });
  afterAll(async () => {
    await opened.close();
  });

  async function addUser(guest = false): Promise<UserSummary> {
    handles += 1;
    const handle = `u${String(handles)}`;
    const userId = crypto.randomUUID();
    await sql.query('insert into users (id, handle, name, created_at, guest) values ($1, $2, $3, $4, $5)', [
      userId,
      handle,
      handle,
      new Date(START),
      guest,
    ]);
    return { userId, handle, name: handle, avatarUrl: null };
  }
  async function addDevice({ userId }: UserSummary, at = START): Promise<string> {
    const deviceId = crypto.randomUUID();
    const tokenHash = crypto.getRandomValues(new Uint8Array(32));
    await ports.accounts.createDevice({ deviceId, userId, name: 'x', kind: 'browser', tokenHash, now: at });
    return deviceId;
  }
  const set = async ({ userId }: UserSummary, identityKey: string, replaces: string | null = null) =>
    ports.identities.setIdentity({ userId, identityKey, replaces, now: START });
  const put = async (
    { userId }: UserSummary,
    deviceId: string,
    deviceKey: string,
    certificate: ReturnType<typeof certify> | null,
  ) => ports.identities.putDeviceKey({ userId, deviceId, deviceKey, certificate, now: START });

  test('IDN1 an identity key is set once, and the same again is no change', async () => {
    const user = await addUser();
    const [key, other] = [newKey(), newKey()];
    expect(await ports.identities.find(user.userId)).toEqual({
      userId: user.userId,
      identityKey: null,
      devices: [],
    });
    expect(await set(user, key)).toBe('set');
    expect(await set(user, key)).toBe('same');
    expect(await set(user, other)).toBe('other');
    expect(await set(user, other, newKey())).toBe('other');
    expect(await ports.identities.find(user.userId)).toMatchObject({ identityKey: key });
  });

  test('IDN1 nobody and guests have none', async () => {
    const key = newKey();
    expect(await set({ ...(await addUser()), userId: crypto.randomUUID() }, key)).toBe('no_user');
    expect(await set(await addUser(true), key)).toBe('no_user');
    expect(await set(await addUser(), key, newKey())).toBe('other');
    expect(await ports.identities.find(crypto.randomUUID())).toBeNull();
  });

  test('IDN1 of many devices that set or replace it at once, one does', async () => {
    const user = await addUser();
    const keys = Array.from({ length: 8 }, newKey);
    const first = await Promise.all(keys.map(async (key) => set(user, key)));
    expect(first.filter((each) => each === 'set')).toHaveLength(1);
    expect(first.filter((each) => each === 'other')).toHaveLength(7);
    const standing = keys[first.indexOf('set')] ?? '';
    const others = Array.from({ length: 8 }, newKey);
    const second = await Promise.all(others.map(async (key) => set(user, key, standing)));
    expect(second.filter((each) => each === 'replaced')).toHaveLength(1);
    expect(await ports.identities.find(user.userId)).toMatchObject({
      identityKey: others[second.indexOf('replaced')],
    });
  });

  test('IDN1 replacing it removes the certificates of all devices of this user, and of nobody else', async () => {
    const [user, friend] = [await addUser(), await addUser()];
    const [laptop, phone] = [await addDevice(user), await addDevice(user, START + 1)];
    const tablet = await addDevice(friend);
    const [key, friendKey, next] = [newKey(), newKey(), newKey()];
    await set(user, key);
    await set(friend, friendKey);
    for (const deviceId of [laptop, phone])
      expect(await put(user, deviceId, newKey(), certify(key))).toBe(true);
    const kept = certify(friendKey);
    expect(await put(friend, tablet, newKey(), kept)).toBe(true);
    expect(await set(user, next, key)).toBe('replaced');
    expect(await set(user, next, key)).toBe('same');
    const found = await ports.identities.find(user.userId);
    expect(found).toMatchObject({
      identityKey: next,
      devices: [
        { deviceId: laptop, certificate: null },
        { deviceId: phone, certificate: null },
      ],
    });
    // A repeat of the same replacement must not take the new certificates.
    expect(await put(user, laptop, newKey(), certify(next))).toBe(true);
    expect(await set(user, next, next)).toBe('same');
    expect((await ports.identities.find(user.userId))?.devices[0]?.certificate).not.toBeNull();
    expect((await ports.identities.find(friend.userId))?.devices[0]?.certificate).toBe(kept.bytes);
  });

  test('IDN5 a wrapped identity is of the key that stands, one for each user, and goes with that key', async () => {
    const [user, friend] = [await addUser(), await addUser()];
    const keep = async (identityKey: string, wrapped: string, now = START) =>
      ports.identities.putRecovery({ userId: user.userId, identityKey, wrapped, now });
    const [key, next, first, second] = [newKey(), newKey(), random(93), random(93)];
    expect(await keep(key, first)).toBe(false);
    await set(user, key);
    expect(await keep(next, first)).toBe(false);
    expect(await keep(key, first)).toBe(true);
    expect(await ports.identities.findRecovery(user.userId)).toEqual({ wrapped: first, madeAt: START });
    expect(await keep(key, second, START + 5)).toBe(true);
    expect(await ports.identities.findRecovery(user.userId)).toEqual({ wrapped: second, madeAt: START + 5 });
    expect(await ports.identities.findRecovery(friend.userId)).toBeNull();
    expect(await set(user, next, key)).toBe('replaced');
    expect(await ports.identities.findRecovery(user.userId)).toBeNull();
    expect(await set(user, key, next)).toBe('replaced');
    expect(await ports.identities.findRecovery(user.userId)).toBeNull();
  });

  test('IDN2 a device publishes its key and certificate, and what it published before is gone', async () => {
    const user = await addUser();
    const deviceId = await addDevice(user);
    const [key, deviceKey, nextKey] = [newKey(), newKey(), newKey()];
    await set(user, key);
    const certificate = certify(key);
    expect(await put(user, deviceId, deviceKey, certificate)).toBe(true);
    expect(await ports.identities.find(user.userId)).toEqual({
      userId: user.userId,
      identityKey: key,
      devices: [{ deviceId, deviceKey, certificate: certificate.bytes }],
    });
    expect(await put(user, deviceId, nextKey, null)).toBe(true);
    expect((await ports.identities.find(user.userId))?.devices).toEqual([
      { deviceId, deviceKey: nextKey, certificate: null },
    ]);
    await ports.accounts.removeDevice(user.userId, deviceId);
    expect((await ports.identities.find(user.userId))?.devices).toEqual([]);
  });

  test("IDN2 nobody publishes for somebody else's device, and no certificate of another identity key is taken", async () => {
    const [user, friend] = [await addUser(), await addUser()];
    const deviceId = await addDevice(user);
    const key = newKey();
    expect(await put(user, deviceId, newKey(), certify(key))).toBe(false);
    await set(user, key);
    expect(await put(friend, deviceId, newKey(), null)).toBe(false);
    expect(await put(user, crypto.randomUUID(), newKey(), null)).toBe(false);
    expect(await put(user, deviceId, newKey(), certify(newKey()))).toBe(false);
    expect((await ports.identities.find(user.userId))?.devices).toEqual([]);
  });

  test('IDN2 a certificate that came while the identity key was replaced is not handed out', async () => {
    const user = await addUser();
    const deviceId = await addDevice(user);
    const [key, next] = [newKey(), newKey()];
    await set(user, key);
    await put(user, deviceId, newKey(), certify(key));
    await sql.query(`update identity_keys set public_key = decode($2, 'base64') where user_id = $1`, [
      user.userId,
      next,
    ]);
    expect((await ports.identities.find(user.userId))?.devices[0]?.certificate).toBeNull();
  });

  test('IDN3 keys are for oneself, and for contacts on either side who are not blocked', async () => {
    const [ana, ben, chidi] = [await addUser(), await addUser(), await addUser()];
    const maySee = async (viewer: UserSummary, user: UserSummary) =>
      ports.identities.maySee(viewer.userId, user.userId);
    expect(await maySee(ana, ana)).toBe(true);
    expect(await maySee(ana, ben)).toBe(false);
    await ports.accounts.putContact(ana.userId, ben.userId, false, START);
    expect([await maySee(ana, ben), await maySee(ben, ana)]).toEqual([true, true]);
    expect([await maySee(chidi, ben), await maySee(ben, chidi)]).toEqual([false, false]);
    await ports.accounts.block(ben.userId, ana.userId, START);
    expect([await maySee(ana, ben), await maySee(ben, ana)]).toEqual([false, true]);
  });
});
