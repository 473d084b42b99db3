import {
  certifyDevice,
  createCallIdentity,
  createDeviceKey,
  type DeviceIdentity,
  importIdentitySecret,
  unsafeCreateIdentitySecret,
} from '@visavis/encryption/identity';
import type { CurrentKeys, JudgedMember, KeyMember } from '@visavis/encryption/messages';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/base64.ts';
import { findHold, GONE_MS, type MemberFacts } from '../../src/device/judging.ts';
import type { HeldDevice } from '../../src/device/seal.ts';
import { createSealJudge, type Judgement } from '../../src/device/sealJudge.ts';
import { createIdentity, type Identity } from '../../src/identity/index.ts';
import { createMemoryKeyStore } from '../../src/identity/memoryKeyStore.ts';
import { IdentityServer } from '../identity/identityServer.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { soon } from '../soon.ts';

const CALL = 'call 1';
const ANA = 'user of ana';
const BEN = 'user of ben';
const ANA_1 = { userId: ANA, deviceId: 'ana 1' };
const BEN_1 = { userId: BEN, deviceId: 'ben 1' };

/** A device that can be anybody's. */
async function deviceOf(
  userId: string,
  deviceId: string,
  secret: Uint8Array | null,
): Promise<DeviceIdentity> {
  const deviceKey = await createDeviceKey();
  const identity = secret === null ? null : await importIdentitySecret(secret);
  const confirmation =
    identity === null
      ? null
      : {
          identityKey: identity.publicKey,
          certificate: await certifyDevice(identity, { userId, deviceId, deviceKey: deviceKey.publicKey }, 1),
        };
  return { userId, deviceId, deviceKey, confirmation };
}

let leaves = 0;
async function memberOf(device: DeviceIdentity, callId = CALL): Promise<KeyMember> {
  const leafKey = new Uint8Array(32);
  crypto.getRandomValues(leafKey);
  const credential = await createCallIdentity(device).certify(leafKey, new TextEncoder().encode(callId));
  leaves += 1;
  return { userId: device.userId, deviceId: device.deviceId, leaf: leaves, credential, leafKey };
}
const keysOf = (...members: readonly KeyMember[]): CurrentKeys => ({
  generation: 0,
  epoch: 1,
  members,
  authenticator: new Uint8Array(32),
});

/** What Ana's device makes of the others. */
async function createBench(isDirect = true) {
  const timers = createVirtualTimers();
  const { api } = { api: new IdentityServer().apiOf(ANA, 'ana 1') };
  const store = createMemoryKeyStore();
  const own = { userId: ANA, deviceId: 'ana 1', isGuest: false };
  const identity: Identity = await createIdentity({ api, store, device: own, now: () => 1 });
  const admitted: (readonly JudgedMember[])[] = [];
  const judged: Judgement[] = [];
  const judge = createSealJudge({
    ownDeviceId: 'ana 1',
    identity: Promise.resolve(identity),
    callId: Promise.resolve(CALL),
    isDirect,
    isGuest: (device) => Promise.resolve(device.linkProof?.[0] === 1),
    timers,
    admit: (members) => admitted.push(members),
    onJudged: (judgement) => judged.push(judgement),
  });
  const ana = await memberOf(identity.device);
  return { timers, identity, judge, ana, admitted, judged };
}
type Bench = Awaited<ReturnType<typeof createBench>>;

/** As soon as it is found; nobody was admitted meanwhile. */
const expectHeld = async ({ judged, admitted }: Bench, ...held: HeldDevice[]): Promise<void> => {
  await soon(() => {
    expect(judged.at(-1)?.held).toEqual(held);
    expect(admitted.at(-1)?.map((member) => member.admitted)).toEqual([held.length === 0]);
  });
};
async function hear({ judge, admitted, ana }: Bench, member: KeyMember): Promise<void> {
  const before = admitted.length;
  judge.hear(keysOf(ana, member));
  await soon(() => expect(admitted.length).toBeGreaterThan(before));
}
const held = (why: HeldDevice['why']): HeldDevice => ({ userId: BEN, deviceId: 'ben 1', why });

describe('whom this device sends to and plays', () => {
  it('anybody who is seen for the first time, and the same again', async () => {
    const bench = await createBench();
    const ben = await deviceOf(BEN, 'ben 1', await unsafeCreateIdentitySecret());
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(ben));
    await expectHeld(bench);
    await hear(bench, await memberOf(ben));
    await expectHeld(bench);
    expect(bench.judged.at(-1)?.devices.map(({ standing }) => standing)).toEqual([null, 'seen']);
    expect(bench.admitted.flat().every((member) => member.admitted)).toBe(true);
  });

  it('nobody whose identity is another one than before, until the person accepts it', async () => {
    const bench = await createBench();
    const [before, after] = [
      await deviceOf(BEN, 'ben 1', await unsafeCreateIdentitySecret()),
      await deviceOf(BEN, 'ben 1', await unsafeCreateIdentitySecret()),
    ];
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(before));
    await expectHeld(bench);
    await hear(bench, await memberOf(after));
    await expectHeld(bench, held('changed'));
    bench.judge.allow('ben 1');
    await expectHeld(bench);
    // Remembered: the next call does not ask again.
    expect(bench.judged.at(-1)?.devices.at(-1)?.standing).toBe('seen');
  });

  it('it goes on where the person has compared the new key elsewhere in the window', async () => {
    const bench = await createBench();
    const secret = await unsafeCreateIdentitySecret();
    await bench.identity.accept(BEN, new Uint8Array(32));
    const ben = await deviceOf(BEN, 'ben 1', secret);
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(ben));
    await expectHeld(bench, held('changed'));
    await bench.identity.verify(BEN, ben.confirmation?.identityKey ?? new Uint8Array());
    await expectHeld(bench);
  });

  it('no device that is not confirmed of who was verified, until the person goes on with that very device', async () => {
    const bench = await createBench();
    const real = await deviceOf(BEN, 'ben 1', await unsafeCreateIdentitySecret());
    await bench.identity.verify(BEN, real.confirmation?.identityKey ?? new Uint8Array());
    const [one, other] = [await deviceOf(BEN, 'ben 1', null), await deviceOf(BEN, 'ben 1', null)];
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(one));
    await expectHeld(bench, held('unconfirmed'));
    bench.judge.allow('ben 1');
    await expectHeld(bench);
    await hear(bench, await memberOf(other));
    await expectHeld(bench, held('unconfirmed'));
  });

  it('of others one that is not confirmed is shown as that', async () => {
    const bench = await createBench();
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(await deviceOf(BEN, 'ben 1', null)));
    await expectHeld(bench);
    expect(bench.judged.at(-1)?.devices.at(-1)?.standing).toBe('unknown');
  });

  it('no device whose word does not hold, whatever the person says', async () => {
    const bench = await createBench();
    const ben = await deviceOf(BEN, 'ben 1', await unsafeCreateIdentitySecret());
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(ben, 'another call'));
    await expectHeld(bench, held('invalid'));
    bench.judge.allow('ben 1');
    await hear(bench, await memberOf(ben, 'another call'));
    await expectHeld(bench, held('invalid'));
  });

  it('no device that is listed as of somebody who was verified and says that it is of somebody else', async () => {
    const bench = await createBench();
    await bench.identity.verify(BEN, new Uint8Array(32));
    bench.judge.setPresent([BEN_1]);
    await hear(bench, await memberOf(await deviceOf('somebody', 'ben 1', null)));
    await expectHeld(bench, { userId: 'somebody', deviceId: 'ben 1', why: 'invalid' });
  });

  it('nobody who has the keys and is not in the call', async () => {
    const bench = await createBench(false);
    const ben = await memberOf(await deviceOf(BEN, 'ben 1', null));
    await hear(bench, ben);
    await expectHeld(bench, held('not_in_call'));
    bench.judge.setPresent([BEN_1]);
    await expectHeld(bench);
  });

  it(`nobody who has left for ${GONE_MS} ms and still has them`, async () => {
    const bench = await createBench(false);
    const ben = await memberOf(await deviceOf(BEN, 'ben 1', null));
    bench.judge.setPresent([ANA_1, BEN_1]);
    await hear(bench, ben);
    await expectHeld(bench);
    const before = bench.admitted.length;
    bench.judge.setPresent([ANA_1]);
    await soon(() => expect(bench.admitted.length).toBeGreaterThan(before));
    await expectHeld(bench);
    bench.timers.advance(GONE_MS - 1);
    await expectHeld(bench);
    bench.timers.advance(1);
    await expectHeld(bench, held('not_in_call'));
  });

  it('NEG6 between two nobody but the device that signed the connection', async () => {
    const bench = await createBench();
    const secret = await unsafeCreateIdentitySecret();
    const [ben, other] = [await deviceOf(BEN, 'ben 1', secret), await deviceOf(BEN, 'ben 1', secret)];
    bench.judge.setPresent([BEN_1]);
    bench.judge.setConnectionKey(toBase64(other.deviceKey.publicKey));
    await hear(bench, await memberOf(ben));
    await expectHeld(bench, held('connection'));
    expect(bench.judge.peerKey).toBe(toBase64(ben.deviceKey.publicKey));
    bench.judge.setConnectionKey(toBase64(ben.deviceKey.publicKey));
    await expectHeld(bench);
    bench.judge.refuseConnection();
    await expectHeld(bench, held('connection'));
  });

  it('NEG6 a refused connection is told before there are keys', async () => {
    const bench = await createBench();
    bench.judge.setPresent([BEN_1]);
    bench.judge.refuseConnection();
    await soon(() => expect(bench.judged.at(-1)?.held).toEqual([held('connection')]));
  });

  it('nobody while it is not known yet who this person knows', async () => {
    const admitted: unknown[] = [];
    const bench = await createBench();
    let open: ((identity: Identity) => void) | undefined;
    const opening = new Promise<Identity>((resolve) => {
      open = resolve;
    });
    const judge = createSealJudge({
      ownDeviceId: 'ana 1',
      identity: opening,
      callId: Promise.resolve(CALL),
      isDirect: true,
      isGuest: () => Promise.resolve(false),
      timers: bench.timers,
      admit: (members) => admitted.push(members),
      onJudged: () => {},
    });
    judge.setPresent([BEN_1]);
    judge.hear(keysOf(bench.ana, await memberOf(await deviceOf(BEN, 'ben 1', null))));
    bench.timers.advance(60_000);
    await Promise.resolve();
    expect(admitted).toEqual([]);
    open?.(bench.identity);
    await soon(() => expect(admitted).toHaveLength(1));
  });
});

it('whatever is known of a member: it is admitted only where nothing speaks against it', () => {
  const key = fc.constantFrom(null, new Uint8Array([1]), new Uint8Array([2]));
  const facts = fc.record({
    hasProven: fc.boolean(),
    standing: fc.constantFrom('unknown', 'seen', 'verified', 'changed'),
    isOfVerified: fc.boolean(),
    isAllowed: fc.boolean(),
    presence: fc.constantFrom('in', 'leaving', 'out', 'another'),
    connectionKey: key,
  });
  const deviceKey = new Uint8Array([1]);
  fc.assert(
    fc.property(facts, ({ hasProven, ...rest }) => {
      const own = { userId: 'u', deviceId: 'd', confirmed: true, identityKey: deviceKey, deviceKey };
      const proven = { ...own, linkProof: null };
      const all: MemberFacts = { ...rest, proven: hasProven ? proven : null };
      const isAdmitted = findHold(all) === null;
      const isBarred =
        !hasProven ||
        rest.presence === 'out' ||
        rest.presence === 'another' ||
        rest.connectionKey?.[0] === 2 ||
        (!rest.isAllowed &&
          (rest.standing === 'changed' || (rest.standing === 'unknown' && rest.isOfVerified)));
      expect(isAdmitted).toBe(!isBarred);
    }),
  );
});
