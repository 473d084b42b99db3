import { describe, expect, test } from 'vitest';
import {
  askForApproval,
  type Bytes,
  checkCertificate,
  createDeviceKey,
  type NewDeviceState,
  offerApproval,
  type OldDeviceState,
  stepNewDevice,
  stepOldDevice,
} from '../../src/index.ts';
import { createUser, NOW, random, turnBit } from './fixtures.ts';

const ana = await createUser('ana');
const deviceKey = (await createDeviceKey()).publicKey;
const me = { userId: 'ana', deviceId: 'phone', deviceKey };
const start = async () => ({ asked: await askForApproval(me), old: offerApproval(ana) });

const toNew = async (state: NewDeviceState, message: Uint8Array | null) =>
  stepNewDevice(state, { type: 'message', message: message ?? new Uint8Array() });
const toOld = async (state: OldDeviceState, message: Uint8Array | null) =>
  stepOldDevice(state, { type: 'message', message: message ?? new Uint8Array() });
const type = async (state: OldDeviceState, code: string) =>
  stepOldDevice(state, { type: 'typed', code, now: NOW });
const scan = async (state: OldDeviceState, qr: Uint8Array) =>
  stepOldDevice(state, { type: 'scanned', qr, now: NOW });
const codeOf = (state: NewDeviceState): string => (state.type === 'comparing' ? state.code : state.type);
const confirm = async (state: NewDeviceState) => stepNewDevice(state, { type: 'confirmed' });

/** Up to where the digits are shown. */
async function compare() {
  const { asked, old } = await start();
  const offered = await toOld(old, asked.message);
  const revealed = await toNew(asked.state, offered.message);
  const comparing = await toOld(offered.state, revealed.message);
  return { asked, offered, revealed, fresh: revealed.state, old: comparing.state };
}

async function expectDone(state: NewDeviceState) {
  if (state.type !== 'done') throw new Error(state.type);
  expect(state.grant.secret).toEqual(ana.secret);
  expect(await checkCertificate(state.grant.certificate, ana.identity.publicKey, me)).toBe(NOW);
}

describe('approval by digits', () => {
  test('the digits of the new device, typed on the old one, hand the identity over', async () => {
    const { fresh, old } = await compare();
    const code = codeOf(fresh);
    expect(code).toMatch(/^\d{8}$/);
    const granted = await type(old, `${code.slice(0, 4)} ${code.slice(4)}`);
    expect(granted.state).toMatchObject({ type: 'done', device: { deviceId: 'phone', deviceKey } });
    const received = await toNew(fresh, granted.message);
    expect(received.state.type).toBe('granted');
    await expectDone((await confirm(received.state)).state);
  });

  test('the new device can approve a third one', async () => {
    const { asked, old } = await start();
    const { state } = await toNew(asked.state, (await scan(old, asked.qr)).message);
    if (state.type !== 'done') throw new Error(state.type);
    const third = { userId: 'ana', deviceId: 'tablet', deviceKey: (await createDeviceKey()).publicKey };
    const asking = await askForApproval(third);
    const granted = await scan(offerApproval({ userId: 'ana', secret: state.grant.secret }), asking.qr);
    const after = await toNew(asking.state, granted.message);
    if (after.state.type !== 'done') throw new Error(after.state.type);
    const { certificate } = after.state.grant;
    expect(await checkCertificate(certificate, ana.identity.publicKey, third)).toBe(NOW);
  });

  test('wrong digits end it, and the right ones are too late', async () => {
    const { fresh, old } = await compare();
    const code = codeOf(fresh);
    const wrong = (code.startsWith('0') ? '1' : '0') + code.slice(1);
    const refused = await type(old, wrong);
    expect(refused).toEqual({ state: { type: 'failed', reason: 'wrong_code' }, message: null });
    expect((await type(refused.state, code)).message).toBeNull();
  });

  test('a server in between that has its own keys makes other digits on each side', async () => {
    const { asked, old } = await start();
    // Towards the old device it is a new device, towards the new one an old one.
    const mallory = await askForApproval({ ...me, deviceKey: (await createDeviceKey()).publicKey });
    const offered = await toOld(old, mallory.message);
    const malloryRevealed = await toNew(mallory.state, offered.message);
    const comparing = await toOld(offered.state, malloryRevealed.message);
    const malloryOffered = await toOld(offerApproval(await createUser('ana')), asked.message);
    const revealed = await toNew(asked.state, malloryOffered.message);
    expect(codeOf(revealed.state)).not.toBe(codeOf(malloryRevealed.state));
    const refused = await type(comparing.state, codeOf(revealed.state));
    expect(refused.state).toEqual({ type: 'failed', reason: 'wrong_code' });
  });

  test('an identity of the server is not taken before the person has said that the old device agrees', async () => {
    const { asked } = await start();
    const offered = await toOld(offerApproval(await createUser('ana')), asked.message);
    const revealed = await toNew(asked.state, offered.message);
    const comparing = await toOld(offered.state, revealed.message);
    const granted = await type(comparing.state, codeOf(revealed.state));
    const received = await toNew(revealed.state, granted.message);
    expect(received.state.type).toBe('granted');
    expect((await toNew(received.state, granted.message)).state.type).toBe('granted');
  });

  test('what is revealed has to be what was committed to', async () => {
    const { asked, old } = await start();
    const other = await askForApproval(me);
    const offered = await toOld(old, asked.message);
    const revealed = await toNew(other.state, offered.message);
    const broken = { type: 'failed', reason: 'broken_commitment' };
    expect((await toOld(offered.state, revealed.message)).state).toEqual(broken);
    const own = (await toNew(asked.state, offered.message)).message ?? new Uint8Array();
    for (let bit = 17; bit < own.length * 8; bit += 7) {
      const { state } = await toOld(offered.state, turnBit(own, bit));
      expect(state.type, String(bit)).toBe('failed');
    }
  });

  test('a second offer gives no second try', async () => {
    const { asked, revealed } = await compare();
    const again = await toOld(offerApproval(ana), asked.message);
    expect((await toNew(revealed.state, again.message)).state).toEqual({
      type: 'failed',
      reason: 'unexpected',
    });
  });

  test('a commitment for another user does not hold', async () => {
    const asked = await askForApproval({ ...me, userId: 'ben' });
    const offered = await toOld(offerApproval(ana), asked.message);
    const revealed = await toNew(asked.state, offered.message);
    expect((await toOld(offered.state, revealed.message)).state).toEqual({
      type: 'failed',
      reason: 'broken_commitment',
    });
  });

  test('a grant that is changed, cut, longer, or of another approval is refused', async () => {
    const { fresh, old } = await compare();
    const { message } = await type(old, codeOf(fresh));
    const grant = message ?? new Uint8Array();
    for (let bit = 36 * 8; bit < grant.length * 8; bit += 3) {
      expect((await toNew(fresh, turnBit(grant, bit))).state.type, String(bit)).toBe('failed');
    }
    const another = await compare();
    const foreign = (await type(another.old, codeOf(another.fresh))).message;
    for (const wrong of [grant.slice(0, -1), new Uint8Array([...grant, 0]), foreign]) {
      expect((await toNew(fresh, wrong)).state.type).toBe('failed');
    }
  });
});

describe('approval by scan', () => {
  test('one scan is enough', async () => {
    const { asked, old } = await start();
    const granted = await scan(old, asked.qr);
    expect(granted.state).toMatchObject({ type: 'done', device: { deviceId: 'phone' } });
    await expectDone((await toNew(asked.state, granted.message)).state);
  });

  test('it works while digits are shown, too', async () => {
    const { asked, fresh } = await compare();
    const granted = await scan(offerApproval(ana), asked.qr);
    await expectDone((await toNew(fresh, granted.message)).state);
  });

  test('who knows all that was said but has not seen the screen cannot grant', async () => {
    const { asked, revealed, fresh } = await compare();
    // The reveal has every field of the scan but its nonce.
    const forged = new Uint8Array(revealed.message ?? []);
    forged[1] = 4;
    const granted = await scan(offerApproval(await createUser('ana')), forged);
    expect(granted.state.type).toBe('done');
    const bad = { type: 'failed', reason: 'bad_grant' };
    expect((await toNew(asked.state, granted.message)).state).toEqual(bad);
    expect((await toNew(fresh, granted.message)).state).toEqual(bad);
  });

  test('for another user it is refused', async () => {
    const { asked } = await start();
    const granted = await scan(offerApproval(await createUser('ben')), asked.qr);
    expect((await toNew(asked.state, granted.message)).state.type).toBe('failed');
  });

  test('a key of small order, rubbish and other messages are refused', async () => {
    const { asked, old } = await start();
    const small = new Uint8Array(asked.qr);
    small.fill(0, small.length - 66, small.length - 34);
    expect((await scan(old, small)).state).toEqual({ type: 'failed', reason: 'bad_key' });
    const wrong: readonly Bytes[] = [asked.message, asked.qr.slice(0, -1), random(50), turnBit(asked.qr, 0)];
    for (const qr of wrong) {
      expect((await scan(old, qr)).state).toEqual({ type: 'failed', reason: 'malformed' });
    }
  });
});

describe('out of turn', () => {
  test('messages that do not belong there end it', async () => {
    const { asked, offered, revealed, fresh, old } = await compare();
    const unexpected = { type: 'failed', reason: 'unexpected' };
    expect((await toOld(offerApproval(ana), revealed.message)).state).toEqual(unexpected);
    expect((await toOld(old, asked.message)).state).toEqual(unexpected);
    expect((await toOld(offered.state, offered.message)).state).toEqual(unexpected);
    expect((await toNew(asked.state, asked.message)).state).toEqual(unexpected);
    expect((await toNew(fresh, revealed.message)).state).toEqual(unexpected);
  });

  test('malformed messages end it', async () => {
    const { asked, old } = await start();
    const malformed = { type: 'failed', reason: 'malformed' };
    const other = new Uint8Array(asked.message);
    other[0] = 2;
    for (const wrong of [new Uint8Array(), other, asked.message.slice(0, -1), Uint8Array.of(1, 9)]) {
      expect((await toOld(old, wrong)).state).toEqual(malformed);
      expect((await toNew(asked.state, wrong)).state).toEqual(malformed);
    }
  });

  test('what is pressed too early or too late does nothing', async () => {
    const { asked, old } = await start();
    expect(await type(old, '12345678')).toEqual({ state: old, message: null });
    expect(await confirm(asked.state)).toEqual({ state: asked.state, message: null });
    const compared = await compare();
    expect(await scan(compared.old, asked.qr)).toEqual({ state: compared.old, message: null });
    const failed = (await toNew(asked.state, asked.message)).state;
    expect((await confirm(failed)).state).toEqual(failed);
  });
});
