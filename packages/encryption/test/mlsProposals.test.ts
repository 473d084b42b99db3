import type { Proposal } from 'ts-mls';
import { protectProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import { describe, expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES, MAX_PENDING } from '../src/index.ts';
import { checkIncoming } from '../src/mls/profile.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { alter, createScene, keyPackageOf, proposeAnything, stateOf, write } from './mlsAttacks.ts';
import { createCall, createCallWorld, propose, text } from './mlsFixtures.ts';
import { createTestSigner } from './testSigner.ts';

const { world, a, b, c } = await createScene();

const refusal = async (message: Uint8Array, group = b): Promise<string> => {
  const result = await group.handleProposal(message);
  return result.type === 'refused' ? result.reason : result.type;
};

const { leafNode } = keyPackageOf((await world.createCandidate('f')).keyPackage);
const removeC = world.signer.proposeRemove(b, c.leaf);
const addD = world.signer.proposeAdd(b, (await world.createCandidate('d')).keyPackage);

describe('what the server proposes is taken', () => {
  test('an Add and a Remove', async () => {
    expect(await refusal(removeC)).toBe('proposed');
    expect(await refusal(addD)).toBe('proposed');
  });

  test('a device that is removed and added again with another leaf key', async () => {
    const { keyPackage } = await world.createCandidate('c');
    const removed = await propose(b, removeC);
    expect((await propose(removed, world.signer.proposeAdd(b, keyPackage))).pending).toBe(2);
  });
});

describe('bytes that are no message', () => {
  test.each([
    ['too_large: 64 KiB and one byte', new Uint8Array(MAX_MESSAGE_BYTES + 1), 'too_large'],
    ['malformed: nothing', new Uint8Array(), 'malformed'],
    ['malformed: zeros', new Uint8Array(100), 'malformed'],
    ['malformed: cut off', removeC.slice(0, -1), 'malformed'],
    ['not_canonical: trailing bytes', new Uint8Array([...removeC, 0]), 'not_canonical'],
  ])('%s', async (_, bytes, reason) => {
    expect(await refusal(bytes)).toBe(reason);
  });

  test('not_canonical: a length prefix longer than it needs to be', async () => {
    // Version and wire format take four bytes; then the length of the group's id, in one byte.
    const long = new Uint8Array([...removeC.slice(0, 4), 0x40, removeC[4] ?? 0, ...removeC.slice(5)]);
    expect(await refusal(long)).toBe('not_canonical');
  });

  test('every cut and every changed byte of a proposal is refused', async () => {
    for (let at = 0; at < removeC.length; at += 1) {
      const changed = removeC.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      expect(await refusal(changed), `byte ${at}`).not.toBe('proposed');
      expect(await refusal(removeC.slice(0, at)), `cut at ${at}`).not.toBe('proposed');
    }
  });
});

describe('messages of another kind', () => {
  test('wrong_wire_format: a key package, a welcome', async () => {
    const { keyPackage } = await world.createCandidate('e');
    expect(await refusal(keyPackage)).toBe('wrong_wire_format');
    const welcome = {
      cipherSuite: keyPackageOf(keyPackage).cipherSuite,
      secrets: [],
      encryptedGroupInfo: text('x'),
    };
    expect(await refusal(write({ version: 'mls10', wireformat: 'mls_welcome', welcome }))).toBe(
      'wrong_wire_format',
    );
  });

  test('wrong_wire_format: a private message', async () => {
    const privateMessage = {
      groupId: b.groupId,
      epoch: b.epoch,
      contentType: 'commit' as const,
      authenticatedData: new Uint8Array(),
      encryptedSenderData: text('x'),
      ciphertext: text('y'),
    };
    const message = write({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
    expect(await refusal(message)).toBe('wrong_wire_format');
  });

  test('not_a_commit: a proposal where a commit is expected', async () => {
    expect(await b.handleCommit(removeC)).toEqual({ type: 'refused', reason: 'not_a_commit' });
  });
});

describe('messages of elsewhere', () => {
  test('other_group: a proposal of the same server in another call', async () => {
    const place = { groupId: text('other'), epoch: b.epoch };
    expect(await refusal(world.signer.proposeRemove(place, 2))).toBe('other_group');
  });

  test.each([-1n, 1n])('wrong_epoch: the epoch %i away', async (distance) => {
    const place = { groupId: b.groupId, epoch: b.epoch + distance };
    expect(await refusal(world.signer.proposeRemove(place, 2))).toBe('wrong_epoch');
  });

  test('unexpected_data: a message that carries something along', async () => {
    const message = await proposeAnything(
      b,
      { proposalType: 'remove', remove: { removed: 2 } },
      {
        authenticatedData: text('hello'),
      },
    );
    expect(await refusal(message)).toBe('unexpected_data');
  });
});

describe('proposals that the server did not make', () => {
  test('proposal_not_from_server: a member proposes to remove another', async () => {
    const state = stateOf(a);
    const { publicMessage } = await protectProposalPublic(
      state.signaturePrivateKey,
      state.keySchedule.membershipKey,
      state.groupContext,
      new Uint8Array(),
      { proposalType: 'remove', remove: { removed: c.leaf } },
      a.leaf,
      await loadSuite(),
    );
    const message = write({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
    expect(await refusal(message)).toBe('proposal_not_from_server');
  });

  test('proposal_not_from_server: somebody asks to be let in', async () => {
    const message = alter(addD, (each) => ({
      content: { ...each.content, sender: { senderType: 'new_member_proposal' } },
      auth: each.auth,
      senderType: 'new_member_proposal',
    }));
    expect(await refusal(message)).toBe('proposal_not_from_server');
  });

  test('proposal_not_from_server: a second external sender', async () => {
    const proposal: Proposal = { proposalType: 'remove', remove: { removed: c.leaf } };
    expect(await refusal(await proposeAnything(b, proposal, { senderIndex: 1 }))).toBe(
      'proposal_not_from_server',
    );
  });

  test('bad_signature: another server, with the name of ours', async () => {
    const other = createTestSigner(world.signer.key.identity);
    expect(await refusal(other.proposeRemove(b, c.leaf))).toBe('bad_signature');
  });

  test('bad_signature: a good signature on another proposal', async () => {
    const moved = alter(removeC, (each) => ({ ...each, content: { ...each.content, epoch: b.epoch } }));
    expect(await refusal(moved)).toBe('proposed');
    const message = alter(removeC, (each) => {
      const proposal: Proposal = { proposalType: 'remove', remove: { removed: a.leaf } };
      return { ...each, content: { ...each.content, contentType: 'proposal', proposal } };
    });
    expect(await refusal(message)).toBe('bad_signature');
  });
});

describe('proposals of a kind that calls do not have', () => {
  const pskId = { psktype: 'external', pskId: text('psk'), pskNonce: new Uint8Array(32) } as const;
  const reinit = {
    groupId: text('new'),
    version: 'mls10',
    cipherSuite: stateOf(b).groupContext.cipherSuite,
    extensions: [],
  } as const;
  const cases: readonly Proposal[] = [
    { proposalType: 'update', update: { leafNode: { ...leafNode, leafNodeSource: 'update' } } },
    { proposalType: 'psk', psk: { preSharedKeyId: pskId } },
    { proposalType: 'reinit', reinit: { ...reinit, extensions: [] } },
    { proposalType: 'external_init', externalInit: { kemOutput: new Uint8Array(32) } },
    { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [] } },
    { proposalType: 0xf123, proposalData: text('data') },
  ];

  test.each(cases)('forbidden_proposal: $proposalType', async (proposal) => {
    expect(await refusal(await proposeAnything(b, proposal))).toBe('forbidden_proposal');
  });
});

describe('people who must not be added', () => {
  test('not_on_roster: a device that nobody has signed', async () => {
    const key = await world.engine.createLeafKey();
    const { keyPackage } = await world.engine.createCandidate(key, text('stranger'));
    expect(await refusal(world.signer.proposeAdd(b, keyPackage))).toBe('not_on_roster');
  });

  test('not_on_roster: the name of a device that is on it, with another leaf key', async () => {
    const key = await world.engine.createLeafKey();
    const { keyPackage } = await world.engine.createCandidate(key, text('d'));
    expect(await refusal(world.signer.proposeAdd(b, keyPackage))).toBe('not_on_roster');
  });

  test('duplicate_device: one that is in the call', async () => {
    const { keyPackage } = await world.createCandidate('a');
    expect(await refusal(world.signer.proposeAdd(b, keyPackage))).toBe('duplicate_device');
  });

  test('duplicate_device: one that is about to be added', async () => {
    const { keyPackage } = await world.createCandidate('d');
    const group = await propose(b, addD);
    expect(await refusal(world.signer.proposeAdd(b, keyPackage), group)).toBe('duplicate_device');
  });

  test('duplicate_key: the leaf key of a member, for another device', async () => {
    const key = stateOf(c).ratchetTree[c.leaf * 2];
    if (key?.nodeType !== 'leaf') return expect.fail();
    const keyPackage = keyPackageOf((await world.createCandidate('g')).keyPackage);
    for (const stolen of [{ hpkePublicKey: key.leaf.hpkePublicKey }, { hpkePublicKey: keyPackage.initKey }]) {
      const forged = { ...keyPackage, leafNode: { ...keyPackage.leafNode, ...stolen } };
      const message = await proposeAnything(b, { proposalType: 'add', add: { keyPackage: forged } });
      expect(await refusal(message)).toBe('duplicate_key');
    }
  });

  test('wrong_suite: a key package of another suite', async () => {
    const keyPackage = keyPackageOf((await world.createCandidate('h')).keyPackage);
    const cipherSuite = 'MLS_128_DHKEMP256_AES128GCM_SHA256_P256';
    const message = await proposeAnything(b, {
      proposalType: 'add',
      add: { keyPackage: { ...keyPackage, cipherSuite } },
    });
    expect(await refusal(message)).toBe('wrong_suite');
  });
});

describe('leaves that would be in the way of others', () => {
  const { capabilities } = leafNode;
  test.each([
    ['an extension', { extensions: [{ extensionType: 0xf001, extensionData: new Uint8Array() }] }],
    [
      'another kind of credential only',
      { capabilities: { ...capabilities, credentials: ['x509' as const] } },
    ],
    ['no suite of ours', { capabilities: { ...capabilities, ciphersuites: [] } }],
    ['no version of ours', { capabilities: { ...capabilities, versions: [] } }],
  ])('unsupported_leaf: %s', async (_, changed) => {
    const keyPackage = keyPackageOf((await world.createCandidate('i')).keyPackage);
    const forged = { ...keyPackage, leafNode: { ...keyPackage.leafNode, ...changed } };
    const message = await proposeAnything(b, { proposalType: 'add', add: { keyPackage: forged } });
    expect(await refusal(message)).toBe('unsupported_leaf');
  });
});

describe('removals that cannot be', () => {
  test.each([3, 511, 0xffff_ffff])('no_such_member: leaf %i', async (leaf) => {
    expect(await refusal(world.signer.proposeRemove(b, leaf))).toBe('no_such_member');
  });

  test('repeated_proposal: the same leaf twice', async () => {
    const group = await propose(b, removeC);
    expect(await refusal(world.signer.proposeRemove(b, c.leaf), group)).toBe('repeated_proposal');
  });
});

test('too_many_proposals: one more than an epoch takes', () => {
  const proposal: Proposal = { proposalType: 'remove', remove: { removed: 400 } };
  const checked = checkIncoming(removeC, {
    groupId: b.groupId,
    epoch: b.epoch,
    ownLeaf: b.leaf,
    leaves: new Map(),
    pending: new Map(Array.from({ length: MAX_PENDING }, (_, index) => [String(index), proposal])),
    deviceOf: () => null,
  });
  expect(checked).toEqual({ type: 'refused', reason: 'too_many_proposals' });
});

test('a group without the server as external sender takes no proposals', async () => {
  const other = await createCallWorld();
  const alone = (await createCall(other, ['x'])).get('x');
  if (alone === undefined) return expect.fail();
  const foreign = world.signer.proposeAdd(alone, (await other.createCandidate('y')).keyPackage);
  expect(await refusal(foreign, alone)).toBe('bad_signature');
});
