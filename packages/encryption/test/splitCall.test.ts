import { describe, expect, test } from 'vitest';
import {
  type DeviceIdentity,
  type MlsGroup,
  callCodeOf,
  certifyDevice,
  createCallIdentity,
  createDeviceKey,
  createMlsEngine,
  importIdentitySecret,
  unsafeCreateIdentitySecret,
  verifyCredential,
} from '../src/index.ts';
import { commit, propose, text } from './mlsFixtures.ts';
import { CALL, groupIdOf } from './memberBench.ts';
import { createTestSigner } from './testSigner.ts';

/** A device of this user, confirmed by an identity of its own making. */
async function deviceOf(name: string): Promise<DeviceIdentity> {
  const [userId, deviceId] = [`user ${name}`, `device ${name}`];
  const deviceKey = await createDeviceKey();
  const identity = await importIdentitySecret(await unsafeCreateIdentitySecret());
  if (identity === null) throw new Error('no identity');
  const certified = { userId, deviceId, deviceKey: deviceKey.publicKey };
  const certificate = await certifyDevice(identity, certified, 1);
  return { userId, deviceId, deviceKey, confirmation: { identityKey: identity.publicKey, certificate } };
}

const engineOf = () =>
  createMlsEngine((credential, leafKey) => verifyCredential(credential, leafKey, text(CALL)));
type Engine = ReturnType<typeof engineOf>;
async function candidateOf(engine: Engine, device: DeviceIdentity) {
  const key = await engine.createLeafKey();
  return engine.createCandidate(key, await createCallIdentity(device).certify(key.publicKey, text(CALL)));
}

/** The group that the first makes and the second is let into, as each of them sees it. */
async function pair(one: DeviceIdentity, other: DeviceIdentity): Promise<readonly [MlsGroup, MlsGroup]> {
  const [oneEngine, otherEngine, signer] = [engineOf(), engineOf(), createTestSigner(text('server'))];
  const group = await oneEngine.createGroup(await candidateOf(oneEngine, one), groupIdOf(0), signer.key);
  const candidate = await candidateOf(otherEngine, other);
  const own = await commit(await propose(group, signer.proposeAdd(group, candidate.keyPackage)));
  const joined = await otherEngine.join(candidate, own.welcome ?? text(''), groupIdOf(0), signer.key);
  if (joined.type === 'refused') throw new Error(joined.reason);
  return [own.group, joined.group];
}

const namesOf = (group: MlsGroup) => group.members.map(({ userId, device }) => `${userId} ${device}`);
const codeOf = ({ epochAuthenticator }: MlsGroup) => callCodeOf(epochAuthenticator);
const keysSeenBy = async ({ members }: MlsGroup) =>
  Promise.all(
    members.map(async ({ identity, leafKey }) => {
      const seen = await verifyCredential(identity, leafKey, text(CALL));
      return `${seen?.userId ?? ''} ${seen?.identityKey?.join() ?? ''}`;
    }),
  );

describe('a server that sits in between, with devices of its own that say they are the other one', () => {
  test('splits the call into two groups: the codes differ, and so do the identities, not the names', async () => {
    const [ana, ben] = [await deviceOf('ana'), await deviceOf('ben')];
    const [falseBen, falseAna] = [await deviceOf('ben'), await deviceOf('ana')];
    const [atAna, between] = await pair(ana, falseBen);
    const [between2, atBen] = await pair(falseAna, ben);
    // In the middle it follows both.
    expect([await codeOf(between), await codeOf(between2)]).toEqual([
      await codeOf(atAna),
      await codeOf(atBen),
    ]);
    expect(await codeOf(atAna)).not.toEqual(await codeOf(atBen));
    expect(namesOf(atAna)).toEqual(namesOf(atBen));
    expect(await keysSeenBy(atAna)).not.toContain((await keysSeenBy(atBen))[1]);
  });

  test('without it the two have the same code', async () => {
    const [atAna, atBen] = await pair(await deviceOf('ana'), await deviceOf('ben'));
    expect(await codeOf(atAna)).toEqual(await codeOf(atBen));
  });

  test('with the other one’s certificate it gets no device in: it has not the key of that device', async () => {
    const ben = await deviceOf('ben');
    const forged: DeviceIdentity = { ...ben, deviceKey: await createDeviceKey() };
    const engine = engineOf();
    const candidate = await candidateOf(engine, forged);
    const signer = createTestSigner(text('server'));
    const ana = engineOf();
    const group = await ana.createGroup(
      await candidateOf(ana, await deviceOf('ana')),
      groupIdOf(0),
      signer.key,
    );
    expect(await group.handleProposal(signer.proposeAdd(group, candidate.keyPackage))).toEqual({
      type: 'refused',
      reason: 'not_on_roster',
    });
  });
});
