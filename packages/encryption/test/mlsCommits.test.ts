import { createCommit } from 'ts-mls/createCommit.js';
import { describe, expect, test } from 'vitest';
import { loadSuite } from '../src/mls/suite.ts';
import { alter, alterCommit, createScene, keyPackageOf, stateOf, write } from './mlsAttacks.ts';
import { commit, propose, text } from './mlsFixtures.ts';

const { world, a, b, c } = await createScene();
const removeC = world.signer.proposeRemove(a, c.leaf);
const addC = world.signer.proposeAdd(a, (await world.createCandidate('c')).keyPackage);
const addD = world.signer.proposeAdd(a, (await world.createCandidate('d')).keyPackage);

/** Both have the same proposals; a commits, b is attacked. */
const atA = await propose(await propose(await propose(a, removeC), addC), addD);
const atB = await propose(await propose(await propose(b, removeC), addC), addD);
const good = (await commit(atA)).message;

const refusal = async (message: Uint8Array, group = atB): Promise<string> => {
  const result = await group.handleCommit(message);
  return result.type === 'refused' ? result.reason : result.type;
};

/** What a member commits that leaves out of its proposals what it likes. */
async function commitOnly(isKept: (type: string | number) => boolean): Promise<Uint8Array> {
  const state = stateOf(atA);
  const kept = Object.entries(state.unappliedProposals).filter(([, { proposal }]) =>
    isKept(proposal.proposalType),
  );
  const result = await createCommit(
    { state: { ...state, unappliedProposals: Object.fromEntries(kept) }, cipherSuite: await loadSuite() },
    { wireAsPublicMessage: true },
  );
  return write(result.commit);
}

test('the commit that the attacks are made from is a good one', async () => {
  expect(await refusal(good)).toBe('committed');
});

describe('who commits', () => {
  test('external_commit: somebody who is not in the call', async () => {
    const message = alter(good, (each) => ({
      content: { ...each.content, sender: { senderType: 'new_member_commit' } },
      auth: each.auth,
      senderType: 'new_member_commit',
    }));
    expect(await refusal(message)).toBe('external_commit');
  });

  test('external_commit: the server', async () => {
    const message = alter(good, (each) => ({
      content: { ...each.content, sender: { senderType: 'external', senderIndex: 0 } },
      auth: each.auth,
      senderType: 'external',
    }));
    expect(await refusal(message)).toBe('external_commit');
  });

  test('own_commit: what we sent ourselves comes back as if it were somebody else’s', async () => {
    expect(await refusal((await commit(atB)).message)).toBe('own_commit');
  });

  test.each([3, 300])('no_such_member: leaf %i, where nobody is', async (leafIndex) => {
    const message = alterCommit(good, () => ({ sender: { senderType: 'member', leafIndex } }));
    expect(await refusal(message)).toBe('no_such_member');
  });

  test('committer_removed: who is being removed, in its own name', async () => {
    const message = alterCommit(good, () => ({ sender: { senderType: 'member', leafIndex: c.leaf } }));
    expect(await refusal(message)).toBe('committer_removed');
    const own = await propose(c, removeC);
    expect(await own.commit()).toEqual({ type: 'refused', reason: 'committer_removed' });
  });

  test('invalid: one member in the name of another', async () => {
    const scene = await createScene();
    const { keyPackage } = await scene.world.createCandidate('d');
    const add = scene.world.signer.proposeAdd(scene.b, keyPackage);
    const { message } = await commit(await propose(scene.b, add));
    const atOther = await propose(scene.c, add);
    expect(await refusal(message, atOther)).toBe('committed');
    const forged = alterCommit(message, () => ({
      sender: { senderType: 'member', leafIndex: scene.a.leaf },
    }));
    expect(await refusal(forged, atOther)).toBe('invalid');
  });
});

describe('what is committed', () => {
  test('inline_proposal: a member brings somebody in by itself', async () => {
    const keyPackage = keyPackageOf((await world.createCandidate('e')).keyPackage);
    const result = await createCommit(
      { state: stateOf(a), cipherSuite: await loadSuite() },
      { wireAsPublicMessage: true, extraProposals: [{ proposalType: 'add', add: { keyPackage } }] },
    );
    expect(await refusal(write(result.commit), b)).toBe('inline_proposal');
  });

  test('inline_proposal: hidden behind good references', async () => {
    const message = alterCommit(good, ({ commit: { proposals, path } }) => ({
      commit: {
        proposals: [
          ...proposals,
          { proposalOrRefType: 'proposal', proposal: { proposalType: 'remove', remove: { removed: 0 } } },
        ],
        path,
      },
    }));
    expect(await refusal(message)).toBe('inline_proposal');
  });

  test('unknown_proposal: what the server has not shown us', async () => {
    expect(await refusal(good, await propose(b, removeC))).toBe('unknown_proposal');
    expect(await refusal(good, b)).toBe('unknown_proposal');
  });

  test('repeated_proposal: the same reference twice', async () => {
    const message = alterCommit(good, ({ commit: { proposals, path } }) => ({
      commit: { proposals: [...proposals, ...proposals.slice(0, 1)], path },
    }));
    expect(await refusal(message)).toBe('repeated_proposal');
  });

  test('empty_commit: nothing but a new key of the committer', async () => {
    expect(await refusal(await commitOnly(() => false))).toBe('empty_commit');
  });

  test('duplicate_device: the removal is left out, and the device is added a second time', async () => {
    const message = await commitOnly((type) => type === 'add');
    expect(await refusal(message)).toBe('duplicate_device');
  });

  test('nothing_to_commit: there is no commit without proposals', async () => {
    expect(await a.commit()).toEqual({ type: 'refused', reason: 'nothing_to_commit' });
  });

  test('not_a_proposal: a commit where a proposal is expected', async () => {
    expect(await atB.handleProposal(good)).toEqual({ type: 'refused', reason: 'not_a_proposal' });
  });
});

describe('the path of a commit', () => {
  test('commit_without_path: a removal after which the removed could go on reading', async () => {
    const message = alterCommit(good, ({ commit: { proposals } }) => ({
      commit: { proposals, path: undefined },
    }));
    expect(await refusal(message)).toBe('commit_without_path');
  });

  test.each([
    ['another name', { credential: { credentialType: 'basic' as const, identity: text('b') } }],
    ['another leaf key', { signaturePublicKey: new Uint8Array(32) }],
    ['another kind of credential', { credential: { credentialType: 'x509' as const, certificates: [] } }],
  ])('changed_identity: the committer takes %s', async (_, stolen) => {
    const message = alterCommit(good, ({ commit: { proposals, path } }) => ({
      commit: { proposals, path: path && { ...path, leafNode: { ...path.leafNode, ...stolen } } },
    }));
    expect(await refusal(message)).toBe('changed_identity');
  });

  test('unsupported_leaf: the committer says that it cannot do what others need', async () => {
    const message = alterCommit(good, ({ commit: { proposals, path } }) => {
      if (path === undefined) return expect.fail();
      const capabilities = { ...path.leafNode.capabilities, credentials: [] };
      return { commit: { proposals, path: { ...path, leafNode: { ...path.leafNode, capabilities } } } };
    });
    expect(await refusal(message)).toBe('unsupported_leaf');
  });

  test('invalid: keys of the path are exchanged', async () => {
    const message = alterCommit(good, ({ commit: { proposals, path } }) => ({
      commit: {
        proposals,
        path: path && {
          ...path,
          nodes: path.nodes.map((node) => ({ ...node, hpkePublicKey: new Uint8Array(32).fill(9) })),
        },
      },
    }));
    expect(await refusal(message)).toBe('invalid');
  });
});

describe('when and where', () => {
  test('wrong_epoch: a commit that was taken already', async () => {
    const result = await atB.handleCommit(good);
    if (result.type !== 'committed') return expect.fail();
    expect(await refusal(good, result.group)).toBe('wrong_epoch');
  });

  test('other_group: a commit of another call', async () => {
    expect(await refusal(alterCommit(good, () => ({ groupId: text('other') })))).toBe('other_group');
  });

  test('unexpected_data: a commit that carries something along', async () => {
    expect(await refusal(alterCommit(good, () => ({ authenticatedData: text('x') })))).toBe(
      'unexpected_data',
    );
  });

  test('every changed byte of a commit is refused', async () => {
    for (let at = 0; at < good.length; at += 7) {
      const changed = good.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(await refusal(changed), `byte ${at}`).not.toBe('committed');
    }
  });

  test('whatever was refused has changed nothing', async () => {
    expect([atB.epoch, atB.pending]).toEqual([b.epoch, 3]);
    expect(await refusal(good)).toBe('committed');
  });
});

describe('who is removed', () => {
  test('is told, also where its leaf is given to somebody else at once', async () => {
    const atC = await propose(await propose(await propose(c, removeC), addC), addD);
    expect(await atC.handleCommit(good)).toEqual({ type: 'removed' });
  });

  test('is not told so by somebody who is no member', async () => {
    const atC = await propose(await propose(await propose(c, removeC), addC), addD);
    const forged = alter(good, (each) => ({
      ...each,
      auth: { ...each.auth, signature: new Uint8Array(64) },
    }));
    expect(await atC.handleCommit(forged)).toEqual({ type: 'refused', reason: 'invalid' });
  });
});
