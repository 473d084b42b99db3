import { makeProposalRef } from 'ts-mls/authenticatedContent.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MlsGroup, createCallIdentity, createDeviceKey, createMlsEngine } from '../src/index.ts';
import { decodeMessage } from '../src/mls/codec.ts';
import { createProposalSigner, isGoodKeyPackage, isWelcome, readCommit } from '../src/mls/server.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { commit, createCall, createCallWorld, propose, text, type CallWorld } from './mlsFixtures.ts';
import { createServerCrypto } from './testSigner.ts';

let world: CallWorld;
let a: MlsGroup;
beforeAll(async () => {
  world = await createCallWorld();
  const first = (await createCall(world, ['a', 'b'])).get('a');
  if (first === undefined) throw new Error('nobody');
  a = first;
});

describe('what the server proposes', () => {
  test('is the same bytes each time, on whatever node', () => {
    const { crypto } = createServerCrypto();
    const [one, other] = [createProposalSigner(crypto), createProposalSigner(crypto)];
    expect(one.proposeRemove(a, 1)).toEqual(other.proposeRemove(a, 1));
    expect(one.proposeRemove(a, 1)).not.toEqual(one.proposeRemove({ ...a, epoch: 7n }, 1));
  });

  test('has the reference that the library makes of it', async () => {
    const { crypto } = createServerCrypto();
    const signer = createProposalSigner(crypto);
    const { keyPackage } = await world.createCandidate('c');
    for (const { message, reference } of [signer.proposeRemove(a, 1), signer.proposeAdd(a, keyPackage)]) {
      const decoded = decodeMessage(message);
      if (decoded.type !== 'message' || decoded.message.wireformat !== 'mls_public_message')
        throw new Error('no public message');
      const { content, auth } = decoded.message.publicMessage;
      const { hash } = await loadSuite();
      const own = await makeProposalRef({ wireformat: 'mls_public_message', content, auth }, hash);
      expect(reference).toEqual(new Uint8Array(own));
    }
  });

  test('is nothing but a key package', () => {
    const signer = createProposalSigner(createServerCrypto().crypto);
    expect(() => signer.proposeAdd(a, text('rubbish'))).toThrow(RangeError);
  });
});

test('a commit is read: whose it is, where it belongs and what it refers to', async () => {
  const { crypto, publicKey } = createServerCrypto();
  const signer = createProposalSigner(crypto);
  const key = { signatureKey: publicKey, identity: text('server') };
  const candidate = await world.createCandidate('x');
  const own = await world.engine.createGroup(candidate, text('call'), key);
  const { keyPackage } = await world.createCandidate('y');
  const add = signer.proposeAdd(own, keyPackage);
  const { message, welcome } = await commit(await propose(own, add.message));
  expect(readCommit(message)).toEqual({
    type: 'commit',
    groupId: own.groupId,
    epoch: 0n,
    leaf: 0,
    references: [add.reference],
    hasPath: false,
  });
  expect(isWelcome(welcome ?? message)).toBe(true);
  expect(isWelcome(message)).toBe(false);
});

test('what is no commit is refused', async () => {
  const { keyPackage } = await world.createCandidate('z');
  const proposal = world.signer.proposeRemove(a, 1);
  for (const bytes of [text(''), text('rubbish'), keyPackage, proposal])
    expect(readCommit(bytes)).toEqual({ type: 'refused' });
});

/** Of whoever says so, for whatever call. */
async function packageOf(device: string, callId: string): Promise<Uint8Array> {
  const identity = createCallIdentity({
    userId: 'user',
    deviceId: device,
    deviceKey: await createDeviceKey(),
    confirmation: null,
  });
  const engine = createMlsEngine(() => Promise.resolve({ userId: 'user', deviceId: device }));
  const key = await engine.createLeafKey();
  const credential = await identity.certify(key.publicKey, text(callId));
  return (await engine.createCandidate(key, credential)).keyPackage;
}

describe('a key package', () => {
  const place = { callId: 'call', deviceId: 'device' };
  test('is good that its device made for this call', async () => {
    expect(await isGoodKeyPackage(await packageOf('device', 'call'), place)).toBe(true);
  });

  test('of another device or call is not, nor one whose credential says nothing', async () => {
    expect(await isGoodKeyPackage(await packageOf('another', 'call'), place)).toBe(false);
    expect(await isGoodKeyPackage(await packageOf('device', 'another'), place)).toBe(false);
    const { keyPackage } = await world.createCandidate('device');
    expect(await isGoodKeyPackage(keyPackage, place)).toBe(false);
    for (const bytes of [text(''), text('rubbish'), world.signer.proposeRemove(a, 1)])
      expect(await isGoodKeyPackage(bytes, place)).toBe(false);
  });

  test('is not good any more with one bit of it changed, wherever', async () => {
    const good = await packageOf('device', 'call');
    for (let at = 0; at < good.length; at += 1) {
      const changed = new Uint8Array(good);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await isGoodKeyPackage(changed, place), `byte ${at}`).toBe(false);
    }
  });
});
