import { createCommit } from 'ts-mls/createCommit.js';
import { protectProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import { describe, expect, test } from 'vitest';
import { createTestSigner } from './testSigner.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { CALL, createBench, createOther, groupIdOf, identityOf } from './memberBench.ts';
import { alter, alterCommit, keyPackageOf, proposeAnything, stateOf, write } from './mlsAttacks.ts';
import { commit, text } from './mlsFixtures.ts';
import {
  type Attack,
  at,
  addOf,
  candidateWith,
  committed,
  goodRemoval,
  newcomer,
  place,
  proposed,
  removeC,
} from './memberAttacks.ts';

/*
 * A delivery service that does what it likes, on a device that is in an epoch of a, b and c: b is attacked. Each attack is refused for
 * its reason, and no key of b is another afterwards. Reasons that bring b out of its group make it ask to be let in again, and
 * nothing leaves it until then.
 */

/** Refused, and b goes on where it is. */
const STAYS: readonly Attack[] = [
  {
    name: 'a proposal again, as if it were a new one',
    reason: 'repeated_proposal',
    before: goodRemoval,
    make: async (bench) => [proposed([removeC(bench)], 1)],
  },
  {
    name: 'another proposal in the place of one',
    reason: 'changed_proposal',
    before: goodRemoval,
    make: async (bench) => [proposed([await addOf(bench, await newcomer())])],
  },
  {
    name: 'a proposal withheld, and the next one shown',
    reason: 'missing',
    make: async (bench) => [proposed([removeC(bench)], 1)],
  },
  {
    name: 'a proposal of somebody else than the server',
    reason: 'bad_signature',
    make: async (bench) => [proposed([createTestSigner(bench.signer.key.identity).proposeRemove(place, 2)])],
  },
  {
    name: 'a proposal of a member',
    reason: 'proposal_not_from_server',
    make: async (bench) => {
      const state = stateOf(bench.a);
      const { publicMessage } = await protectProposalPublic(
        state.signaturePrivateKey,
        state.keySchedule.membershipKey,
        state.groupContext,
        new Uint8Array(),
        { proposalType: 'remove', remove: { removed: 2 } },
        bench.a.leaf,
        await loadSuite(),
      );
      return [proposed([write({ version: 'mls10', wireformat: 'mls_public_message', publicMessage })])];
    },
  },
  {
    name: 'a proposal of another call',
    reason: 'other_group',
    make: async (bench) => [
      proposed([bench.signer.proposeRemove({ groupId: text('other 0'), epoch: 1n }, 2)]),
    ],
  },
  {
    name: 'a proposal of another generation of this call, under the name of this one',
    reason: 'other_group',
    make: async (bench) => [proposed([bench.signer.proposeRemove({ groupId: groupIdOf(1), epoch: 1n }, 2)])],
  },
  {
    name: 'a proposal of an earlier epoch',
    reason: 'out_of_date',
    make: async (bench) => [proposed([bench.signer.proposeRemove({ ...place, epoch: 0n }, 2)], 0, 0)],
  },
  {
    name: 'a proposal of an earlier epoch, under the name of this one',
    reason: 'wrong_epoch',
    make: async (bench) => [proposed([bench.signer.proposeRemove({ ...place, epoch: 0n }, 2)])],
  },
  {
    name: 'a proposal of a kind that calls do not have',
    reason: 'forbidden_proposal',
    make: async (bench) => [
      proposed([
        await proposeAnything(bench.a, {
          proposalType: 'group_context_extensions',
          groupContextExtensions: { extensions: [] },
        }),
      ]),
    ],
  },
  {
    name: 'a credential of somebody with a leaf key of somebody else',
    reason: 'not_on_roster',
    make: async (bench) => {
      const [d, e] = [await identityOf('d'), await createOther('e')];
      const other = await e.engine.createLeafKey();
      const swapped = await candidateWith(() => d.certify(other.publicKey, text(CALL)));
      return [proposed([await addOf(bench, swapped)])];
    },
  },
  {
    name: 'a credential that was made for another call',
    reason: 'not_on_roster',
    make: async (bench) => {
      const d = await identityOf('d');
      const moved = await candidateWith((leafKey) => d.certify(leafKey, text('other call')));
      return [proposed([await addOf(bench, moved)])];
    },
  },
  {
    name: 'the name of another user written over that of the credential',
    reason: 'not_on_roster',
    make: async (bench) => {
      const d = await identityOf('d');
      const renamed = await candidateWith(async (leafKey) => {
        const credential = await d.certify(leafKey, text(CALL));
        // The user is 'user of d': its last letter.
        credential[10] = 'c'.charCodeAt(0);
        return credential;
      });
      return [proposed([await addOf(bench, renamed)])];
    },
  },
  {
    name: 'a second leaf of a device that is in',
    reason: 'duplicate_device',
    make: async (bench) => [proposed([await addOf(bench, await newcomer('c'))])],
  },
  {
    name: 'a ghost of the device itself',
    reason: 'duplicate_device',
    make: async (bench) => [proposed([await addOf(bench, await newcomer('b'))])],
  },
  {
    name: 'a removal of a leaf that is free',
    reason: 'no_such_member',
    make: async (bench) => [proposed([bench.signer.proposeRemove(place, 5)])],
  },
  {
    name: 'bytes that are no message, where a proposal should be',
    reason: 'malformed',
    make: () => Promise.resolve([proposed([new Uint8Array([1, 2, 3])])]),
  },
  {
    name: 'a proposal with bytes behind it',
    reason: 'not_canonical',
    make: async (bench) => [proposed([new Uint8Array([...removeC(bench), 0])])],
  },
  {
    name: 'more than an epoch takes',
    reason: 'too_many_proposals',
    make: async (bench) => {
      const good = removeC(bench);
      const bad = Array.from({ length: 128 }, () => new Uint8Array([1]));
      return [proposed([...bad, good])];
    },
  },
  {
    name: 'a welcome to who is in',
    reason: 'not_waiting',
    make: () => Promise.resolve([{ type: 'welcome', ...at(2), welcome: new Uint8Array([1]) }]),
  },
  {
    name: 'a reset to the generation that it is in',
    reason: 'out_of_date',
    make: () => Promise.resolve([{ type: 'reset', generation: 0 }]),
  },
];

/** b cannot follow, and asks to join again. */
const LEAVES: readonly Attack[] = [
  {
    name: 'a commit that lets somebody in by itself',
    reason: 'inline_proposal',
    make: async (bench) => {
      const { keyPackage } = await newcomer();
      const result = await createCommit(
        { state: stateOf(bench.a), cipherSuite: await loadSuite() },
        {
          wireAsPublicMessage: true,
          extraProposals: [{ proposalType: 'add', add: { keyPackage: keyPackageOf(keyPackage) } }],
        },
      );
      return [committed(write(result.commit))];
    },
  },
  {
    name: 'a commit whose proposals were withheld',
    reason: 'unknown_proposal',
    make: async (bench) => {
      await bench.proposed([removeC(bench)]);
      return [(await bench.committed()).event];
    },
  },
  {
    name: 'a commit with a signature of nobody',
    reason: 'invalid',
    before: goodRemoval,
    make: async (bench) => [
      committed(
        alter((await bench.committed()).commit, (each) => ({
          ...each,
          auth: { ...each.auth, signature: new Uint8Array(64) },
        })),
      ),
    ],
  },
  {
    name: 'a commit of one in the name of another',
    reason: 'invalid',
    before: async (bench) => [await bench.proposed([await addOf(bench, await newcomer())])],
    make: async (bench) => [
      committed(
        alterCommit((await bench.committed()).commit, () => ({
          sender: { senderType: 'member', leafIndex: 2 },
        })),
      ),
    ],
  },
  {
    name: 'a commit of the server',
    reason: 'external_commit',
    before: goodRemoval,
    make: async (bench) => [
      committed(
        alter((await bench.committed()).commit, (each) => ({
          content: { ...each.content, sender: { senderType: 'external', senderIndex: 0 } },
          auth: each.auth,
          senderType: 'external',
        })),
      ),
    ],
  },
  {
    name: 'a commit of who is being removed',
    reason: 'committer_removed',
    before: goodRemoval,
    make: async (bench) => [
      committed(
        alterCommit((await bench.committed()).commit, () => ({
          sender: { senderType: 'member', leafIndex: 2 },
        })),
      ),
    ],
  },
  {
    name: 'a removal without new secrets, which who is removed could follow',
    reason: 'commit_without_path',
    before: goodRemoval,
    make: async (bench) => [
      committed(
        alterCommit((await bench.committed()).commit, ({ commit: { proposals } }) => ({
          commit: { proposals, path: undefined },
        })),
      ),
    ],
  },
  {
    name: 'a commit of nothing',
    reason: 'empty_commit',
    before: goodRemoval,
    make: async (bench) => [
      committed(
        alterCommit((await bench.committed()).commit, ({ commit: { path } }) => ({
          commit: { proposals: [], path },
        })),
      ),
    ],
  },
  {
    name: 'a commit of another call',
    reason: 'other_group',
    before: goodRemoval,
    make: async (bench) => [
      committed(alterCommit((await bench.committed()).commit, () => ({ groupId: text('other 0') }))),
    ],
  },
  {
    name: 'a commit of an earlier epoch, under the name of this one',
    reason: 'wrong_epoch',
    before: goodRemoval,
    make: async (bench) => [committed(alterCommit((await bench.committed()).commit, () => ({ epoch: 0n })))],
  },
  {
    name: 'commits in another order',
    reason: 'ahead',
    before: goodRemoval,
    make: async (bench) => {
      const first = await bench.committed();
      await bench.proposed([bench.signer.proposeAdd(bench.a, (await newcomer()).keyPackage)]);
      return [(await bench.committed()).event, first.event];
    },
  },
  {
    name: 'a commit of a generation that is not there yet',
    reason: 'ahead',
    before: goodRemoval,
    make: async (bench) => [
      { type: 'committed', generation: 1, epoch: 0, commit: (await bench.committed()).commit },
    ],
  },
  {
    name: 'its own commit, changed on the way',
    reason: 'own_commit',
    before: async (bench) => [await bench.proposed([bench.signer.proposeRemove(bench.a, 0)])],
    make: (bench) => {
      const own = bench.last('commit_keys').said.commit;
      const changed = alter(own, (each) => ({
        ...each,
        auth: { ...each.auth, signature: new Uint8Array(64) },
      }));
      return Promise.resolve([committed(changed)]);
    },
  },
];

async function start({ before, make, reason }: Attack) {
  const bench = await createBench();
  if (before !== undefined) await bench.hearAll(...(await before(bench)));
  expect(bench.ignored).toEqual([]);
  const keys = bench.keysNow();
  await bench.hearAll(...(await make(bench)));
  expect(bench.ignored).toContain(reason);
  expect(bench.keysNow()).toBe(keys);
  return bench;
}

describe('refused, and it goes on', () => {
  test.each(STAYS)('$name: $reason', async (attack) => {
    const bench = await start(attack);
    expect(bench.given.map(({ what }) => what)).not.toContain('stop');
    expect(bench.reports).toHaveLength(1);
    // What the server means honestly is still followed.
    const messages = bench.a.pending > 0 ? [] : [removeC(bench)];
    const honest = await bench.proposed(messages);
    if (messages.length > 0) await bench.hearAll(honest);
    await bench.hearAll((await bench.committed()).event);
    expect(bench.reports.at(-1)?.authenticator).toEqual(bench.a.epochAuthenticator);
  });
});

describe('refused, and it asks to join anew', () => {
  test.each(LEAVES)('$name: $reason', async (attack) => {
    const bench = await start(attack);
    expect(bench.said.at(-1)?.said.type).toBe('join_keys');
    expect([bench.reports.at(-1), bench.given.at(-1)?.what]).toEqual([null, 'stop']);
  });
});

test('a removed member that is raised from its old key package: not_on_roster', async () => {
  const bench = await createBench();
  const d = await newcomer();
  await bench.hearAll(await bench.proposed([await addOf(bench, d)]));
  await bench.hearAll((await bench.committed()).event);
  await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 3)]));
  await bench.hearAll((await bench.committed()).event);
  const keys = bench.keysNow();
  await bench.hearAll(proposed([bench.signer.proposeAdd(bench.a, d.keyPackage)], 0, 3));
  expect([bench.ignored, bench.keysNow()]).toEqual([['not_on_roster'], keys]);
});

test('two commits of one epoch: the first is followed, the second is not: out_of_date', async () => {
  const bench = await createBench();
  await bench.hearAll(...(await goodRemoval(bench)));
  const second = await commit(bench.a);
  await bench.hearAll((await bench.committed()).event);
  const keys = bench.keysNow();
  await bench.hearAll(committed(second.message));
  expect([bench.ignored, bench.keysNow()]).toEqual([['out_of_date'], keys]);
});

test('another device of a user who is in is no attack', async () => {
  const bench = await createBench();
  const identity = await identityOf('d');
  const renamed = await candidateWith((leafKey) => identity.certify(leafKey, text(CALL)));
  await bench.hearAll(await bench.proposed([await addOf(bench, renamed)]));
  await bench.hearAll((await bench.committed()).event);
  expect([bench.ignored, bench.reports.at(-1)?.members.length]).toEqual([[], 4]);
});
