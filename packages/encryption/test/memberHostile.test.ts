import { createCommit } from 'ts-mls/createCommit.js';
import { protectProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import { describe, expect, test } from 'vitest';
import { type Candidate, createMlsEngine } from '../src/index.ts';
import { createTestSigner } from './testSigner.ts';
import type { HeardKeys } from '../src/member/index.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { type Bench, CALL, createBench, createOther, groupIdOf, identityOf } from './memberBench.ts';
import { alter, alterCommit, keyPackageOf, proposeAnything, stateOf, write } from './mlsAttacks.ts';
import { commit, propose, text } from './mlsFixtures.ts';

/*
 * A delivery service that does what it likes, on a device that is in an epoch of a, b and c: b is attacked. Each attack is refused for
 * its reason, and no key of b is another afterwards. Reasons that bring b out of its group make it ask to be let in again, and
 * nothing leaves it until then.
 */

const at = (epoch: number) => ({ generation: 0, epoch });
const proposed = (proposals: readonly Uint8Array[], from = 0, epoch = 1): HeardKeys => ({
  type: 'proposed',
  ...at(epoch),
  from,
  proposals: proposals.map((bytes) => new Uint8Array(bytes)),
});
const committed = (bytes: Uint8Array, epoch = 1): HeardKeys => ({
  type: 'committed',
  ...at(epoch),
  commit: new Uint8Array(bytes),
});
const place = { groupId: groupIdOf(0), epoch: 1n };

const addOf = async (bench: Bench, candidate: Candidate) =>
  bench.signer.proposeAdd(place, candidate.keyPackage);
const newcomer = async (name = 'd') => (await createOther(name)).candidate();

/** A key package whose credential was made for something else than it is used for. */
async function candidateWith(
  credentialFor: (leafKey: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Candidate> {
  const engine = createMlsEngine(() => Promise.resolve({ userId: 'x', deviceId: 'x' }));
  const key = await engine.createLeafKey();
  return engine.createCandidate(key, await credentialFor(key.publicKey));
}

/** Takes everybody, each as a device of their own. */
function createCarelessEngine() {
  let count = 0;
  return createMlsEngine(() => {
    count += 1;
    return Promise.resolve({ userId: 'x', deviceId: `x ${count}` });
  });
}

interface Attack {
  readonly name: string;
  readonly reason: string;
  /** What is heard before it, all of it good. */
  readonly before?: (bench: Bench) => Promise<readonly HeardKeys[]>;
  readonly make: (bench: Bench) => Promise<readonly HeardKeys[]>;
}

const removeC = (bench: Bench) => bench.signer.proposeRemove(bench.a, 2);
const goodRemoval = async (bench: Bench) => [await bench.proposed([removeC(bench)])];

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

/** b has been removed and asks to be let in again, into the group at epoch 2. */
async function startWaiting() {
  const bench = await createBench();
  const atOne = bench.a;
  await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 1)]));
  await bench.hearAll((await bench.committed()).event);
  const { request, said } = bench.last('join_keys');
  const { signatureKey: senderKey } = bench.signer.key;
  const answer = { type: 'joined', request, generation: 0, role: 'wait', senderKey } as const;
  return { bench, atOne, keyPackage: said.keyPackage, answer };
}

type Waiting = Awaited<ReturnType<typeof startWaiting>>;
type Group = Waiting['atOne'];

async function welcomeFrom(
  group: Group,
  keyPackage: Uint8Array,
  signer: Bench['signer'],
): Promise<Uint8Array<ArrayBuffer>> {
  const { welcome } = await commit(await propose(group, signer.proposeAdd(group, keyPackage)));
  return welcome ?? expect.fail('nobody is welcome');
}
const welcome = (bytes: Uint8Array, epoch = 3, generation = 0): HeardKeys => ({
  type: 'welcome',
  generation,
  epoch,
  welcome: new Uint8Array(bytes),
});

/** A group that somebody made who is not what they say, to which b is welcomed. */
async function foreignWelcome(
  { keyPackage }: Waiting,
  signer: Bench['signer'],
  groupId: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const x = await createOther('x');
  const group = await x.engine.createGroup(await x.candidate(), groupId, signer.key);
  return welcomeFrom(group, keyPackage, signer);
}

const WELCOMES: readonly {
  readonly name: string;
  readonly reason: string;
  readonly isWaiting?: true;
  readonly make: (waiting: Waiting) => Promise<HeardKeys>;
}[] = [
  {
    name: 'the welcome of somebody else',
    reason: 'not_for_us',
    isWaiting: true,
    make: async ({ bench }) =>
      welcome(await welcomeFrom(bench.a, (await newcomer()).keyPackage, bench.signer)),
  },
  {
    name: 'a welcome to the key package of before',
    reason: 'not_for_us',
    isWaiting: true,
    make: async ({ bench, atOne }) => {
      const first = bench.said[0]?.said;
      if (first?.type !== 'join_keys') return expect.fail();
      const x = await createOther('x');
      const alone = await x.engine.createGroup(await x.candidate(), atOne.groupId, bench.signer.key);
      return welcome(await welcomeFrom(alone, first.keyPackage, bench.signer));
    },
  },
  {
    name: 'a welcome of another generation',
    reason: 'other_generation',
    isWaiting: true,
    make: async ({ bench, keyPackage }) =>
      welcome(await welcomeFrom(bench.a, keyPackage, bench.signer), 3, 1),
  },
  {
    name: 'a welcome into another generation, under the name of this one',
    reason: 'other_group',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, groupIdOf(1)), 1),
  },
  {
    name: 'a welcome into another call',
    reason: 'other_group',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, text('other 0')), 1),
  },
  {
    name: 'a welcome into a group of another server',
    reason: 'foreign_sender',
    make: async (waiting) =>
      welcome(await foreignWelcome(waiting, createTestSigner(text('server')), groupIdOf(0)), 1),
  },
  {
    name: 'a welcome into an epoch that it has been in',
    reason: 'old_epoch',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, groupIdOf(0)), 1),
  },
  {
    name: 'a welcome said to be of another epoch than it is',
    reason: 'old_epoch',
    make: async ({ bench, keyPackage }) => welcome(await welcomeFrom(bench.a, keyPackage, bench.signer), 4),
  },
  {
    name: 'a welcome into a group with somebody in it who has no credential',
    reason: 'bad_leaf',
    make: async ({ bench, keyPackage }) => {
      const engine = createCarelessEngine();
      const candidate = await engine.createCandidate(await engine.createLeafKey(), text('x'));
      const group = await engine.createGroup(candidate, groupIdOf(0), bench.signer.key);
      return welcome(await welcomeFrom(group, keyPackage, bench.signer), 1);
    },
  },
  {
    name: 'a welcome into a group with a device in it twice',
    reason: 'duplicate_device',
    make: async ({ bench, keyPackage }) => {
      const identity = await identityOf('x');
      const engine = createCarelessEngine();
      const twin = async () => {
        const key = await engine.createLeafKey();
        return engine.createCandidate(key, await identity.certify(key.publicKey, text(CALL)));
      };
      const group = await engine.createGroup(await twin(), groupIdOf(0), bench.signer.key);
      const second = bench.signer.proposeAdd(group, (await twin()).keyPackage);
      return welcome(await welcomeFrom(await propose(group, second), keyPackage, bench.signer), 1);
    },
  },
  {
    name: 'a welcome that is cut off',
    reason: 'malformed',
    make: async ({ bench, keyPackage }) =>
      welcome((await welcomeFrom(bench.a, keyPackage, bench.signer)).slice(0, -1)),
  },
  {
    name: 'a commit for a welcome',
    reason: 'not_a_welcome',
    make: async ({ bench }) => welcome(bench.signer.proposeRemove(bench.a, 2)),
  },
];

describe('on the way in', () => {
  test.each(WELCOMES)('$name: $reason', async ({ reason, isWaiting, make }) => {
    const waiting = await startWaiting();
    const { bench, answer, keyPackage } = waiting;
    const keys = bench.keysNow();
    await bench.hearAll(answer, await make(waiting));
    expect(bench.ignored).toEqual([reason]);
    expect([bench.keysNow(), bench.given.at(-1)?.what]).toEqual([keys, 'stop']);
    if (isWaiting === undefined) {
      await bench.pass(250);
      expect(bench.said).toHaveLength(3);
    } else {
      await bench.hearAll(welcome(await welcomeFrom(bench.a, keyPackage, bench.signer)));
      expect(bench.reports.at(-1)).toMatchObject({ epoch: 3 });
    }
  });

  test('a rollback: b is let into what became of the group without the last epochs: old_epoch', async () => {
    const bench = await createBench();
    const { keyPackage: first } = await newcomer();
    const old = await propose(bench.a, bench.signer.proposeRemove(bench.a, 1));
    for (const name of ['e', 'f']) {
      await bench.hearAll(
        await bench.proposed([
          bench.signer.proposeAdd(bench.a, name === 'e' ? first : (await newcomer(name)).keyPackage),
        ]),
      );
      await bench.hearAll((await bench.committed()).event);
    }
    expect(bench.reports.at(-1)).toMatchObject({ epoch: 3 });
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 1)]));
    await bench.hearAll((await bench.committed()).event);
    const keys = bench.keysNow();
    const { request, said } = bench.last('join_keys');
    const { signatureKey: senderKey } = bench.signer.key;
    await bench.hearAll(
      { type: 'joined', request, generation: 0, role: 'wait', senderKey },
      welcome(await welcomeFrom(old, said.keyPackage, bench.signer), 2),
    );
    expect([bench.ignored, bench.keysNow()]).toEqual([['old_epoch'], keys]);
  });

  test.each([
    ['create', 0, 'old_generation'],
    ['wait', -1, 'old_generation'],
  ] as const)(
    'an answer that makes it %s in a generation that it has had: %s',
    async (role, distance, reason) => {
      const bench = await createBench(['c'], { generation: 5 });
      await bench.hearAll({ type: 'reset', generation: 6 });
      const keys = bench.keysNow();
      const { request } = bench.last('join_keys');
      const { signatureKey: senderKey } = bench.signer.key;
      await bench.hearAll({ type: 'joined', request, generation: 5 + distance, role, senderKey });
      expect([bench.ignored, bench.keysNow()]).toEqual([[reason], keys]);
    },
  );

  test('a key of the server that is none: bad_sender_key', async () => {
    const { bench, answer } = await startWaiting();
    await bench.hearAll({ ...answer, senderKey: new Uint8Array(31) });
    expect(bench.ignored).toEqual(['bad_sender_key']);
  });

  test('answers to what was not asked are nothing', async () => {
    const { bench, answer } = await startWaiting();
    const keys = bench.keysNow();
    await bench.hearAll(
      { ...answer, request: 1 },
      { ...answer, request: 99, role: 'create' },
      { type: 'refused', request: 1, reason: 'failed' },
      { type: 'accepted', request: answer.request },
    );
    expect([bench.keysNow(), bench.said.length]).toEqual([keys, 2]);
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
