import { describe, expect, it } from 'vitest';
import type { TransportProof } from '@visavis/protocol';
import { createIdentity, type Identity } from '../../src/identity/index.ts';
import { createMemoryKeyStore } from '../../src/identity/memoryKeyStore.ts';
import { IdentityServer } from '../identity/identityServer.ts';
import { createSealedCall, type PlayedDevice } from './sealBench.ts';
import { soon } from '../soon.ts';

const ANA = { userId: 'user of ana', deviceId: 'ana 1' };
const BEN = { userId: 'user of ben', deviceId: 'ben 1' };

/** Of a browser of its own. */
const identityOf = ({ userId, deviceId }: typeof ANA, server = new IdentityServer()): Promise<Identity> =>
  createIdentity({
    api: server.apiOf(userId, deviceId),
    store: createMemoryKeyStore(),
    device: { userId, deviceId, isGuest: false },
    now: () => 1,
  });

/** The two in a call, each of whom knows that the other one is in it. */
function meet(call: Awaited<ReturnType<typeof createSealedCall>>, ana: Identity, ben: Identity) {
  const [atAna, atBen] = [call.enter(ana), call.enter(ben)];
  atAna.seal.setPresent([BEN]);
  atBen.seal.setPresent([ANA]);
  for (const [at, { deviceId }] of [[atAna, BEN] as const, [atBen, ANA] as const])
    at.seal.bindTrack('microphone', deviceId, 'microphone');
  return [atAna, atBen] as const;
}

const sdp = (byte: string) =>
  `v=0\r\na=ice-ufrag:abcd\r\na=fingerprint:sha-256 ${Array.from({ length: 32 }, () => byte).join(':')}\r\n`;

const signedBy = async ({ seal }: PlayedDevice): Promise<TransportProof> => {
  const proof = await seal.transports.sign('offer', 'caller', sdp('AB'));
  if (proof === null) throw new Error('not signed');
  return proof;
};

const phase = async ({ seal }: PlayedDevice, wanted: string): Promise<void> =>
  soon(() => expect(seal.getState().phase).toBe(wanted));
/** Speaks until the other one hears it. */
const hears = async (from: PlayedDevice, at: PlayedDevice): Promise<void> => {
  const before = at.played.length;
  await soon(async () => {
    await from.speak();
    const frame = from.sent.at(-1);
    if (frame !== undefined) await at.hear(frame);
    expect(at.played.length).toBeGreaterThan(before);
  });
};
/** Nothing that the one says comes to the other, however often. */
const isDeafTo = async (at: PlayedDevice, from: PlayedDevice): Promise<void> => {
  const [played, sent] = [at.played.length, from.sent.length];
  for (let n = 0; n < 20; n += 1) {
    await from.speak();
    for (const frame of from.sent.slice(sent)) await at.hear(frame);
  }
  expect(at.played).toHaveLength(played);
};

describe('the seals of two devices, with the crypto worker of the product', () => {
  it('let sound through as soon as each has looked who the other one is', async () => {
    const [atAna, atBen] = meet(await createSealedCall(), await identityOf(ANA), await identityOf(BEN));
    await Promise.all([phase(atAna, 'sealed'), phase(atBen, 'sealed')]);
    await hears(atAna, atBen);
    await hears(atBen, atAna);
    await soon(() => expect(atAna.seal.getState().code).toHaveLength(6));
    expect(atAna.seal.getState().code).toEqual(atBen.seal.getState().code);
  });

  it('GRP7 know who is back with other keys of the call, who hears what is said at once, and who only has their place', async () => {
    const call = await createSealedCall();
    const ben = await identityOf(BEN);
    const [atAna, atBen] = meet(call, await identityOf(ANA), ben);
    await Promise.all([phase(atAna, 'sealed'), phase(atBen, 'sealed')]);
    const stayOfBen = () => atAna.seal.getState().devices.find(({ deviceId }) => deviceId === BEN.deviceId);
    expect(stayOfBen()).toMatchObject({ arrival: 1, returns: 0 });
    atBen.seal.close();
    const reloaded = call.enter(ben);
    reloaded.seal.setPresent([ANA]);
    await soon(() => expect(stayOfBen()).toMatchObject({ arrival: 1, returns: 1 }));
    const said = Uint8Array.of(1, 2, 3);
    // What is early waits for its keys for 2 s, which a busy machine may need.
    await soon(async () => {
      const sealed = await atAna.seal.sealData(said);
      expect(await reloaded.seal.openData(ANA.userId, ANA.deviceId, sealed ?? new Uint8Array())).toEqual(
        said,
      );
    });
    reloaded.seal.close();
    const another = call.enter(await identityOf(BEN));
    another.seal.setPresent([ANA]);
    await soon(() => expect(stayOfBen()).toMatchObject({ arrival: 2, returns: 0 }));
    for (const { seal } of [atAna, another]) seal.close();
  });

  it('let nothing through to and from whose identity is another one, until the person goes on', async () => {
    const ana = await identityOf(ANA);
    await ana.verify(BEN.userId, new Uint8Array(32));
    const [atAna, atBen] = meet(await createSealedCall(), ana, await identityOf(BEN));
    await phase(atAna, 'held');
    await phase(atBen, 'sealed');
    expect(atAna.seal.getState().held).toEqual([{ ...BEN, why: 'changed' }]);
    await isDeafTo(atAna, atBen);
    await isDeafTo(atBen, atAna);
    expect(atBen.played).toEqual([]);
    atAna.seal.allow(BEN.deviceId);
    await phase(atAna, 'sealed');
    await hears(atAna, atBen);
    await hears(atBen, atAna);
  });

  it('let nothing through to a device that the server put under the name of somebody verified', async () => {
    const [ana, ben] = [await identityOf(ANA), await identityOf(BEN)];
    await ana.verify(BEN.userId, ben.device.confirmation?.identityKey ?? new Uint8Array());
    const withheld = new IdentityServer();
    withheld.isReachable = false;
    const [atAna, between] = meet(await createSealedCall(), ana, await identityOf(BEN, withheld));
    await phase(atAna, 'held');
    expect(atAna.seal.getState().held).toEqual([{ ...BEN, why: 'unconfirmed' }]);
    await phase(between, 'sealed');
    await isDeafTo(between, atAna);
    await isDeafTo(atAna, between);
  });

  it('let nothing through where the server changes the keys that a device brings', async () => {
    const call = await createSealedCall();
    call.lie((request) => {
      if (request.type !== 'join_keys') return request;
      const bytes = Uint8Array.from(atob(request.payload.keyPackage), (each) => each.charCodeAt(0));
      // In the device key of the credential, far from any length.
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return { ...request, payload: { keyPackage: btoa(String.fromCodePoint(...bytes)) } };
    });
    const [atAna, atBen] = meet(call, await identityOf(ANA), await identityOf(BEN));
    const states = () => [atAna, atBen].map(({ seal }) => seal.getState());
    // Who was first is in a group of itself, and the other one in none.
    await soon(() => expect(states().map((state) => state.phase)).toContain('sealed'));
    await isDeafTo(atBen, atAna);
    await isDeafTo(atAna, atBen);
    expect(states().map((state) => state.phase)).toContain('preparing');
    expect(states().flatMap(({ devices }) => devices)).toHaveLength(1);
  });

  describe('NEG6', () => {
    it('a connection that the other one signed is taken, and nothing is held', async () => {
      const [atAna, atBen] = meet(await createSealedCall(), await identityOf(ANA), await identityOf(BEN));
      const proof = await signedBy(atAna);
      expect(await atBen.seal.transports.check('offer', 'caller', sdp('AB'), proof)).toBe(true);
      await phase(atBen, 'sealed');
      await hears(atAna, atBen);
    });

    it('one that leads somewhere else silences the call, before there are keys and after', async () => {
      const [atAna, atBen] = meet(await createSealedCall(), await identityOf(ANA), await identityOf(BEN));
      const proof = await signedBy(atAna);
      expect(await atBen.seal.transports.check('offer', 'caller', sdp('AC'), proof)).toBe(false);
      await phase(atBen, 'held');
      await soon(() => expect(atBen.seal.getState().held).toEqual([{ ...ANA, why: 'connection' }]));
      await phase(atAna, 'sealed');
      await isDeafTo(atAna, atBen);
      await isDeafTo(atBen, atAna);
      atBen.seal.allow(ANA.deviceId);
      await isDeafTo(atBen, atAna);
    });

    it('one that somebody signed who is not the device in the keys silences the call', async () => {
      const [atAna, atBen] = meet(await createSealedCall(), await identityOf(ANA), await identityOf(BEN));
      const other = (await createSealedCall()).enter(await identityOf(ANA));
      const proof = await signedBy(other);
      // The keys are not there yet: it agrees with itself.
      expect(await atBen.seal.transports.check('offer', 'caller', sdp('AB'), proof)).toBe(true);
      await phase(atBen, 'held');
      expect(atBen.seal.getState().held).toEqual([{ ...ANA, why: 'connection' }]);
      await isDeafTo(atBen, atAna);
    });
  });

  it('let nothing pass any more to whom the server does not remove though it has left', async () => {
    const [atAna, atBen] = meet(await createSealedCall(), await identityOf(ANA), await identityOf(BEN));
    await Promise.all([phase(atAna, 'sealed'), phase(atBen, 'sealed')]);
    await hears(atAna, atBen);
    atAna.seal.setPresent([]);
    await soon(() => expect(atAna.seal.getState().phase).toBe('held'));
    expect(atAna.seal.getState().held).toEqual([{ ...BEN, why: 'not_in_call' }]);
    await isDeafTo(atBen, atAna);
    await isDeafTo(atAna, atBen);
  });
});
