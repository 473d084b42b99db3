import type { ClientState, Node, RatchetTree } from 'ts-mls';
import { validateRatchetTree } from 'ts-mls/clientState.js';
import { createCommit } from 'ts-mls/createCommit.js';
import { generateKeyPackageWithKey, makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { decryptGroupSecrets, encryptGroupSecrets } from 'ts-mls/welcome.js';
import { describe, expect, test } from 'vitest';
import { type VerifyLeaf, createMlsEngine } from '../src/index.ts';
import { readExternalSender } from '../src/mls/externalSenders.ts';
import { joinByWelcome } from '../src/mls/join.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { findTreeFault } from '../src/mls/tree.ts';
import { createScene, keyPackageOf, readMessage, stateOf, write } from './mlsAttacks.ts';
import { type CallWorld, commit, createCall, createCallWorld, propose, text } from './mlsFixtures.ts';
import { createTestSigner } from './testSigner.ts';

const { world, a } = await createScene();
const invite = async (device: string) => {
  const candidate = await world.createCandidate(device);
  const proposed = await propose(a, world.signer.proposeAdd(a, candidate.keyPackage));
  const { welcome } = await commit(proposed);
  if (welcome === null) throw new Error('nobody is welcome');
  return { candidate, proposed, welcome };
};

const refusal = async (...parameters: Parameters<typeof world.engine.join>): Promise<string> => {
  const result = await world.engine.join(...parameters);
  return result.type === 'refused' ? result.reason : result.type;
};

describe('an invitation is refused', () => {
  test.each([
    ['too_large', new Uint8Array(65_537)],
    ['malformed', text('welcome')],
  ])('%s: what is none', async (reason, bytes) => {
    const { candidate } = await invite('d');
    expect(await refusal(candidate, bytes, a.groupId, world.signer.key)).toBe(reason);
  });

  test('not_canonical: trailing bytes', async () => {
    const { candidate, welcome } = await invite('d');
    expect(await refusal(candidate, new Uint8Array([...welcome, 0]), a.groupId, world.signer.key)).toBe(
      'not_canonical',
    );
  });

  test('not_a_welcome: a key package', async () => {
    const { candidate } = await invite('d');
    expect(await refusal(candidate, candidate.keyPackage, a.groupId, world.signer.key)).toBe('not_a_welcome');
  });

  test('not_for_us: that of another device', async () => {
    const { welcome } = await invite('d');
    expect(await refusal(await world.createCandidate('e'), welcome, a.groupId, world.signer.key)).toBe(
      'not_for_us',
    );
  });

  test('used_before: the same key package a second time', async () => {
    const { candidate, welcome } = await invite('d');
    expect(await refusal(candidate, welcome, a.groupId, world.signer.key)).toBe('joined');
    expect(await refusal(candidate, welcome, a.groupId, world.signer.key)).toBe('used_before');
    await expect(world.engine.createGroup(candidate, text('x'), world.signer.key)).rejects.toThrow(
      RangeError,
    );
  });

  test('other_group: another call than the one that was meant', async () => {
    const { candidate, welcome } = await invite('d');
    expect(await refusal(candidate, welcome, text('other'), world.signer.key)).toBe('other_group');
  });

  test('foreign_sender: a group in which somebody else may propose members', async () => {
    const { candidate, welcome } = await invite('d');
    const other = createTestSigner(text('server'));
    expect(await refusal(candidate, welcome, a.groupId, other.key)).toBe('foreign_sender');
  });

  test('invalid: any byte of what is encrypted is changed; and the invitation is still good afterwards', async () => {
    const { candidate, welcome } = await invite('d');
    for (const at of [-1, -20, -500]) {
      const changed = welcome.slice();
      const index = changed.length + at;
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await refusal(candidate, changed, a.groupId, world.signer.key)).toBe('invalid');
    }
    expect(await refusal(candidate, welcome, a.groupId, world.signer.key)).toBe('joined');
  });

  test('no_tree: the members are not shown', async () => {
    const { candidate, proposed } = await invite('d');
    const result = await createCommit(
      { state: stateOf(proposed), cipherSuite: await loadSuite() },
      { wireAsPublicMessage: true, ratchetTreeExtension: false },
    );
    if (result.welcome === undefined) return expect.fail();
    const welcome = write({ version: 'mls10', wireformat: 'mls_welcome', welcome: result.welcome });
    expect(readMessage(welcome).wireformat).toBe('mls_welcome');
    expect(await refusal(candidate, welcome, a.groupId, world.signer.key)).toBe('no_tree');
  });
});

/** A call that is made by others' rules, to which a device is invited that has rules of its own. */
async function joinWith(verifyFor: (world: CallWorld) => VerifyLeaf) {
  const other = await createCallWorld();
  const engine = createMlsEngine(verifyFor(other));
  const key = await engine.createLeafKey();
  other.roster.enter('victim', key.publicKey);
  const candidate = await engine.createCandidate(key, text('victim'));
  const group = (await createCall(other, ['x', 'y'])).get('x');
  if (group === undefined) return expect.fail();
  const proposed = await propose(group, other.signer.proposeAdd(group, candidate.keyPackage));
  const { welcome } = await commit(proposed);
  if (welcome === null) return expect.fail();
  const result = await engine.join(candidate, welcome, other.groupId, other.signer.key);
  return result.type === 'refused' ? result.reason : result.type;
}

/** Does not know y. */
const withoutY =
  ({ roster }: CallWorld): VerifyLeaf =>
  (identity, key) =>
    new TextDecoder().decode(identity) === 'y' ? Promise.resolve(null) : roster.verify(identity, key);

describe('a group that is not as the roster says', () => {
  test('is joined where everybody is on it', async () => {
    expect(await joinWith(({ roster }) => roster.verify)).toBe('joined');
  });

  test('bad_leaf: a member whom nobody has signed', async () => {
    expect(await joinWith(withoutY)).toBe('bad_leaf');
  });

  test('duplicate_device: one device at two leaves', async () => {
    expect(
      await joinWith(() => (identity) => {
        const name = new TextDecoder().decode(identity);
        // Whoever they say they are.
        return Promise.resolve({ userId: name, deviceId: name === 'victim' ? 'v' : 'same' });
      }),
    ).toBe('duplicate_device');
  });
});

/** Eight, of whom 2 and 5 left, which filled the path of leaf 0; then two came, and stand in the lists above them. */
async function createUnmerged(): Promise<ClientState> {
  const other = await createCallWorld();
  const first = (await createCall(other, ['0', '1', '2', '3', '4', '5', '6', '7'])).get('0');
  if (first === undefined) return expect.fail();
  let group = first;
  for (const leaf of [2, 5]) group = await propose(group, other.signer.proposeRemove(group, leaf));
  group = (await commit(group)).group;
  for (const name of ['8', '9']) {
    const { keyPackage } = await other.createCandidate(name);
    group = await propose(group, other.signer.proposeAdd(group, keyPackage));
  }
  return stateOf((await commit(group)).group);
}

/** As before, with one newcomer; then somebody on the right commits, so that the root lists nobody and the left still does. */
async function createMergedAbove(): Promise<ClientState> {
  const other = await createCallWorld();
  const call = await createCall(other, ['0', '1', '2', '3', '4', '5', '6', '7']);
  let [left, right] = [call.get('0'), call.get('7')];
  if (left === undefined || right === undefined) return expect.fail();
  const change = async (messages: readonly Uint8Array[], isLeft: boolean): Promise<void> => {
    for (const message of messages) {
      if (left === undefined || right === undefined) return expect.fail();
      [left, right] = [await propose(left, message), await propose(right, message)];
    }
    const [committer, follower] = isLeft ? [left, right] : [right, left];
    if (committer === undefined || follower === undefined) return expect.fail();
    const own = await commit(committer);
    const result = await follower.handleCommit(own.message);
    if (result.type !== 'committed') return expect.fail(result.type);
    [left, right] = isLeft ? [own.group, result.group] : [result.group, own.group];
  };
  await change([other.signer.proposeRemove(left, 2)], true);
  const { keyPackage } = await other.createCandidate('8');
  await change([other.signer.proposeAdd(left, keyPackage)], true);
  await change([other.signer.proposeRemove(left, 6)], false);
  return stateOf(left);
}

test('a tree in which nodes above the list have been merged since is sound', async () => {
  const { ratchetTree, groupContext, clientConfig } = await createMergedAbove();
  const lists = [7, 3].map((index) => {
    const node = ratchetTree[index];
    return node?.nodeType === 'parent' ? node.parent.unmergedLeaves : null;
  });
  expect(lists).toEqual([[], [2]]);
  expect(
    await findTreeFault(ratchetTree, groupContext, clientConfig.authService, await loadSuite()),
  ).toBeNull();
});

test('wrong_path_secret: the committer gives a newcomer another secret than the tree was made with', async () => {
  const suite = await loadSuite();
  const signature = await suite.signature.keygen();
  world.roster.enter('p', signature.publicKey);
  const { publicPackage: keyPackage, privatePackage: privateKeys } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: text('p') },
    keyPackageOf((await world.createCandidate('q')).keyPackage).leafNode.capabilities,
    defaultLifetime,
    [],
    signature,
    suite,
  );
  let group = await propose(a, world.signer.proposeRemove(a, 2));
  const bytes = write({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
  group = await propose(group, world.signer.proposeAdd(a, bytes));
  const message = readMessage((await commit(group)).welcome ?? new Uint8Array());
  if (message.wireformat !== 'mls_welcome') return expect.fail();
  const { welcome } = message;

  const reference = await makeKeyPackageRef(keyPackage, suite.hash);
  const initKey = await suite.hpke.importPrivateKey(privateKeys.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, reference, welcome, suite.hpke);
  if (secrets?.pathSecret === undefined) return expect.fail('there is no path');
  const to = await suite.hpke.importPublicKey(keyPackage.initKey);
  const join = async (pathSecret: Uint8Array) => {
    const { enc, ct } = await encryptGroupSecrets(
      to,
      welcome.encryptedGroupInfo,
      { ...secrets, pathSecret },
      suite.hpke,
    );
    const entry = { newMember: reference, encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } };
    const config = stateOf(a).clientConfig;
    const result = await joinByWelcome(
      { welcome: { ...welcome, secrets: [entry] }, keyPackage, privateKeys, config },
      suite,
    );
    return result.type === 'refused' ? result.reason : result.type;
  };
  expect(await join(secrets.pathSecret)).toBe('joined');
  expect(await join(new Uint8Array(32).fill(1))).toBe('wrong_path_secret');
});

describe('a tree with unmerged leaves', async () => {
  const state = await createUnmerged();
  const suite = await loadSuite();
  const { authService, lifetimeConfig } = state.clientConfig;
  const fault = (tree: RatchetTree, context = state.groupContext) =>
    findTreeFault(tree, context, authService, suite);

  /** The tree with another list at a node. */
  const withUnmerged = (index: number, unmergedLeaves: number[]): RatchetTree =>
    state.ratchetTree.map((node, at): Node | undefined =>
      at === index && node?.nodeType === 'parent'
        ? { ...node, parent: { ...node.parent, unmergedLeaves } }
        : node,
    );

  test('lists 2 and 5 at the root, and 2 on the left of it', () => {
    const lists = [7, 3].map((index) => {
      const node = state.ratchetTree[index];
      return node?.nodeType === 'parent' ? node.parent.unmergedLeaves : null;
    });
    expect(lists).toEqual([[2, 5], [2]]);
  });

  test('is sound for us, and not for the library: when this fails, our check is not needed any more', async () => {
    expect(await fault(state.ratchetTree)).toBeNull();
    const { groupContext, ratchetTree } = state;
    const said = await validateRatchetTree(
      ratchetTree,
      groupContext,
      lifetimeConfig,
      authService,
      groupContext.treeHash,
      suite,
    );
    expect(said?.message).toContain('unmerged_leaves');
  });

  test.each([
    ['unmerged_not_below: a leaf of the other side', 3, [5], 'unmerged_not_below'],
    ['unmerged_not_below: a leaf beyond the tree', 7, [2, 5, 900], 'unmerged_not_below'],
    ['unmerged_not_between: a node between does not list it', 7, [1, 2, 5], 'unmerged_not_between'],
    ['unmerged_out_of_order: not sorted', 7, [5, 2], 'unmerged_out_of_order'],
    ['unmerged_out_of_order: twice the same', 7, [2, 2, 5], 'unmerged_out_of_order'],
    ['bad_parent_hash: one is left out where nothing else shows it', 7, [2], 'bad_parent_hash'],
  ] as const)('%s', async (_, index, list, expected) => {
    expect(await fault(withUnmerged(index, [...list]))).toBe(expected);
  });

  test('bad_tree_hash: another tree than the one that was signed', async () => {
    expect(await fault(state.ratchetTree, { ...state.groupContext, treeHash: new Uint8Array(32) })).toBe(
      'bad_tree_hash',
    );
  });

  test('repeated_key and leaf_out_of_place: the same node twice, and a leaf where none can be', async () => {
    const [leaf, between, ...rest] = state.ratchetTree;
    expect(await fault([leaf, between, leaf, ...rest.slice(1)])).toBe('repeated_key');
    expect(await fault([undefined, leaf, ...rest])).toBe('leaf_out_of_place');
  });
});

describe('the external sender of a group', () => {
  const { extensions } = stateOf(a).groupContext;
  const [extension] = extensions;
  const data = extension?.extensionData ?? new Uint8Array();

  test('stands in a vector, as others read it', () => {
    // A prefix that covers the rest: one byte up to 63, two beyond.
    expect(data[0]).toBe(data.length - 1);
    expect(readExternalSender(extensions)?.signaturePublicKey).toEqual(world.signer.key.signatureKey);
  });

  test.each([
    ['is missing', []],
    ['is not the only extension', [...extensions, ...extensions]],
    ['is one of two', [{ extensionType: 'external_senders', extensionData: twoOf(data) }]],
    [
      'has bytes behind it',
      [{ extensionType: 'external_senders', extensionData: new Uint8Array([...data, 0]) }],
    ],
    ['is a bare entry', [{ extensionType: 'external_senders', extensionData: data.slice(1) }]],
    ['is cut off', [{ extensionType: 'external_senders', extensionData: data.slice(0, -1) }]],
  ] as const)('is not taken where it %s', (_, list) => {
    expect(readExternalSender([...list])).toBeNull();
  });
});

function twoOf(data: Uint8Array): Uint8Array {
  const entry = data.slice(1);
  const length = entry.length * 2;
  return new Uint8Array([0x40 | (length >> 8), length & 0xff, ...entry, ...entry]);
}
